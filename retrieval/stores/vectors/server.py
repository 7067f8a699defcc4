"""The vectors on a Chroma server: a collection for each segment, written once and from then on only read.

The catalog says which collections count, as it does with the folders of the embedded store: a collection that is
not named there does not exist for readers, and one that is named is complete. So readers of several generations
go on side by side, and a refresh that dies leaves nothing but collections to delete. Measured with a server
on this machine, 8,000 vectors of 1,024 dimensions: one collection answers in 4 ms, eight at once in 11 ms
(one after the other 17 ms), one that is filtered by a generation in its metadata in 18 ms.

A collection's name says whose it is, `sanad-INSTALLATION-INDEX-SEGMENT`: several data folders may share one database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.concurrency.threads import DaemonThreads
from retrieval.errors import VectorsError
from retrieval.stores.vectors.client import ChromaServer, LostError, lost_if_missing
from retrieval.stores.vectors.exact import Compared
from retrieval.stores.vectors.installation import installation_of
from retrieval.stores.vectors.protocol import StoreDrift, VectorRow
from retrieval.stores.vectors.rows import as_chroma

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as ChromaCollection

    from retrieval.stores.vectors.http_api import Connection

_BATCH = 250  # rows; Chroma's cloud takes 300 in one write and gives 300 in one reply
MOST_FOUND = 300  # rows of one segment, likewise
_AT_ONCE = 8  # segments searched; Chroma's cloud takes 10 reads at a time


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What a server says of itself, and what it holds of an installation."""

    version: str
    place: str  # tenant/database
    collections: int
    own: int
    seconds: float


class ServerVectors:
    """A Chroma server as a vector store; usable from several threads, connected when first needed."""

    def __init__(self, url: str, token: str = "", tenant: str = "", database: str = "") -> None:
        """Take the server's address, and what it asks for; nothing is sent yet."""
        self._server = ChromaServer(url, token, tenant, database)
        named = f"{f' tenant {tenant}' if tenant else ''}{f' database {database}' if database else ''}"
        self.name = f"{self._server.url}{named}"
        self._whole: set[str] = set()  # collections that were counted
        self._failures = 0  # of the server, before they were

    def writer(self, folder: Path, segment: int) -> _SegmentWriter:
        """Start a segment; see `VectorStore`."""
        return _SegmentWriter(self._server, _prefix(folder, installation_of(folder.parent, is_needed=True)), segment)

    def reader(self, folder: Path, segments: Iterable[int] = ()) -> _ServerIndex:
        """Take the segments that count; see `VectorStore`."""
        return _ServerIndex(self._server, folder, segments)

    def compare(self, folder: Path, sizes: Mapping[int, int]) -> StoreDrift:
        """Return which collections do not count and which are missing; see `VectorStore`.

        The collections of another index of the same data folder are left alone as long as there is one.
        """
        installation = installation_of(folder.parent)
        prefix = _prefix(folder, installation)
        is_only = not any(other != folder for other in folder.parent.glob("index-*"))
        with self._server.use() as connection:
            names = set(connection.names())
            lost = [
                segment
                for segment, size in sizes.items()
                if not self._is_whole(connection, f"{prefix}{segment}", size, names)
            ]
        own = f"sanad-{installation}-" if is_only else prefix
        counted = {f"{prefix}{segment}" for segment in sizes.keys() - set(lost)}
        strays = sorted(name for name in names if name.startswith(own)) if installation else []
        return StoreDrift(tuple(name for name in strays if name not in counted), tuple(lost))

    def drop(self, strays: Iterable[str]) -> None:
        """Delete collections; see `VectorStore`."""
        with suppress(VectorsError):
            for name in strays:
                with self._server.use() as connection, suppress(LostError), lost_if_missing():
                    connection.delete(name)

    def end(self) -> None:
        """Let nobody wait for the server any longer; see `Endable`."""
        self._server.end()

    def close(self) -> None:
        """Close the connection; see `VectorStore`."""
        self._server.close()

    def status(self, data_dir: Path) -> ServerStatus:
        """Return what the server says of itself.

        Raises:
            VectorsError: it cannot be used.
        """
        installation = installation_of(data_dir)
        with self._server.use() as connection:
            started = time.perf_counter()
            names = connection.names()
            seconds = time.perf_counter() - started
            own = sum(bool(installation) and name.startswith(f"sanad-{installation}-") for name in names)
            place = f"{connection.tenant}/{connection.database}"
            return ServerStatus(connection.version, place, len(names), own, seconds)

    def _is_whole(self, connection: Connection, name: str, size: int, names: Collection[str]) -> bool:
        """Tell whether a collection has all its rows; counted once, and again where the list lacks its name.

        A list of several pages may lack what is there, as others make and delete collections meanwhile.
        """
        if self._failures != self._server.failures:  # whoever comes back may have lost something
            self._failures = self._server.failures
            self._whole.clear()
        if name in self._whole and name in names:
            return True
        with suppress(LostError), lost_if_missing():
            if connection.collection(name).count() == size:
                self._whole.add(name)
                return True
        return False


