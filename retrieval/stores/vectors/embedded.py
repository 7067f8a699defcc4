"""The Chroma side: the vectors, in segments that are written once and from then on only read.

Chroma keeps its nearest-neighbour graph in files that it overwrites in place. Measured with 1.5.9: a
process killed meanwhile leaves a graph that fails to load, or crashes whoever loads it; another process
that reads meanwhile sees the graph as it was when it loaded it, or none. So each segment is a Chroma
folder of its own, which nobody opens before it is sealed, as in tantivy and Lucene; which segments count
is for the catalog to say, and so is which rows in them are gone. Beside the folder's graph lie
its vectors once more, at half precision: Chroma gives 200 vectors in 4 ms, and such a file compares 6,000 in 16.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from zlib import crc32

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError

from retrieval.stores.recovery_hints import damaged, store_errors
from retrieval.stores.vectors.exact import Compared, VectorMatrix
from retrieval.stores.vectors.protocol import VectorRow
from retrieval.stores.vectors.rows import as_chroma

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
SEAL_NAME = "sealed.json"
ADD_BATCH = 256  # rows; Chroma holds Python's lock while it adds them, a tenth of a second
READ_BATCH = 1_000  # rows
MOST_COMPARED_OF_SEGMENT = 1_000  # rows of a segment that are all compared; asking a graph costs more, however small
_AT_ONCE = 2  # changes; the fewest that Chroma can be told to wait for before it writes its graph to the disk
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "sync_threshold": _AT_ONCE,  # by default a thousand may wait, and each new reader adds them to the graph: seconds
    "max_neighbors": 32,  # with Chroma's 16, up to a sixth of many near-copies of one text could not be reached
}


class SegmentWriter:
    """A new segment; it does not exist for readers before it is sealed and named by the catalog."""

    def __init__(self, folder: Path, segment: int) -> None:
        """Make the segment's folder, in place of one that was never sealed."""
        self.segment = segment
        self.size = 0  # rows
        self._kept: list[VectorRow] = []  # ids and vectors alone
        self._path = _segment_path(folder, segment)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            shutil.rmtree(self._path)
        self._client = _client(self._path)
        self._collection = self._client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": _GRAPH}
        )

    def add(self, rows: Sequence[VectorRow]) -> None:
        """Add rows, none of which the segment has yet."""
        for at in range(0, len(rows), ADD_BATCH):
            batch = rows[at : at + ADD_BATCH]
            self._write(batch)
            self.size += len(batch)
            self._kept += [VectorRow(row.row_id, np.asarray(row.vector, dtype=np.float32)) for row in batch]
            if len(batch) < _AT_ONCE:
                self._write(batch)  # once more, or it would wait

    def _write(self, rows: Sequence[VectorRow]) -> None:
        with _errors(self._path):
            self._collection.upsert(**as_chroma(rows))

    def seal(self) -> None:
        """Complete the segment, durably."""
        self._client.close()
        Compared.of(self._kept).save(self._path)
        _make_durable(self._path)
        (self._path / SEAL_NAME).write_text(json.dumps(_checksums(self._path)), encoding="utf-8")
        _make_durable(self._path)

    def abandon(self) -> None:
        """Close the folder; what is not sealed does not count."""
        self._client.close()


