"""The catalog as a refresh writes it: what it compares with, stages, publishes and clears; one process at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import NamedTuple, Self

from retrieval.corpus.scan import File, Stamp
from retrieval.index.story_clusters import StoryClusters
from retrieval.stores.catalog import SHOWN, Catalog
from retrieval.stores.schema import FILE_NAME, TABLES, connect, translated
from retrieval.types import Article, Passage

_REMNANT = "(segment IS NULL OR segment IN (SELECT segment FROM segments WHERE NOT sealed))"

_MARKS = ", ".join("?" * (len(fields(File)) - 1 + len(Stamp._fields)))  # of a row of the files


class Segment(NamedTuple):
    """A sealed part of the vectors: how many passages it was made with, and how many are still held."""

    segment: int
    size: int
    live: int


class CatalogWriter(Catalog):
    """The catalog of one index folder, for the one process that writes it."""

    @classmethod
    def create(cls, folder: Path, made_with: Mapping[str, str]) -> Self:
        """Make the catalog of a folder, whole or not at all; it shows nothing before a first `publish`."""
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{FILE_NAME}.new"
        draft.write_bytes(b"")
        facts = {"made with": json.dumps(dict(made_with), ensure_ascii=False), "generation": "0"}
        with translated(folder), closing(connect(draft)) as connection:
            connection.executescript(TABLES)
            connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            connection.execute("PRAGMA journal_mode = WAL")  # readers go on while one process writes
        draft.replace(folder / FILE_NAME)
        return cls(folder)

    def segments(self) -> list[Segment]:
        """Return the sealed parts of the vectors, oldest first."""
        rows = self._rows(
            "SELECT segment, size, (SELECT coalesce(sum(passages), 0) FROM articles"
            " WHERE articles.segment = segments.segment) FROM segments WHERE sealed ORDER BY segment"
        )
        return [Segment(*row) for row in rows]

    @property
    def overrides_digest(self) -> str | None:
        """Return the digest of what `articles.toml` said at the last refresh."""
        return self._fact("overrides")

    def files(self) -> dict[str, File]:
        """Return the files as the last refresh found them, by path."""
        rows = self._rows("SELECT * FROM files")
        return {path: File(path, Stamp(size, mtime, ctime), *rest) for path, size, mtime, ctime, *rest in rows}

    def is_tidy(self) -> bool:
        """Tell whether the last refresh came to its end, and left nothing that no file stands for."""
        return not self._unpublished() and not self._number(
            "SELECT EXISTS (SELECT 1 FROM articles WHERE segment IS NULL)"
            " OR EXISTS (SELECT 1 FROM segments WHERE NOT sealed)"
        )

    def holds(self, article_id: str) -> bool:
        """Tell whether an article is here, shown or staged."""
        return bool(self._number("SELECT EXISTS (SELECT 1 FROM articles WHERE article_id = ?)", article_id))

    def new_segment(self) -> int:
        """Return the number of a new segment, not sealed."""
        with self._transaction():
            return self._number("INSERT INTO segments DEFAULT VALUES RETURNING segment")

    def stage(self, segment: int, articles: Iterable[tuple[Article, Sequence[Passage]]]) -> None:
        """Write down articles, which nobody is shown yet, before their passages go to the other stores."""
        with self._transaction():
            for article, passages in articles:
                held = article.article_id, segment, len(passages), json.dumps(article.body), article.text
                self._rows("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", *held)
                rows = ((passage.passage_id, *astuple(passage)) for passage in passages)
                self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", rows)

    def seal(self, segment: int, size: int, dimensions: int | None = None) -> None:
        """Write down that a segment is complete in the other stores, and how long its vectors are, if that is known."""
        with self._transaction():
            if dimensions:
                self._rows("INSERT OR REPLACE INTO facts VALUES ('dimensions', ?)", str(dimensions))
            self._rows("UPDATE segments SET sealed = 1, size = ? WHERE segment = ?", size, segment)
            waiting = json.dumps([*self._unpublished(), segment])
            self._rows("INSERT OR REPLACE INTO facts VALUES ('unpublished', ?)", waiting)

    def touch(self, files: Iterable[File]) -> None:
        """Write down what was seen of files that stand for what they stood for; nobody reads anything new."""
        with self._transaction():
            self._write(files)

    def publish(self, files: Iterable[File], gone: Iterable[str], overrides_digest: str | None) -> None:
        """Show readers the new state, all at once: files that are new or read again, and paths that are gone."""
        files, gone = list(files), list(gone)
        with self._transaction():
            paths = [*gone, *(file.path for file in files)]
            displaced = self._standing_at(paths)
            self._connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
            self._write(files)
            StoryClusters(self._connection).update(displaced, self._standing_at(paths))
            self._rows(  # only these may have lost their last file, or never got one: the archive is large
                "UPDATE articles SET segment = NULL WHERE (article_id IN (SELECT value FROM json_each(?))"
                f" OR segment IN (SELECT value FROM json_each(?))) AND NOT {SHOWN.format('articles')}",
                json.dumps(list(displaced.values())),
                json.dumps(self._unpublished()),
            )
            self._rows("DELETE FROM facts WHERE name = 'unpublished'")
            self._drop_empty_segments()  # in the same step, so that a generation's segments are there as long as it is
            self._rows("INSERT OR REPLACE INTO facts VALUES ('overrides', ?)", overrides_digest or "")
            self._next_generation()

    def remnants(self) -> list[str]:
        """Return the ids of the articles that are to be removed from the words, then forgotten."""
        return [article_id for (article_id,) in self._rows(f"SELECT article_id FROM articles WHERE {_REMNANT}")]

    def forget_remnants(self) -> None:
        """Drop the remnants, and with them the segments that were never sealed."""
        with self._transaction():
            self._rows(f"DELETE FROM articles WHERE {_REMNANT}")
            self._drop_empty_segments()

    def merge(self, segments: Sequence[int], into: int, size: int) -> None:
        """Let one segment take the place of others; readers go over to it."""
        with self._transaction():
            replaced, among = json.dumps(segments), "segment IN (SELECT value FROM json_each(?))"
            self._rows("UPDATE segments SET sealed = 1, size = ? WHERE segment = ?", size, into)
            self._rows(f"UPDATE articles SET segment = ? WHERE {among}", into, replaced)
            self._rows(f"DELETE FROM segments WHERE {among}", replaced)
            self._next_generation()

    def passage_ids_in(self, segment: int) -> list[str]:
        """Return the ids of the passages that are held of a segment."""
        rows = self._rows(
            "SELECT passage_id FROM articles JOIN passages USING (article_id) WHERE segment = ? ORDER BY passage_id",
            segment,
        )
        return [passage_id for (passage_id,) in rows]

    def _write(self, files: Iterable[File]) -> None:
        rows = ((file.path, *file.stamp, *astuple(file)[2:]) for file in files)
        self._connection.executemany(f"INSERT OR REPLACE INTO files VALUES ({_MARKS})", rows)

    def _standing_at(self, paths: Sequence[str]) -> dict[str, str]:
        """Return the ids of the articles that the files at some paths stand for, by path."""
        return dict(
            self._rows(
                "SELECT path, article_id FROM files"
                " WHERE path IN (SELECT value FROM json_each(?)) AND article_id IS NOT NULL",
                json.dumps(paths),
            )
        )

    def _unpublished(self) -> list[int]:
        """Return the segments that were sealed since readers were last shown anything new."""
        segments: list[int] = json.loads(self._fact("unpublished") or "[]")
        return segments

    def _drop_empty_segments(self) -> None:
        self._rows("DELETE FROM segments WHERE NOT EXISTS (SELECT 1 FROM articles WHERE segment = segments.segment)")

    def _next_generation(self) -> None:
        self._rows("UPDATE facts SET value = value + 1 WHERE name = 'generation'")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Make all that is written inside one step, or none of it."""
        with self._lock, translated(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
