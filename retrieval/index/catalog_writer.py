"""The catalog as a refresh writes it: what it compares with, stages, publishes and clears."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple, Self

from retrieval.corpus.origins import Origin
from retrieval.corpus.scan import File, Stamp
from retrieval.index.row_embedding import SlicedArticle
from retrieval.index.story_clusters import StoryClusters
from retrieval.stores.catalog import SHOWN, Catalog, spans_in
from retrieval.stores.database import FILE_NAME, CatalogDatabase, Value, catalog_errors, connect, create_tables
from retrieval.types import Passage

_ORPHANED = f"(segment IS NULL AND NOT {SHOWN.format('articles')})"
_PENDING = f"(segment IS NULL AND {SHOWN.format('articles')})"
_FACTS = tuple(field.name for field in fields(File) if field.name != "stamp")  # columns of a file, beside its stamp's

_OF_ORIGIN = ("path", "url", "fetched", "sha256", "written")


class Segment(NamedTuple):
    """A sealed part of the vectors: how many rows it was made with, and how many are still held."""

    segment: int
    size: int
    live: int


class CatalogWriter(Catalog):
    """The catalog of one index folder, for the one process that writes it."""

    @classmethod
    def create(cls, folder: Path, build_config: Mapping[str, str]) -> Self:
        """Make the catalog of a folder, whole or not at all; it shows nothing before a first `publish`."""
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{FILE_NAME}.new"
        draft.write_bytes(b"")
        with catalog_errors(folder), closing(connect(draft)) as connection:
            create_tables(connection)
            database = CatalogDatabase(folder, connection)
            database.set_fact("made with", json.dumps(dict(build_config), ensure_ascii=False))
            database.set_fact("generation", "0")
            database.rows("PRAGMA journal_mode = WAL")  # readers go on while one process writes
        draft.replace(folder / FILE_NAME)
        return cls(folder)

    def segments(self) -> list[Segment]:
        """Return the sealed parts of the vectors, oldest first."""
        rows = self.rows(
            "SELECT segment, size, (SELECT coalesce(sum(rows), 0) FROM articles"
            " WHERE articles.segment = segments.segment) AS live FROM segments WHERE sealed ORDER BY segment"
        )
        return [Segment(**row) for row in rows]

    @property
    def overrides_text(self) -> str | None:
        """Return what `articles.toml` said at the last refresh, as JSON."""
        return self.fact("overrides")

    def files(self) -> dict[str, File]:
        """Return the files as the last refresh found them, by path."""
        return {row["path"]: _file(row) for row in self.rows("SELECT * FROM files")}

    def is_tidy(self) -> bool:
        """Tell whether the last refresh came to its end, and left nothing that no file stands for."""
        return not self.number(f"SELECT EXISTS (SELECT 1 FROM articles WHERE {_ORPHANED})")

    def holds(self, article_id: str) -> bool:
        """Tell whether an article is here, shown or staged."""
        return bool(self.number("SELECT EXISTS (SELECT 1 FROM articles WHERE article_id = :id)", id=article_id))

    def new_segment(self) -> int:
        """Return the number of a new segment, not sealed."""
        with self.transaction():
            return self.number("INSERT INTO segments DEFAULT VALUES RETURNING segment")

    def stage(self, articles: Sequence[SlicedArticle]) -> None:
        """Write down articles, which nobody is shown yet, before their passages go to the words."""
        with self.transaction():
            self.insert("articles", map(_article_row, articles))
            self.insert("passages", (_passage_row(passage) for one in articles for passage in one.passages))

    def pending(self) -> dict[str, int]:
        """Return the ids of the articles that are shown without vectors, with the rows that each makes."""
        return self.pairs(f"SELECT article_id, rows FROM articles WHERE {_PENDING} ORDER BY rowid")

    def rows_to_hold(self) -> int:
        """Return how many rows the articles make that are shown."""
        return self.number(f"SELECT coalesce(sum(rows), 0) FROM articles WHERE {SHOWN.format('articles')}")

    def sliced(self, article_ids: Collection[str]) -> list[SlicedArticle]:
        """Return articles with all that their rows are made of, those that are still shown."""
        asked = "article_id IN (SELECT value FROM json_each(:ids))"
        self.hold()  # others may hide articles meanwhile
        try:
            slices = self.pairs(f"SELECT article_id, slices FROM articles WHERE {asked}", ids=article_ids)
            return [
                SlicedArticle(article, self.passages_of(article.article_id), spans_in(slices[article.article_id]))
                for article in self._articles(f"WHERE {asked} GROUP BY article_id", ids=article_ids)
            ]
        finally:
            self.release()

    def seal(self, segment: int, size: int, article_ids: Collection[str], dimensions: int | None) -> None:
        """Show readers the vectors of some articles, which a segment holds durably; note how long they are."""
        with self.transaction():
            if dimensions:
                self.set_fact("dimensions", str(dimensions))
            self._mark_sealed(segment, size)
            self.rows(
                "UPDATE articles SET segment = :segment WHERE article_id IN (SELECT value FROM json_each(:ids))"
                f" AND {SHOWN.format('articles')}",  # some may have been hidden meanwhile
                segment=segment,
                ids=article_ids,
            )
            self._next_generation()

    def drop_unsealed(self) -> None:
        """Forget the segments that were never sealed; no other process may be writing one."""
        with self.transaction():
            self.rows("DELETE FROM segments WHERE NOT sealed")

    def lose(self, segments: Collection[int]) -> int:
        """Write down that the vectors of some segments are gone; return how many rows are to be made again."""
        among = "segment IN (SELECT value FROM json_each(:lost))"
        with self.transaction():
            rows = self.number(f"SELECT coalesce(sum(rows), 0) FROM articles WHERE {among}", lost=segments)
            self.rows(f"UPDATE articles SET segment = NULL WHERE {among}", lost=segments)
            self._drop_empty_segments()
            self._next_generation()
            return rows

    def record_unchanged(self, files: Iterable[File]) -> None:
        """Write down what was seen of files that stand for what they stood for; nobody reads anything new."""
        with self.transaction():
            self._write(files)

    @property
    def origins_digest(self) -> str | None:
        """Return the digest of what was noted of the files' origins at the last refresh."""
        return self.fact("origins")

    def publish(
        self,
        files: Iterable[File],
        gone: Iterable[str],
        overrides_text: str,
        origins: Iterable[Origin] = (),
        origins_digest: str = "",
    ) -> None:
        """Show readers the new state, all at once: files that are new or read again, and paths that are gone.

        The origins are those of all files, also of those that are as they were.
        """
        files, gone = list(files), list(gone)
        with self.transaction():
            paths = [*gone, *(file.path for file in files)]
            before = self._articles_at(paths)
            self.rows("DELETE FROM files WHERE path IN (SELECT value FROM json_each(:gone))", gone=gone)
            self._write(files)
            StoryClusters(self).update(before, self._articles_at(paths))
            self.rows(  # only these may have lost their last file: the archive is large
                "UPDATE articles SET segment = NULL WHERE article_id IN (SELECT value FROM json_each(:before))"
                f" AND NOT {SHOWN.format('articles')}",
                before=list(before.values()),
            )
            self._drop_empty_segments()  # in the same step, so that a generation's segments are there as long as it is
            self.set_fact("overrides", overrides_text)
            self._write_origins(origins, origins_digest)
            self._next_generation()

    def orphans(self) -> list[str]:
        """Return the ids of the articles that are to be removed from the words, then forgotten."""
        return self.column(f"SELECT article_id FROM articles WHERE {_ORPHANED}")

    def delete_orphans(self) -> None:
        """Drop the orphans."""
        with self.transaction():
            self.rows(f"DELETE FROM articles WHERE {_ORPHANED}")

    def merge(self, segments: Sequence[int], into: int, size: int) -> None:
        """Let one segment take the place of others; readers go over to it."""
        with self.transaction():
            among = "segment IN (SELECT value FROM json_each(:old))"
            self._mark_sealed(into, size)
            self.rows(f"UPDATE articles SET segment = :new WHERE {among}", new=into, old=segments)
            self.rows(f"DELETE FROM segments WHERE {among}", old=segments)
            self._next_generation()

    def held_in(self, segment: int) -> dict[str, int]:
        """Return the ids of the articles whose vectors a segment holds, with the rows of each."""
        asked = "SELECT article_id, rows FROM articles WHERE segment = :segment ORDER BY rowid"
        return self.pairs(asked, segment=segment)

    def _write(self, files: Iterable[File]) -> None:
        rows = ({**file.stamp._asdict(), **{name: getattr(file, name) for name in _FACTS}} for file in files)
        self.insert("files", rows, replacing=True)

    def _write_origins(self, origins: Iterable[Origin], digest: str) -> None:
        """Write down where files came from, what has changed of it alone: most archives grow by a few a day."""
        after = {origin.path: {name: getattr(origin, name) for name in _OF_ORIGIN} for origin in origins}
        before = {row["path"]: dict(row) for row in self.rows("SELECT * FROM origins")}
        gone = before.keys() - after.keys()
        self.rows("DELETE FROM origins WHERE path IN (SELECT value FROM json_each(:gone))", gone=gone)
        self.insert("origins", [row for path, row in after.items() if before.get(path) != row], replacing=True)
        self.set_fact("origins", digest)

    def _articles_at(self, paths: Sequence[str]) -> dict[str, str]:
        """Return the ids of the articles that the files at some paths stand for, by path."""
        return self.pairs(
            "SELECT path, article_id FROM files"
            " WHERE path IN (SELECT value FROM json_each(:paths)) AND article_id IS NOT NULL",
            paths=paths,
        )

    def _mark_sealed(self, segment: int, size: int) -> None:
        self.rows("UPDATE segments SET sealed = 1, size = :size WHERE segment = :segment", size=size, segment=segment)

    def _drop_empty_segments(self) -> None:
        self.rows(
            "DELETE FROM segments WHERE sealed AND NOT EXISTS (SELECT 1 FROM articles WHERE segment = segments.segment)"
        )

    def _next_generation(self) -> None:
        self.rows("UPDATE facts SET value = value + 1 WHERE name = 'generation'")


def _file(row: sqlite3.Row) -> File:
    return File(stamp=Stamp(*(row[name] for name in Stamp._fields)), **{name: row[name] for name in _FACTS})


def _article_row(one: SlicedArticle) -> dict[str, Value]:
    article, passages, slices = one
    own = {"article_id": article.article_id, "body": json.dumps(article.body), "text": article.text}
    return {
        **own,
        "text_sha256": article.text_sha256,
        "passages": len(passages),
        "rows": len(slices),
        "slices": json.dumps(slices),
    }


def _passage_row(passage: Passage) -> dict[str, Value]:
    own = {"passage_id": passage.passage_id, "article_id": passage.article_id, "text": passage.text}
    return {**own, "start": passage.start, "stop": passage.end}
