"""What the cross-encoder has learnt beside the encoder's own weights: low-rank adapters, layer norms, and a small head.

`bench/train_cross_encoder.py` writes the file; data/README.md is its card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from retrieval.embeddings.e5.graph import Adapter
from retrieval.embeddings.e5.weights import Floats, Weights

_FILE = "data/cross_encoder.npz"
_ADAPTED = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")


@dataclass(frozen=True, slots=True)
class CrossEncoderWeights:
    """What was learnt; matrices are [outputs, inputs]."""

    first_joint: int  # the layer from which question and sentence are read together
    adapters: Mapping[str, Adapter]  # of the encoder's matrices, by layer and part
    norms: Mapping[str, Floats]
    segments: Floats  # what is added to the tokens of the question, of what stands around a sentence, and of it
    hidden: tuple[Floats, Floats]  # of the head: a matrix and a bias
    output: tuple[Floats, Floats]  # to how it ranks, and to whether it answers
    token: Floats  # [hidden]: to how likely each of the sentence's is of the answer, beside the others
    similarity: Floats  # [2, 2]: of the late interaction and of the means' cosine, to both outputs

    def over(self, weights: Weights) -> Weights:
        """Return the encoder's weights with the layer norms that were learnt."""
        return replace(weights, floats={**weights.floats, **self.norms})


def read_cross_encoder_weights(file: Path | None = None) -> CrossEncoderWeights:
    """Return the weights in a file, or those that the project ships, in 32 bits; they lie in 16."""
    chosen = file or files("retrieval.embeddings.e5").joinpath(_FILE)
    with chosen.open("rb") as opened, np.load(opened) as held:
        found = {name: held[name].astype(np.float32) for name in held.files}
    layers = sorted({int(name[1:].partition(".")[0]) for name in found if name.endswith(".up")})
    parts = [f"l{layer}.{part}" for layer in layers for part in _ADAPTED]
    return CrossEncoderWeights(
        first_joint=layers[0],
        adapters={part: Adapter(found[f"{part}.up"], found[f"{part}.down"]) for part in parts},
        norms={name: found[name] for name in found if name.split(".")[1] in _NORMS},
        segments=found["head.segments"],
        hidden=(found["head.hidden.w"], found["head.hidden.b"]),
        output=(found["head.output.w"], found["head.output.b"]),
        token=found["head.token.w"][0],
        similarity=found["head.similarity"],
    )
