"""Rows compared with a question one by one, where asking a graph would cost more or cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from retrieval.stores.vectors.protocol import VectorRow

VectorMatrix = npt.NDArray[np.float32]

_IDS_NAME, _UNITS_NAME = "row_ids.npy", "row_units.npy"
ON_DISK = np.float16  # half the room; a cosine is off by 1e-4 at most


class Compared:
    """Some rows with their vectors at unit length, sorted by id."""

    def __init__(self, ids: npt.NDArray[np.bytes_], units: npt.NDArray[Any]) -> None:
        """Take ids and vectors in one order."""
        order = np.argsort(ids)
        in_order = bool(np.all(order[:-1] < order[1:]))
        self._ids, self._units = (ids, units) if in_order else (ids[order], units[order])

    @classmethod
    def of(cls, rows: Sequence[VectorRow]) -> Self:
        """Take what Chroma holds of them."""
        vectors = np.array([row.vector for row in rows], dtype=np.float32)
        return cls(_id_array(row.row_id for row in rows), at_unit_length(vectors) if rows else vectors)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Take what was saved in a folder; the vectors are read as they are needed."""
        return cls(np.load(folder / _IDS_NAME), np.load(folder / _UNITS_NAME, mmap_mode="r"))

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        np.save(folder / _IDS_NAME, self._ids)
        np.save(folder / _UNITS_NAME, self._units.astype(ON_DISK))

    def __len__(self) -> int:
        return len(self._ids)

    def similarities(
        self, vector: Sequence[float] | VectorMatrix, ids: Iterable[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the ids of all rows, or of those of some ids that are here, and their cosine similarities to a vector.

        The nearest comes first.
        """
        named, units = self._ids, self._units
        if ids is not None:
            at = self._places(ids)
            named, units = named[at], units[at]
        if not len(named):
            return []
        asked = at_unit_length(np.asarray(vector, dtype=np.float32))
        found = np.einsum("ij,j->i", units.astype(np.float32), asked)  # unlike @, it stays in this thread
        order = np.argsort(-found, kind="stable")
        return list(zip(map(bytes.decode, named[order].tolist()), found[order].tolist(), strict=True))

    def _places(self, ids: Iterable[str]) -> npt.NDArray[np.intp]:
        wanted = _id_array(ids)
        if not len(self._ids):
            return np.zeros(0, dtype=np.intp)
        at = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
        return np.unique(at[self._ids[at] == wanted])


def _id_array(ids: Iterable[str]) -> npt.NDArray[np.bytes_]:
    return np.array([own.encode() for own in ids], dtype=np.bytes_)


def at_unit_length(vectors: VectorMatrix) -> VectorMatrix:
    """Return vectors scaled to length 1; of length 0, as they are."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
