"""Where the vectors are: the one interface of the data folder's own Chroma and of a Chroma server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


class VectorRow(NamedTuple):
    """What Chroma holds of a slice of an article; the text and the metadata are for others, and are not read back.

    Measured with 3,462 passages: they double the disk, from 17 to 42 MB, and the processor's time for adding, from
    1.7 to 3.5 seconds. Chroma indexes every document by trigrams, and its `Schema` turns that off on its cloud alone.
    """

    row_id: str  # of the form of a passage's id, as are all ids here
    vector: Sequence[float] | Vectors
    text: str = ""
    metadata: Mapping[str, str | int] = MappingProxyType({})


class VectorWriter(Protocol):
    """A new segment; it does not exist for readers before it is sealed and named by the catalog."""

    segment: int
    size: int  # rows

    def add(self, rows: Sequence[VectorRow]) -> None:
        """Add rows, none of which the segment has yet."""
        ...

    def seal(self) -> None:
        """Complete the segment, durably."""
        ...

    def abandon(self) -> None:
        """Leave it; what is not sealed does not count."""
        ...


class VectorReader(Protocol):
    """The sealed segments of an index."""

    def follow(self, segments: Iterable[int]) -> None:
        """Change over to other segments; those that stay are not opened again."""
        ...

    def search(
        self, vector: Sequence[float], limit: int, segments: Iterable[int] | None = None
    ) -> list[tuple[str, float]]:
        """Return the ids of the nearest rows of some or all segments and their cosine similarities, nearest first.

        Raises:
            IndexDamagedError: a segment in the data folder is missing or damaged.
            VectorsError: the server cannot be used, or has lost a segment.
        """
        ...

    def among(self, vector: Sequence[float], ids: Mapping[int, Sequence[str]]) -> list[tuple[str, float]]:
        """Return a few rows, given by segment, as `search` does, by comparing each; unknown ones are absent.

        Raises:
            IndexDamagedError: as `search`.
            VectorsError: as `search`.
        """
        ...

    def rows(self, segment: int, ids: Sequence[str]) -> Iterator[list[VectorRow]]:
        """Yield what a segment holds of some rows, in batches."""
        ...

    def close(self) -> None:
        """Close all that is open."""
        ...


@dataclass(frozen=True, slots=True)
class StoreDrift:
    """What a store holds otherwise than a catalog says."""

    strays: tuple[str, ...] = ()  # by a name that `drop` takes: replaced, or never completed
    lost: tuple[int, ...] = ()  # sealed segments that are not there, or not whole


class VectorStore(Protocol):
    """Where vectors are kept; `folder` is that of an index, whose catalog says which segments count."""

    name: str  # an index whose vectors are elsewhere is another index

    def writer(self, folder: Path, segment: int) -> VectorWriter:
        """Start a segment, in place of one by its number that was never sealed."""
        ...

    def reader(self, folder: Path, segments: Iterable[int] = ()) -> VectorReader:
        """Return what searches the segments that count."""
        ...

    def compare(self, folder: Path, sizes: Mapping[int, int]) -> StoreDrift:
        """Return what is held otherwise than a catalog says; `sizes` are its sealed segments with their rows."""
        ...

    def drop(self, strays: Iterable[str]) -> None:
        """Delete what does not count; what cannot be deleted now will go the next time."""
        ...

    def close(self) -> None:
        """Close what all readers and writers share; the next use opens it again."""
        ...
