"""The e5 encoder for tests: loaded once, and a mark for those that cannot run where its file is not installed."""

from __future__ import annotations

from array import array
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.concurrency.threads import DaemonThreads
from retrieval.embeddings.e5.cross_encoder import CrossEncoder, load_cross_encoder
from retrieval.embeddings.e5.cross_encoder_weights import read_cross_encoder_weights
from retrieval.embeddings.e5.embedder import E5Embedder
from retrieval.embeddings.e5.encoder import load_encoder
from retrieval.embeddings.e5.weights import BLOCK_BYTES, Architecture, PieceVocabulary, Weights, read_weights
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


def tiny_weights() -> Weights:
    """Return the weights of an encoder with two layers of 64 channels, by lot and always the same."""
    sizes = Architecture(hidden=64, layers=2, heads=2, inner=128, vocabulary=8, positions=16, epsilon=1e-12)
    chance = np.random.default_rng(1)

    def blocks(outputs: int, inputs: int) -> npt.NDArray[np.uint8]:
        scales = chance.uniform(0.01, 0.03, (outputs * inputs // 32, 1)).astype("<f2").view(np.uint8)
        packed = chance.integers(0, 256, (len(scales), BLOCK_BYTES - 2), dtype=np.uint8)
        return np.concatenate([scales, packed], axis=1)

    def floats(size: int, around: float) -> npt.NDArray[np.float32]:
        return chance.normal(around, 0.1, size).astype(np.float32)

    shapes = {"q": (64, 64), "k": (64, 64), "v": (64, 64), "ao": (64, 64), "fi": (128, 64), "fo": (64, 128)}
    layers = [f"l{number}." for number in range(sizes.layers)]
    norms = ["emb.ln", *(layer + norm for layer in layers for norm in ("aln", "oln"))]
    return Weights(
        sizes,
        PieceVocabulary([], array("f"), {}, 0, 2, 3, (0, 1, 2, 3)),
        {layer + name + ".b": floats(shape[0], 0.0) for layer in layers for name, shape in shapes.items()}
        | {norm + ".w": floats(64, 1.0) for norm in norms}
        | {norm + ".b": floats(64, 0.0) for norm in norms},
        {layer + name + ".w": blocks(*shape) for layer in layers for name, shape in shapes.items()},
    )


@cache
def cross_encoder(largest: int = 127) -> CrossEncoder:
    """Return the cross-encoder as it is shipped, with 8-bit weights of `largest` at most; two sentences at a time."""
    file = packaged_file()
    assert file is not None
    encoder, threads = load_encoder(file, largest), DaemonThreads(2, "cross-encoder")
    return load_cross_encoder(encoder, e5_weights(), read_cross_encoder_weights(), largest, threads)
