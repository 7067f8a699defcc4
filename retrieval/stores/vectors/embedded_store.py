"""The data folder's own vector store; Chroma is imported where a segment is opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from retrieval.stores.vectors.protocol import StoreDrift, VectorReader, VectorWriter

_FOLDER_NAME = "vectors"  # in the folder of an index, beside the catalog


class EmbeddedStore:
    """The data folder's own Chroma; each segment is a folder, opened by the library inside this process."""

    name = "embedded"

    def writer(self, folder: Path, segment: int) -> VectorWriter:
        """Make the segment's folder; see `VectorStore`."""
        from retrieval.stores.vectors.embedded import SegmentWriter

        return SegmentWriter(folder / _FOLDER_NAME, segment)

    def reader(self, folder: Path, segments: Iterable[int] = ()) -> VectorReader:
        """Take the segments; each is opened when it is first searched, and checked then."""
        from retrieval.stores.vectors.embedded import VectorIndex

        return VectorIndex(folder / _FOLDER_NAME, segments)

    def compare(self, folder: Path, sizes: Mapping[int, int]) -> StoreDrift:
        """Return the folders that do not count; what is lost or damaged is an error for the one who reads it."""
        vectors, counted = folder / _FOLDER_NAME, {str(segment) for segment in sizes}
        held = vectors.iterdir() if vectors.exists() else ()
        return StoreDrift(strays=tuple(str(path) for path in held if path.name not in counted))

    def drop(self, strays: Iterable[str]) -> None:
        """Delete folders; one that is held open now will go the next time."""
        for path in strays:
            shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Do nothing: each reader and writer has its own."""


EMBEDDED_STORE = EmbeddedStore()
