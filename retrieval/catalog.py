"""Which articles the index holds: files, texts, passages and the generation, in one SQLite file.

Readers trust nobody else: what the words or the vectors find counts only if the catalog shows it, and the
catalog shows an article exactly as long as a file stands for it. Articles without a segment, and those of
a segment that is not sealed, are remnants: on their way out or in, and to be cleared from the words.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.changes import File, Stamp
from retrieval.errors import IndexBusyError, IndexDamagedError, SanadError, SettingsError
from retrieval.types import Article, Failure, Passage, Span

CATALOG_VERSION = 1  # of the tables below; another one makes an index rebuild itself
FILE_NAME = "catalog.sqlite"
BUSY_SECONDS = 10.0  # how long SQLite waits for a transaction of another process

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    segment INTEGER PRIMARY KEY AUTOINCREMENT,  -- no number is given twice
    size INTEGER NOT NULL DEFAULT 0,            -- passages, with those of articles that have gone since
    sealed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY,
    segment INTEGER REFERENCES segments,
    body TEXT NOT NULL,                         -- JSON: [[start, end], ...]
    text TEXT NOT NULL
);
CREATE INDEX articles_by_segment ON articles (segment);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_id, start);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    read_ns INTEGER NOT NULL,
    digest TEXT,
    article_id TEXT REFERENCES articles,
    reason TEXT,
    title TEXT,
    source TEXT,
    author TEXT,
    published TEXT
);
CREATE INDEX files_by_article ON files (article_id, path);
"""
_ARTICLES = """
SELECT article_id, min(path), text, body, title, source, author, published
FROM files JOIN articles USING (article_id)
"""  # beside min(), SQLite gives the other columns of the row that has the minimum
_SHOWN = "EXISTS (SELECT 1 FROM files WHERE files.article_id = {}.article_id)"
_REMNANT = "(segment IS NULL OR segment IN (SELECT segment FROM segments WHERE NOT sealed))"


class Segment(NamedTuple):
    """A sealed part of the vectors: how many passages it was made with, and how many are still held."""

    segment: int
    size: int
    live: int


def damaged(what: str, folder: Path, error: object) -> IndexDamagedError:
    """Return the error that says what cannot be read, which folder to delete, and what to run then."""
    return IndexDamagedError(f"{what} cannot be read ({error}). Delete the folder {folder} and run: sanad index")


@contextmanager
def advised(folder: Path) -> Iterator[None]:
    """Add what to do about it where the words or the vectors of an index cannot be read."""
    try:
        yield
    except IndexDamagedError as error:
        raise IndexDamagedError(f"{error} Delete the folder {folder} and run: sanad index") from error
    except ValueError as error:  # the only error that tantivy raises
        raise damaged("The word index", folder, error) from error


def unusable(folder: Path, error: OSError) -> SettingsError:
    """Return the error that says why a folder can be neither read nor written, and what to do."""
    return SettingsError(
        f"The data folder {folder} cannot be used ({error.strerror}). "
        "Allow reading and writing it, or name another folder: SANAD_DATA_DIR=FOLDER"
    )


def disk_full(folder: Path) -> SanadError:
    """Return the error that says which disk is full."""
    return SanadError(
        f"The disk that holds {folder} is full. Free some space, or name another folder with SANAD_DATA_DIR, "
        "and run: sanad index"
    )


