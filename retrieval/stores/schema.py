"""The catalog's tables in SQLite, how its file is opened, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import IndexBusyError
from retrieval.stores.recovery_hints import damaged, disk_full, unusable

CATALOG_VERSION = 3  # of the tables below; another one makes an index rebuild itself
FILE_NAME = "catalog.sqlite"
_BUSY_SECONDS = 10.0  # how long SQLite waits for a transaction of another process

TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    segment INTEGER PRIMARY KEY AUTOINCREMENT,  -- no number is given twice
    size INTEGER NOT NULL DEFAULT 0,            -- passages, with those of articles that have gone since
    sealed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY,
    segment INTEGER REFERENCES segments,
    passages INTEGER NOT NULL,                  -- how many it has
    body TEXT NOT NULL,                         -- JSON: [[start, end], ...]
    text TEXT NOT NULL
);
CREATE INDEX articles_by_segment ON articles (segment, passages);
CREATE INDEX passages_of_articles ON articles (article_id, passages);
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
    published TEXT,
    dated TEXT,                                 -- as the article says it, where that is no full Gregorian date
    container TEXT,                             -- the path of the file that holds it, if that is not itself
    encoding TEXT,
    format TEXT
);
CREATE INDEX files_by_article ON files (article_id, path);
CREATE TABLE sketches (                         -- of articles shown, to find the copies of one story
    article_id TEXT PRIMARY KEY,
    minhash BLOB NOT NULL,
    slots BLOB NOT NULL
);
CREATE TABLE bands (band BLOB NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (band, article_id)) WITHOUT ROWID;
CREATE TABLE links (                            -- between copies, in both directions
    article_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE TABLE stories (article_id TEXT PRIMARY KEY, story INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX stories_by_story ON stories (story, article_id);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that exists, in autocommit mode."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # Catalog has a lock of its own
    )
    connection.execute("PRAGMA synchronous = FULL")  # a few commits a refresh; a power cut loses none of them
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def translated(folder: Path) -> Iterator[None]:
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
