"""A Chroma server as it may fail: each failure a message that names what to do, and a rest before the next attempt."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from retrieval.concurrency.threads import Calls
from retrieval.errors import VectorsError
from retrieval.stores.vectors.http_api import Connection, NotChromaError, RefusedError, UnknownPlaceError

REST_SECONDS = 10.0  # after a failure, before a server is tried again: else each question would wait for it


class LostError(Exception):
    """A collection is missing, or not whole."""


class ChromaServer:
    """A server and what it asks for; usable from several threads, connected when first needed."""

    def __init__(self, url: str, token: str, tenant: str, database: str) -> None:
        """Take the address, the token, the tenant and the database; nothing is sent yet."""
        self.url = url.rstrip("/")
        self.failures = 0  # so far
        self._token, self._tenant, self._database = token, tenant, database
        self._calls = Calls()
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._users: Counter[Connection] = Counter()
        self._rests_until = 0.0
        self._why = ""

    @contextmanager
    def use(self) -> Iterator[Connection]:
        """Give the connection, and raise what happens to it as one of our own errors.

        A server that has just failed is not tried again before it has had a rest.

        Raises:
            VectorsError: the server cannot be used, or has lost a collection.
            EndedError: nobody is to wait for it any longer.
        """
        connection = None
        try:
            connection = self._connected()
            yield connection
        except (LostError, RefusedError, NotChromaError, UnknownPlaceError, httpx.HTTPError) as error:
            problem = self._problem(error)
            if not _is_about_one(error):
                self._rest(problem)
            raise VectorsError(problem) from error
        except (ValueError, LookupError, TypeError) as error:  # what came is not what was asked for
            raise VectorsError(f"The Chroma server {self.url} has sent what cannot be read. Look at it.") from error
        finally:
            if connection:
                self._let_go(connection)

    def _connected(self) -> Connection:
        with self._lock:
            if time.monotonic() < self._rests_until:
                raise VectorsError(self._why)
            if self._connection is None:
                self._connection = Connection(self.url, self._token, self._tenant, self._database, self._calls)
            self._users[self._connection] += 1
            return self._connection

    def _let_go(self, connection: Connection) -> None:
        with self._lock:
            self._users[connection] -= 1
            if not self._users[connection]:
                del self._users[connection]
                if connection is not self._connection:  # it was closed meanwhile
                    connection.close()

    def _rest(self, problem: str) -> None:
        with self._lock:
            self._rests_until, self._why = time.monotonic() + REST_SECONDS, problem
            self.failures += 1

    def end(self) -> None:
        """Let nobody wait for the server any longer; see `Endable`."""
        self._calls.end()

    def close(self) -> None:
        """Close the connection, once nobody uses it."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection and not self._users[connection]:
                connection.close()

    def _problem(self, error: Exception) -> str:
        """Return what is wrong with the server, and what to do."""
        server, status = f"The Chroma server {self.url}", getattr(error, "status", 0)
        match error:
            case LostError():
                said = f"{server} has lost vectors of this index. Bring them back: sanad index"
            case NotChromaError():
                said = f"There is {error} at {self.url}. Correct SANAD_CHROMA_URL."
            case UnknownPlaceError(named=""):
                said = f"{server} does not say which one to use. Set {error.setting}."
            case UnknownPlaceError():
                what = error.setting.rpartition("_")[2].lower()
                said = f"{server} has no {what} {error.named!r}. Correct {error.setting}, or make it there."
            case RefusedError(status=401 | 403):
                refused = "refuses the token" if self._token else "asks for a token"
                said = f"{server} {refused} (HTTP {status}). Look at SANAD_CHROMA_TOKEN and at what it may do."
            case RefusedError(status=429):
                said = f"{server} is busy (HTTP 429). Try again in a moment."
            case RefusedError():
                said = f"{server} failed (HTTP {status}). Look at its log."
            case httpx.TimeoutException():
                said = f"{server} did not answer in time. Look whether it runs, and at SANAD_CHROMA_URL."
            case _:
                said = f"{server} cannot be reached. Look whether it runs, and at SANAD_CHROMA_URL."
        return said


def _is_about_one(error: Exception) -> bool:
    """Tell whether a failure is that of one request or collection, and not of the whole server."""
    if isinstance(error, RefusedError):
        return error.status < 500 and error.status not in {401, 403, 429}
    return isinstance(error, LostError)


@contextmanager
def lost_if_missing() -> Iterator[None]:
    """Say of a collection that is not there that it is lost."""
    try:
        yield
    except RefusedError as error:
        if error.status == 404:
            raise LostError from error
        raise