class Catalog:
    """The catalog of one index folder; usable from several threads, one statement at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the catalog of a folder that has one.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        self.folder = folder
        self._lock = threading.RLock()
        with _translated(folder):
            self._connection = _connect(folder / FILE_NAME)
        try:
            self.made_with: dict[str, str] = json.loads(self._fact("made with") or "")
        except ValueError as error:
            self.close()
            raise damaged("The catalog", folder, error) from error
        except SanadError:
            self.close()
            raise

    @classmethod
    def create(cls, folder: Path, made_with: Mapping[str, str]) -> Catalog:
        """Make the catalog of a folder, whole or not at all; it shows nothing before a first `publish`."""
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{FILE_NAME}.new"
        draft.write_bytes(b"")
        facts = {"made with": json.dumps(dict(made_with), ensure_ascii=False), "generation": "0"}
        with _translated(folder), closing(_connect(draft)) as connection:
            connection.executescript(_TABLES)
            connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            connection.execute("PRAGMA journal_mode = WAL")  # readers go on while one process writes
        draft.replace(folder / FILE_NAME)
        return cls(folder)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # What readers see.

    @property
    def generation(self) -> int:
        """Return how often what readers see has changed; 0 before a first refresh is complete."""
        return int(self._fact("generation") or 0)

    def articles(self) -> list[Article]:
        """Return the articles, sorted by path."""
        return [_article(*row) for row in self._rows(f"{_ARTICLES} GROUP BY article_id ORDER BY min(path)")]

    def article(self, article_id: str) -> Article | None:
        """Return the article with that id, or None."""
        rows = self._rows(f"{_ARTICLES} WHERE article_id = ? GROUP BY article_id", article_id)
        return _article(*rows[0]) if rows else None

    def paths(self) -> list[tuple[str, str]]:
        """Return the path and the article id of each file that stands for an article, sorted by path."""
        return self._rows("SELECT path, article_id FROM files WHERE article_id IS NOT NULL ORDER BY path")

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with those ids; what is not shown is absent."""
        rows = self._rows(
            "SELECT article_id, start, stop, text FROM passages"
            f" WHERE passage_id IN (SELECT value FROM json_each(?)) AND {_SHOWN.format('passages')}",
            json.dumps(ids),
        )
        return {passage.passage_id: passage for passage in (Passage(*row) for row in rows)}

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in its order; of one that is not shown, none."""
        rows = self._rows(
            "SELECT article_id, start, stop, text FROM passages"
            f" WHERE article_id = ? AND {_SHOWN.format('passages')} ORDER BY start",
            article_id,
        )
        return [Passage(*row) for row in rows]

    def article_count(self) -> int:
        """Return how many articles are shown."""
        return self._number("SELECT count(DISTINCT article_id) FROM files")

    def passage_count(self) -> int:
        """Return how many passages are shown."""
        return self._number(f"SELECT count(*) FROM passages WHERE {_SHOWN.format('passages')}")

    def duplicates(self) -> list[str]:
        """Return the paths whose text stands under an earlier path too, sorted."""
        rows = self._rows(
            "SELECT path FROM files AS this WHERE EXISTS (SELECT 1 FROM files"
            " WHERE files.article_id = this.article_id AND files.path < this.path) ORDER BY path"
        )
        return [path for (path,) in rows]

    def failures(self) -> list[Failure]:
        """Return the files that stand for no article and why, sorted by path."""
        rows = self._rows("SELECT path, reason FROM files WHERE article_id IS NULL ORDER BY path")
        return [Failure(*row) for row in rows]

    def segments(self) -> list[Segment]:
        """Return the sealed parts of the vectors, oldest first."""
        rows = self._rows(
            "SELECT segment, size, (SELECT count(*) FROM articles JOIN passages USING (article_id)"
            " WHERE articles.segment = segments.segment) FROM segments WHERE sealed ORDER BY segment"
        )
        return [Segment(*row) for row in rows]

    def sealed(self) -> list[int]:
        """Return the numbers of the sealed segments, oldest first."""
        return [segment for (segment,) in self._rows("SELECT segment FROM segments WHERE sealed ORDER BY segment")]

    # What a refresh compares with, and what it writes: one process at a time.

    @property
    def overrides_digest(self) -> str | None:
        """Return the digest of what `articles.toml` said at the last refresh."""
        return self._fact("overrides")

    @property
    def dimensions(self) -> int | None:
        """Return how long the vectors are; None before there are any."""
        return int(self._fact("dimensions") or 0) or None

    def files(self) -> dict[str, File]:
        """Return the files as the last refresh found them, by path."""
        rows = self._rows("SELECT * FROM files")
        return {path: File(path, Stamp(size, mtime, ctime), *rest) for path, size, mtime, ctime, *rest in rows}

    def is_tidy(self) -> bool:
        """Tell whether the last refresh came to its end, and left nothing that no file stands for."""
        return not self._number(
            f"SELECT EXISTS (SELECT 1 FROM articles WHERE {_REMNANT} OR NOT {_SHOWN.format('articles')})"
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
                body = json.dumps(article.body)
                self._rows("INSERT INTO articles VALUES (?, ?, ?, ?)", article.article_id, segment, body, article.text)
                rows = ((passage.passage_id, *astuple(passage)) for passage in passages)
                self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", rows)

    def seal(self, segment: int, size: int, dimensions: int | None = None) -> None:
        """Write down that a segment is complete in the other stores, and how long its vectors are, if that is known."""
        with self._transaction():
            if dimensions:
                self._rows("INSERT OR REPLACE INTO facts VALUES ('dimensions', ?)", str(dimensions))
            self._rows("UPDATE segments SET sealed = 1, size = ? WHERE segment = ?", size, segment)

    def touch(self, files: Iterable[File]) -> None:
        """Write down what was seen of files that stand for what they stood for; nobody reads anything new."""
        with self._transaction():
            self._write(files)

    def publish(self, files: Iterable[File], gone: Iterable[str], overrides_digest: str | None) -> None:
        """Show readers the new state, all at once: files that are new or read again, and paths that are gone."""
        with self._transaction():
            self._connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
            self._write(files)
            self._rows(f"UPDATE articles SET segment = NULL WHERE NOT {_SHOWN.format('articles')}")
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
        self._connection.executemany(f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * 12)})", rows)

    def _drop_empty_segments(self) -> None:
        self._rows("DELETE FROM segments WHERE NOT EXISTS (SELECT 1 FROM articles WHERE segment = segments.segment)")

    def _next_generation(self) -> None:
        self._rows("UPDATE facts SET value = value + 1 WHERE name = 'generation'")

    def _fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def _number(self, statement: str, *values: str | int) -> int:
        return int(self._rows(statement, *values)[0][0])

    def _rows(self, statement: str, *values: str | int | None) -> list[Any]:
        with self._lock, _translated(self.folder):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Make all that is written inside one step, or none of it."""
        with self._lock, _translated(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file that exists, in autocommit mode."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # Catalog has a lock of its own
    )
    connection.execute("PRAGMA synchronous = FULL")  # a few commits a refresh; a power cut loses none of them
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Raise what SQLite raises as one of our own errors."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a defect of ours
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise IndexBusyError(f"Another process holds the catalog in {folder}. Try again in a moment.") from error
        if code == sqlite3.SQLITE_FULL:
            raise disk_full(folder) from error
        if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            raise unusable(folder, PermissionError(0, str(error))) from error
        raise damaged("The catalog", folder, error) from error


def _article(article_id: str, path: str, text: str, body: str, *facts: str | None) -> Article:
    return Article(article_id, path, text, tuple(Span(*span) for span in json.loads(body)), *facts)
