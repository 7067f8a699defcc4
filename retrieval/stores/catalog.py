"""Which articles the index holds: files, texts, passages and the generation, in one SQLite file.

Readers trust nobody else: what the words or the vectors find counts only if the catalog shows it, and the
catalog shows an article exactly as long as a file stands for it. Articles without a segment, and those of
a segment that is not sealed, are remnants: on their way out or in, and to be cleared from the words.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from retrieval.errors import SanadError
from retrieval.search.filters import ArticleFacts
from retrieval.stores.recovery_hints import damaged
from retrieval.stores.schema import FILE_NAME, connect, translated
from retrieval.types import Article, Failure, Passage, Span, StoryMember

_ARTICLES = """
SELECT article_id, min(path), text, body, title, source, author, published, dated, encoding, format
FROM files JOIN articles USING (article_id)
"""  # beside min(), SQLite gives the other columns of the row that has the minimum
SHOWN = "EXISTS (SELECT 1 FROM files WHERE files.article_id = {}.article_id)"


class Catalog:
    """The catalog of one index folder; usable from several threads, one statement at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the catalog of a folder that has one.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        self.folder = folder
        self._lock = threading.RLock()
        with translated(folder):
            self._connection = connect(folder / FILE_NAME)
        try:
            self.made_with: dict[str, str] = json.loads(self._fact("made with") or "")
        except ValueError as error:
            self.close()
            raise damaged("The catalog", folder, error) from error
        except SanadError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def hold(self) -> int:
        """Keep what readers see as it is now, until `release`; return the generation."""
        with self._lock:
            self._rows("BEGIN")
            return self.generation  # only a first look takes hold

    def release(self) -> None:
        """See again what any process writes."""
        with self._lock:
            if self._connection.in_transaction:
                self._rows("COMMIT")

    # What readers see.

    @property
    def generation(self) -> int:
        """Return how often what readers see has changed; 0 before a first refresh is complete."""
        return int(self._fact("generation") or 0)

    @property
    def dimensions(self) -> int | None:
        """Return how long the vectors are; None before there are any."""
        return int(self._fact("dimensions") or 0) or None

    def articles(self) -> list[Article]:
        """Return the articles, sorted by path."""
        return [_article(*row) for row in self._rows(f"{_ARTICLES} GROUP BY article_id ORDER BY min(path)")]

    def newest(self, limit: int) -> list[Article]:
        """Return the articles that were published last, the newest first, those without a date last, then by path."""
        ordered = "ORDER BY published IS NULL, published DESC, min(path) LIMIT ?"
        return [_article(*row) for row in self._rows(f"{_ARTICLES} GROUP BY article_id {ordered}", limit)]

    def article(self, article_id: str) -> Article | None:
        """Return the article with that id, or None."""
        rows = self._rows(f"{_ARTICLES} WHERE article_id = ? GROUP BY article_id", article_id)
        return _article(*rows[0]) if rows else None

    def article_at(self, path: str) -> Article | None:
        """Return the article that a file stands for, with what is known of that file; None where it stands for none."""
        rows = self._rows(f"{_ARTICLES} WHERE path = ? GROUP BY path", path)
        return _article(*rows[0]) if rows else None

    def held(self) -> list[ArticleFacts]:
        """Return what each article states of its day and its source."""
        rows = self._rows(
            "SELECT article_id, published, dated, source, min(path) FROM files"
            " WHERE article_id IS NOT NULL GROUP BY article_id"
        )
        return [ArticleFacts(*row[:-1]) for row in rows]

    def passage_ids_of(self, article_ids: Iterable[str]) -> list[str]:
        """Return the ids of the passages of some articles."""
        rows = self._rows(
            "SELECT passage_id FROM passages WHERE article_id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(article_ids)),
        )
        return [passage_id for (passage_id,) in rows]

    def paths(self, limit: int = -1) -> list[tuple[str, str]]:
        """Return the path and the article id of each file, or the first, that stands for an article, sorted by path."""
        return self._rows(
            "SELECT path, article_id FROM files WHERE article_id IS NOT NULL ORDER BY path LIMIT ?", limit
        )

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with those ids; what is not shown is absent."""
        rows = self._rows(
            "SELECT article_id, start, stop, text FROM passages"
            f" WHERE passage_id IN (SELECT value FROM json_each(?)) AND {SHOWN.format('passages')}",
            json.dumps(ids),
        )
        return {passage.passage_id: passage for passage in (Passage(*row) for row in rows)}

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in its order; of one that is not shown, none."""
        rows = self._rows(
            "SELECT article_id, start, stop, text FROM passages"
            f" WHERE article_id = ? AND {SHOWN.format('passages')} ORDER BY start",
            article_id,
        )
        return [Passage(*row) for row in rows]

    def members(self, ids: Iterable[str]) -> dict[str, StoryMember]:
        """Return those of some articles that tell a story with others."""
        return self._members("article_id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))

    def story(self, story: int) -> list[StoryMember]:
        """Return all articles that tell a story, the earliest first."""
        return sorted(self._members("story = ?", story).values(), key=lambda member: member.seniority)

    def _members(self, which: str, value: str | int) -> dict[str, StoryMember]:
        rows = self._rows(
            "SELECT article_id, story, min(path), source, published FROM stories JOIN files USING (article_id)"
            f" WHERE {which} GROUP BY article_id",
            value,
        )
        return {row[0]: StoryMember(*row) for row in rows}

    def passage_counts(self) -> dict[str, int]:
        """Return how many passages each article has, by id."""
        return dict(self._rows(f"SELECT article_id, passages FROM articles WHERE {SHOWN.format('articles')}"))

    def article_count(self) -> int:
        """Return how many articles are shown."""
        return self._number("SELECT count(DISTINCT article_id) FROM files")

    def passage_count(self) -> int:
        """Return how many passages are shown."""
        return self._number(f"SELECT coalesce(sum(passages), 0) FROM articles WHERE {SHOWN.format('articles')}")

    def failures(self) -> list[Failure]:
        """Return the files that stand for no article and why, sorted by path."""
        rows = self._rows("SELECT path, reason FROM files WHERE reason IS NOT NULL ORDER BY path")
        return [Failure(*row) for row in rows]

    def sealed(self) -> list[int]:
        """Return the numbers of the sealed segments, oldest first."""
        return [segment for (segment,) in self._rows("SELECT segment FROM segments WHERE sealed ORDER BY segment")]

    def _fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def _number(self, statement: str, *values: str | int) -> int:
        return int(self._rows(statement, *values)[0][0])

    def _rows(self, statement: str, *values: str | int | None) -> list[Any]:
        with self._lock, translated(self.folder):
            return self._connection.execute(statement, values).fetchall()


def _article(article_id: str, path: str, text: str, body: str, *facts: str | None) -> Article:
    return Article(article_id, path, text, tuple(Span(*span) for span in json.loads(body)), *facts)
