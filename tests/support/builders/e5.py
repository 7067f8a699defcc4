"""The e5 encoder for tests: loaded once, and a mark for those that cannot run where its file is not installed."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.embeddings.e5.embedder import E5Embedder
from retrieval.embeddings.e5.weights import Weights, read_weights
from retrieval.embeddings.e5.weights_file import packaged_file, why_unusable

WHY_NO_E5 = why_unusable(packaged_file())
needs_e5 = pytest.mark.skipif(bool(WHY_NO_E5), reason=WHY_NO_E5 or "e5 is here")


@cache
def e5(largest: int = 127) -> E5Embedder:
    """Return the encoder with 8-bit weights of `largest` at most; two passages at a time."""
    file = packaged_file()
    assert file is not None
    return E5Embedder(file, threads=2, largest=largest)


@cache
def e5_weights() -> Weights:
    file = packaged_file()
    assert file is not None
    return read_weights(file)


def vectors(texts: list[str], largest: int = 127) -> npt.NDArray[np.float64]:
    return np.array(e5(largest).get_text_embedding_batch(texts))