class VectorIndex:
    """The sealed segments in one folder, opened when they are first searched."""

    def __init__(self, folder: Path, segments: Iterable[int] = ()) -> None:
        """Take the segments that count."""
        self.folder = folder
        self._segments = frozenset(segments)
        self._open: dict[int, _Opened] = {}
        self._lock = threading.Lock()  # of what is open; searching needs none

    def follow(self, segments: Iterable[int]) -> None:
        """Change over to other segments; those that stay are not opened again."""
        with self._lock:
            self._segments = frozenset(segments)
            for segment in self._open.keys() - self._segments:
                self._open.pop(segment).client.close()

    def search(
        self, vector: Sequence[float], limit: int, segments: Iterable[int] | None = None
    ) -> list[tuple[str, float]]:
        """Return the ids of the nearest rows of some or all segments and their cosine similarities, nearest first.

        Raises:
            IndexDamagedError: a segment is missing or damaged.
        """
        asked = np.asarray(vector, dtype=np.float32)
        found: list[tuple[float, str]] = []
        for segment in sorted(self._segments if segments is None else segments):
            with _errors(_segment_path(self.folder, segment)):
                opened = self._opened(segment)
                if len(opened.rows) <= MOST_COMPARED_OF_SEGMENT:
                    found += [(1.0 - near, own) for own, near in opened.rows.similarities(asked)[:limit]]
                else:
                    found += _query(opened.collection, asked, limit)
        return [(row_id, 1.0 - distance) for distance, row_id in nsmallest(limit, found)]

    def among(self, vector: Sequence[float], ids: Mapping[int, Sequence[str]]) -> list[tuple[str, float]]:
        """Return a few rows, given by segment, as `search` does, by comparing each."""
        found: list[tuple[str, float]] = []
        for segment, own in ids.items():
            with _errors(_segment_path(self.folder, segment)):
                found += self._opened(segment).rows.similarities(vector, own)
        return sorted(found, key=lambda entry: (-entry[1], entry[0]))

    def rows(self, segment: int, ids: Sequence[str]) -> Iterator[list[VectorRow]]:
        """Yield what a segment holds of some rows, in batches."""
        for at in range(0, len(ids), READ_BATCH):
            with _errors(_segment_path(self.folder, segment)):
                yield _read(self._opened(segment).collection, ids[at : at + READ_BATCH])

    def close(self) -> None:
        """Close the folders."""
        self.follow(())

    def _opened(self, segment: int) -> _Opened:
        with self._lock:
            if segment not in self._open:
                path = _segment_path(self.folder, segment)
                _check_seal(path)
                client = _client(path)
                try:
                    collection = client.get_collection(COLLECTION, embedding_function=None)
                    self._open[segment] = _Opened(client, collection, Compared.open(path))
                except BaseException:
                    client.close()
                    raise
            return self._open[segment]


class _Opened(NamedTuple):
    """A segment that is open."""

    client: Client
    collection: Collection
    rows: Compared  # all of it


def _segment_path(folder: Path, segment: int) -> Path:
    return folder / str(segment)


def _client(path: Path) -> Client:
    """Open a Chroma folder; what clients of one process on one path share is freed when the last is closed.

    Chroma tells the folders of a process apart by how they are written: a relative path would stand for two of them
    once the working directory has changed.
    """
    client = chromadb.PersistentClient(str(path.absolute()), Settings(anonymized_telemetry=False))
    return cast("Client", client)  # its declared type lacks close()


def _query(collection: Collection, vector: VectorMatrix, limit: int) -> list[tuple[float, str]]:
    """Return the cosine distances and ids of the nearest rows of a segment."""
    found: Any = collection.query(query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"])
    return list(zip(found["distances"][0], found["ids"][0], strict=True))


def _read(collection: Collection, ids: Sequence[str]) -> list[VectorRow]:
    found: Any = collection.get(ids=list(ids), include=["embeddings"])
    return [VectorRow(*row) for row in zip(found["ids"], found["embeddings"], strict=True)]


def _check_seal(path: Path) -> None:
    """Compare a segment's files with what was sealed.

    Chroma loads a graph that lost a file with most rows missing, and crashes on one with changed bytes.

    Raises:
        IndexDamagedError: they differ, or the segment was never sealed.
    """
    try:
        sealed = json.loads((path / SEAL_NAME).read_text(encoding="utf-8"))
        now = _checksums(path)
    except (OSError, ValueError) as error:
        raise damaged(f"The vectors in {path}", path.parent.parent, error) from error
    if sealed != now:
        raise damaged(f"The vectors in {path}", path.parent.parent, "their files are not those that were written")


def _checksums(path: Path) -> dict[str, int]:
    """Return the checksum of each file of a segment's graph and of its vectors beside it, by relative path.

    The SQLite file beside them is left out: Chroma writes in it even when it only reads.
    """
    files = sorted([*path.glob("*/*"), *path.glob("*.npy")])
    return {file.relative_to(path).as_posix(): crc32(file.read_bytes()) for file in files}


def _make_durable(path: Path) -> None:
    """Make the disk have all files of a folder, so that a power cut cannot take what the catalog will name."""
    for file in path.rglob("*"):
        if file.is_file():
            with file.open("r+b") as opened:
                os.fsync(opened.fileno())


def _errors(path: Path) -> AbstractContextManager[None]:
    """Raise what Chroma raises of a segment as one of our own errors."""
    return store_errors(path.parent.parent, f"The vectors in {path}", ChromaError)
