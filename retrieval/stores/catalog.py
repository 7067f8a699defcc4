"""Which articles the index holds: files, texts, passages and the generation, in one SQLite file.

Readers trust nobody else: what the words or the vectors find counts only if the catalog shows it, and the
catalog shows an article exactly as long as a file stands for it. An article without a segment has no vectors: it is
pending where it is shown, and else an orphan, on its way out or in, and to be cleared from the words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Self

from retrieval.errors import SanadError, UnknownArticleError
from retrieval.search.filters import ArticleFacts
from retrieval.stores.database import CatalogDatabase, Values, connect_in_memory
from retrieval.stores.recovery_hints import damaged
from retrieval.types import Article, Failure, Passage, Span, StoryMember, article_id_in, span_in

_ARTICLES = """
SELECT
    article_id, min(path) AS path, text, body, title, source, author, published, dated, encoding, format,
    url, fetched, sha256, text_sha256
FROM sourced_files JOIN articles USING (article_id)
"""  # beside min(), SQLite gives the other columns of the row that has the minimum
_PASSAGES = 'SELECT article_id, start, stop AS "end", text FROM passages'
SHOWN = "EXISTS (SELECT 1 FROM files WHERE files.article_id = {}.article_id)"
SHORTEST_PREFIX = 4  # hex digits of an article's id that may stand for it


class Catalog(CatalogDatabase):
    """The catalog of one index folder, as readers see it."""

    def __init__(self, folder: Path, connection: sqlite3.Connection | None = None) -> None:
        """Open the catalog of a folder that has one.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        super().__init__(folder, connection)
        try:
            self.build_config: dict[str, str] = json.loads(self.fact("made with") or "")
        except ValueError as error:
            self.close()
            raise damaged("The catalog", folder, error) from error
        except SanadError:
            self.close()
            raise

    @classmethod
    def empty(cls, folder: Path) -> Self:
        """Return what a folder's catalog shows before there is one: nothing."""
        connection = connect_in_memory()
        connection.execute("INSERT INTO facts (name, value) VALUES ('made with', '{}')")
        return cls(folder, connection)

    def hold(self) -> int:
        """Keep what readers see as it is now, until `release`; return the generation."""
        with self._lock:
            self.rows("BEGIN")
            return self.generation  # only a first look takes hold

    def release(self) -> None:
        """See again what any process writes."""
        with self._lock:
            if self._connection.in_transaction:
                self.rows("COMMIT")

    @property
    def generation(self) -> int:
        """Return how often what readers see has changed; 0 before a first refresh is complete."""
        return int(self.fact("generation") or 0)

    @property
    def dimensions(self) -> int | None:
        """Return how long the vectors are; None before there are any."""
        return int(self.fact("dimensions") or 0) or None

    def articles(self) -> list[Article]:
        """Return the articles, sorted by path."""
        return self._articles("GROUP BY article_id ORDER BY min(path)")

    def newest(self, limit: int, offset: int = 0, within: Collection[str] | None = None) -> list[Article]:
        """Return the articles that were published last, the newest first, those without a date last, then by path.

        Of all, or of those with some ids, from a place on.
        """
        ordered = (
            "GROUP BY article_id ORDER BY published IS NULL, published DESC, min(path) LIMIT :limit OFFSET :offset"
        )
        if within is None:
            return self._articles(ordered, limit=limit, offset=offset)
        among = "WHERE article_id IN (SELECT value FROM json_each(:ids))"
        return self._articles(f"{among} {ordered}", limit=limit, offset=offset, ids=within)

    def article(self, article_id: str) -> Article | None:
        """Return the article with that id, or None."""
        return next(iter(self._articles("WHERE article_id = :wanted GROUP BY article_id", wanted=article_id)), None)

    def article_at(self, path: str) -> Article | None:
        """Return the article that a file stands for, with what is known of that file; None where it stands for none."""
        return next(iter(self._articles("WHERE path = :wanted GROUP BY path", wanted=path)), None)

    def _articles(self, which: str, **values: Values) -> list[Article]:
        return [_article(row) for row in self.rows(f"{_ARTICLES} {which}", **values)]

    def article_facts(self) -> list[ArticleFacts]:
        """Return what each article states of its day and its source."""
        rows = self.rows(
            "SELECT article_id, published, dated, source, min(path) FROM files"
            " WHERE article_id IS NOT NULL GROUP BY article_id"
        )
        return [ArticleFacts(row["article_id"], row["published"], row["dated"], row["source"]) for row in rows]

    def article_ids(self) -> list[str]:
        """Return the ids of the articles."""
        return self.column("SELECT DISTINCT article_id FROM files WHERE article_id IS NOT NULL")

    def paths(self, limit: int = -1) -> list[tuple[str, str]]:
        """Return the path and the article id of each file, or the first, that stands for an article, sorted by path."""
        rows = self.rows(
            "SELECT path, article_id FROM files WHERE article_id IS NOT NULL ORDER BY path LIMIT :limit", limit=limit
        )
        return [(row["path"], row["article_id"]) for row in rows]

    def passages(self, ids: Collection[str]) -> dict[str, Passage]:
        """Return the passages with those ids; what is not shown is absent."""
        asked = f"WHERE passage_id IN (SELECT value FROM json_each(:ids)) AND {SHOWN.format('passages')}"
        found = (Passage(**row) for row in self.rows(f"{_PASSAGES} {asked}", ids=ids))
        return {passage.passage_id: passage for passage in found}

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in its order; of one that is not shown, none."""
        asked = f"WHERE article_id = :article_id AND {SHOWN.format('passages')} ORDER BY start"
        return [Passage(**row) for row in self.rows(f"{_PASSAGES} {asked}", article_id=article_id)]

    def passages_holding(self, row_ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages in which the slices with those ids begin, by these ids; what is not shown is absent."""
        asked = json.dumps([(own, article_id_in(own), span_in(own).start) for own in row_ids])
        own, article_id, start = (f"json_extract(asked.value, '$[{place}]')" for place in range(3))
        latest = f"SELECT rowid FROM passages WHERE article_id = {article_id} AND start <= {start}"
        rows = self.rows(
            f"SELECT {own} AS own, article_id, start, stop, text FROM json_each(:asked) AS asked JOIN passages"
            f" ON passages.rowid = ({latest} ORDER BY start DESC LIMIT 1) WHERE {SHOWN.format('passages')}",
            asked=asked,
        )
        return {row["own"]: Passage(row["article_id"], row["start"], row["stop"], row["text"]) for row in rows}

    def rows_of(self, article_ids: Iterable[str]) -> dict[int, list[str]]:
        """Return the ids of the vectors' rows that some articles have, by segment."""
        found: dict[int, list[str]] = {}
        for row in self.rows(
            "SELECT article_id, segment, slices FROM articles JOIN segments USING (segment)"
            " WHERE sealed AND article_id IN (SELECT value FROM json_each(:ids))",
            ids=list(article_ids),
        ):
            found.setdefault(row["segment"], []).extend(_row_ids(row))
        return found

    def row_count(self) -> int:
        """Return how many rows the vectors have, with those of articles that have gone since."""
        return self.number("SELECT coalesce(sum(size), 0) FROM segments WHERE sealed")

    def pending_count(self) -> int:
        """Return how many articles are shown and have no vectors yet."""
        return self.number(f"SELECT count(*) FROM articles WHERE segment IS NULL AND {SHOWN.format('articles')}")

    def members(self, ids: Iterable[str]) -> dict[str, StoryMember]:
        """Return those of some articles that tell a story with others."""
        return self._members("article_id IN (SELECT value FROM json_each(:asked))", list(ids))

    def story(self, story: int) -> list[StoryMember]:
        """Return all articles that tell a story, the earliest first."""
        return sorted(self._members("story = :asked", story).values(), key=lambda member: member.seniority)

    def copies_of(self, article_id: str) -> list[StoryMember]:
        """Return the other articles that tell the story of an article, the earliest first."""
        own = self.members([article_id]).get(article_id)
        return [copy for copy in self.story(own.story) if copy != own] if own else []

    def _members(self, which: str, asked: int | Collection[str]) -> dict[str, StoryMember]:
        rows = self.rows(
            "SELECT article_id, story, min(path) AS path, source, published FROM stories JOIN files USING (article_id)"
            f" WHERE {which} GROUP BY article_id",
            asked=asked,
        )
        return {row["article_id"]: StoryMember(**row) for row in rows}

    def passage_counts(self) -> dict[str, int]:
        """Return how many passages each article has, by id."""
        return self.pairs(f"SELECT article_id, passages FROM articles WHERE {SHOWN.format('articles')}")

    def article_count(self) -> int:
        """Return how many articles are shown."""
        return self.number("SELECT count(DISTINCT article_id) FROM files")

    def passage_count(self) -> int:
        """Return how many passages are shown."""
        shown = SHOWN.format("articles")
        return self.number(f"SELECT coalesce(sum(passages), 0) FROM articles WHERE {shown}")

    @property
    def is_empty(self) -> bool:
        """Tell whether no article is shown."""
        return self.article_count() == 0

    def failures(self) -> list[Failure]:
        """Return the files that stand for no article and why, sorted by path."""
        rows = self.rows("SELECT path, reason FROM files WHERE reason IS NOT NULL ORDER BY path")
        return [Failure(**row) for row in rows]

    def sealed(self) -> list[int]:
        """Return the numbers of the sealed segments, oldest first."""
        return self.column("SELECT segment FROM segments WHERE sealed ORDER BY segment")


