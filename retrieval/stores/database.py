"""The catalog's file in SQLite: how it is opened, asked and written, and what its errors mean."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from retrieval.stores.recovery_hints import store_errors

CATALOG_VERSION = 6  # of the tables; another one makes an index rebuild itself
FILE_NAME = "catalog.sqlite"
_BUSY_SECONDS = 10.0  # how long SQLite waits for a transaction of another process

Value = str | bytes | int | None
Values = Value | Collection[str] | Collection[int]  # a collection as what `json_each` reads


class CatalogDatabase:
    """One connection to a catalog, in autocommit mode; usable from several threads, one statement at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection | None = None) -> None:
        """Open the file of an index folder, which must be there, or take another connection."""
        self.folder = folder
        self._lock = threading.RLock()
        with catalog_errors(folder):
            self._connection = connection or connect(folder / FILE_NAME)
        self._connection.row_factory = sqlite3.Row

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def rows(self, statement: str, **values: Values) -> list[sqlite3.Row]:
        """Execute one statement and return its rows, whose columns go by name."""
        bound = {name: _bound(value) for name, value in values.items()}
        with self._lock, catalog_errors(self.folder):
            return self._connection.execute(statement, bound).fetchall()

    def column(self, statement: str, **values: Values) -> list[Any]:
        """Execute one statement and return the first column of its rows."""
        return [row[0] for row in self.rows(statement, **values)]

    def number(self, statement: str, **values: Values) -> int:
        """Execute one statement and return the number that it gives."""
        return int(self.column(statement, **values)[0])

    def pairs(self, statement: str, **values: Values) -> dict[str, Any]:
        """Execute one statement and return its second column by its first."""
        return {row[0]: row[1] for row in self.rows(statement, **values)}

    def insert(self, table: str, rows: Iterable[Mapping[str, Value]], *, replacing: bool = False) -> None:
        """Insert rows, given by column name, all with the same columns."""
        rows = list(rows)
        if rows:
            columns = rows[0].keys()
            verb = "INSERT OR REPLACE" if replacing else "INSERT"
            names, values = ", ".join(columns), ", ".join(f":{column}" for column in columns)
            with self._lock, catalog_errors(self.folder):
                self._connection.executemany(f"{verb} INTO {table} ({names}) VALUES ({values})", rows)

    def fact(self, name: str) -> str | None:
        """Return what is noted of the catalog as a whole under a name."""
        found = self.column("SELECT value FROM facts WHERE name = :name", name=name)
        return str(found[0]) if found else None

    def set_fact(self, name: str, value: str) -> None:
        """Note something of the catalog as a whole."""
        self.insert("facts", [{"name": name, "value": value}], replacing=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is written inside one step, or none of it."""
        with self._lock, catalog_errors(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _bound(value: Values) -> Value:
    return value if value is None or isinstance(value, str | bytes | int) else json.dumps(sorted(value))


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of a catalog in an empty file."""
    connection.executescript((files("retrieval.stores") / "schema.sql").read_text(encoding="utf-8"))


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that exists."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # CatalogDatabase has a lock
    )
    connection.execute("PRAGMA synchronous = FULL")  # a few commits a refresh; a power cut loses none of them
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def connect_in_memory() -> sqlite3.Connection:
    """Return a catalog without a file and without an article."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    create_tables(connection)
    return connection


def catalog_errors(folder: Path) -> AbstractContextManager[None]:
    """Raise what SQLite raises as one of our own errors."""
    return store_errors(folder, "The catalog", sqlite3.DatabaseError)
