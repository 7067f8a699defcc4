"""Whether the database takes what is written: tried with a real row, as a full disk can still be read."""

from __future__ import annotations

import threading
import time

from sqlalchemy import Column, Connection, Float, MetaData, Table, Text, delete, insert

from bot.storage.database import Database
from retrieval.errors import SanadError

SECONDS = 1.0  # between two tries, however often somebody asks
FILLER = "." * 16_384  # as much as an answer takes, so that what is left of a page does not count as room

# It holds nothing that lasts, so it is no part of the versions: whoever tries makes it.
PROBES = Table("probes", MetaData(), Column("tried_at", Float, nullable=False), Column("filler", Text, nullable=False))


class WriteProbe:
    """Tries, at most once a second, to write and to delete."""

    def __init__(self, database: Database) -> None:
        """Take the database; nothing is written yet."""
        self._database = database
        self._trying = threading.Lock()
        self._tried_at = -SECONDS
        self._trouble: str | None = None

    def trouble(self) -> str | None:
        """Return what keeps the database from being written; None where nothing does.

        While another thread tries, which may wait for a lock, it is what the last try found.
        """
        if self._trying.acquire(blocking=False):
            try:
                if time.monotonic() >= self._tried_at + SECONDS:
                    self._trouble = self._try()
                    self._tried_at = time.monotonic()
            finally:
                self._trying.release()
        return self._trouble

    def _try(self) -> str | None:
        """Write in one transaction and delete in another: what is rolled back or freed at once needs no room."""
        try:
            self._database.work(_write)
            self._database.work(_delete)
        except SanadError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - whoever asks is told, whatever it is
            return f"The database cannot be written ({type(error).__name__})."
        return None


def _write(connection: Connection) -> None:
    PROBES.create(connection, checkfirst=True)
    connection.execute(insert(PROBES).values(tried_at=time.time(), filler=FILLER))


def _delete(connection: Connection) -> None:
    connection.execute(delete(PROBES))