class _SegmentWriter:
    """A collection that is being written."""

    def __init__(self, server: ChromaServer, prefix: str, segment: int) -> None:
        self.segment = segment
        self.size = 0
        self._server = server
        self._name = f"{prefix}{segment}"
        with server.use() as connection:
            self._open = connection, connection.create(self._name)

    def add(self, rows: Sequence[VectorRow]) -> None:
        """Add rows; see `VectorWriter`."""
        for at in range(0, len(rows), _BATCH):
            batch = rows[at : at + _BATCH]
            with self._using() as collection:
                collection.upsert(**as_chroma(batch))
            self.size += len(batch)

    def seal(self) -> None:
        """See that all has arrived."""
        with self._using() as collection:
            if collection.count() != self.size:
                raise LostError

    def abandon(self) -> None:
        """Leave the collection to the next refresh, which deletes it."""

    @contextmanager
    def _using(self) -> Iterator[ChromaCollection]:
        with self._server.use() as connection, lost_if_missing():
            if self._open[0] is not connection:
                self._open = connection, connection.collection(self._name)
            yield self._open[1]


class _ServerIndex:
    """The collections of an index."""

    def __init__(self, server: ChromaServer, folder: Path, segments: Iterable[int]) -> None:
        self._server = server
        self._folder = folder
        self._segments = frozenset(segments)
        self._open: dict[int, tuple[Connection, ChromaCollection]] = {}
        self._threads = DaemonThreads(_AT_ONCE, "chroma")

    def follow(self, segments: Iterable[int]) -> None:
        """Change over to other segments; see `VectorReader`."""
        self._segments = frozenset(segments)
        for segment in self._open.keys() - self._segments:
            self._open.pop(segment, None)

    def search(
        self, vector: Sequence[float], limit: int, segments: Iterable[int] | None = None
    ) -> list[tuple[str, float]]:
        """Return the nearest rows of all segments, which are asked at once; see `VectorReader`."""
        asked = np.asarray(vector, dtype=np.float32)[np.newaxis]
        most = min(limit, MOST_FOUND)

        def near(segment: int) -> list[tuple[float, str]]:
            with self._using(segment) as collection:
                found: Any = collection.query(query_embeddings=asked, n_results=most, include=["distances"])
                return list(zip(found["distances"][0], found["ids"][0], strict=True))

        wanted = sorted(self._segments if segments is None else segments)
        replies = self._each(near, wanted)
        found = [entry for reply in replies for entry in reply]
        return [(row_id, 1.0 - distance) for distance, row_id in nsmallest(limit, found)]

    def among(self, vector: Sequence[float], ids: Mapping[int, Sequence[str]]) -> list[tuple[str, float]]:
        """Compare a few rows, given by segment; the segments are asked at once; see `VectorReader`."""

        def compared(segment: int) -> list[tuple[float, str]]:
            held = (Compared.of(rows) for rows in self.rows(segment, ids[segment]))
            return [(similarity, row_id) for one in held for row_id, similarity in one.similarities(vector)]

        replies = self._each(compared, sorted(ids))
        found = [(row_id, similarity) for reply in replies for similarity, row_id in reply]
        return sorted(found, key=lambda entry: (-entry[1], entry[0]))

    def rows(self, segment: int, ids: Sequence[str]) -> Iterator[list[VectorRow]]:
        """Yield what a segment holds of some rows; see `VectorReader`."""
        for at in range(0, len(ids), _BATCH):
            with self._using(segment) as collection:
                found: Any = collection.get(ids=list(ids[at : at + _BATCH]), include=["embeddings"])
                rows = [VectorRow(*row) for row in zip(found["ids"], found["embeddings"], strict=True)]
            yield rows

    def close(self) -> None:
        """End the threads; the connection is the server's."""
        self.follow(())
        self._threads.shutdown(wait=False)

    def _each(
        self, ask: Callable[[int], list[tuple[float, str]]], segments: Sequence[int]
    ) -> Iterable[list[tuple[float, str]]]:
        return map(ask, segments) if len(segments) < 2 else self._threads.map(ask, segments)

    @contextmanager
    def _using(self, segment: int) -> Iterator[ChromaCollection]:
        with self._server.use() as connection, lost_if_missing():
            known, collection = self._open.get(segment, (None, None))
            if collection is None or known is not connection:
                prefix = _prefix(self._folder, installation_of(self._folder.parent))
                collection = connection.collection(f"{prefix}{segment}")
                self._open[segment] = connection, collection
            yield collection


def _prefix(folder: Path, installation: str) -> str:
    return f"sanad-{installation}-{folder.name.removeprefix('index-')}-"