def _row_ids(row: sqlite3.Row) -> list[str]:
    return [f"{row['article_id']}:{start}-{end}" for start, end in spans_in(row["slices"])]


def spans_in(written: str) -> tuple[Span, ...]:
    """Return the slices of an article that the catalog holds as JSON."""
    return tuple(Span(*span) for span in json.loads(written))


def _article(row: sqlite3.Row) -> Article:
    return Article(**{**row, "body": spans_in(row["body"])})


def resolve_reference(reference: str, paths: Sequence[tuple[str, str]]) -> str:
    """Return the id of the article that a reference names, given all paths with their articles' ids, sorted.

    >>> resolve_reference("2", [("a.txt", "cafe01"), ("b/c.txt", "beef02")])
    'beef02'
    >>> resolve_reference("c.txt", [("b/c.txt", "beef02")])
    'beef02'

    Raises:
        UnknownArticleError: it names none, or several.
    """
    ids = list(dict.fromkeys(article_id for _, article_id in paths))
    if reference.isdecimal() and len(reference) < 10 and 1 <= int(reference) <= len(ids):
        return ids[int(reference) - 1]
    prefix = reference.lower() if len(reference) >= SHORTEST_PREFIX else None
    readings = (
        {article_id for path, article_id in paths if path == reference},
        {article_id for article_id in ids if prefix and article_id.startswith(prefix)},
        {article_id for path, article_id in paths if path.rpartition("/")[2] == reference},
    )
    named = next((reading for reading in readings if reading), set())
    if len(named) == 1:
        return named.pop()
    problem = f"{len(named)} articles go by {reference!r}" if named else f"No article goes by {reference!r}"
    raise UnknownArticleError(f"{problem}. List them with their numbers, ids and paths: sanad articles")
