"""The weights that bench/fit.py has learnt, as data: where they come from stands in the file itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from retrieval.nlp.word_lists import read_word_lists

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LearntWeights:
    """What ranks sentences and decides whether they answer, for one way of searching."""

    sentences: Mapping[str, float]  # by feature; the score is their sum, and only differences count
    answerability: Mapping[str, float]  # by feature and `constant`: log odds
    answered: float  # the log odds from which a question counts as answered
    near: float  # the log odds from which what was found is near enough to be shown


def weigh(weights: Mapping[str, float], names: Sequence[str], features: FloatArray) -> FloatArray:
    """Return the weighed sums of features, whose last axis is in the order of `names`."""
    return np.asarray(features @ np.array([weights.get(name, 0.0) for name in names]))


@cache
def load_weights(with_vectors: bool) -> LearntWeights:
    """Return the weights for searching by words and vectors of sentences, or by words alone."""
    held = read_word_lists("search", "learnt_weights")["vectors" if with_vectors else "words"]
    return LearntWeights(held["sentences"], held["answerability"], held["answered"], held["near"])
