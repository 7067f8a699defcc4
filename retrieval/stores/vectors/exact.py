"""Passages compared with a question one by one, where asking a graph would cost more or cannot be done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retrieval.stores.vectors.protocol import EmbeddedPassage

VectorMatrix = npt.NDArray[np.float32]


class Compared:
    """Some passages with their vectors at unit length."""

    def __init__(self, rows: Sequence[EmbeddedPassage]) -> None:
        """Take what Chroma holds of them."""
        self._ids = [row.passage_id for row in rows]
        self._units = _unit(np.array([row.vector for row in rows], dtype=np.float32))

    def similarities(self, vector: Sequence[float] | VectorMatrix) -> list[tuple[str, float]]:
        """Return the ids of the passages and their cosine similarities to a vector, nearest first."""
        if not self._ids:
            return []
        asked = _unit(np.asarray(vector, dtype=np.float32))
        found = np.einsum("ij,j->i", self._units, asked)  # unlike @, it stays in this thread
        return [(self._ids[at], float(found[at])) for at in np.argsort(-found, kind="stable")]


def _unit(vectors: VectorMatrix) -> VectorMatrix:
    """Return vectors scaled to length 1; of length 0, as they are."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
