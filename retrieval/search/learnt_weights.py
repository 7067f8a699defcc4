"""The weights that bench/fit.py has learnt, as data: where they come from stands in the file itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from retrieval.nlp.word_lists import read_word_lists

FloatArray = npt.NDArray[np.float64]
RankedBy = Literal["words", "vectors", "reranker"]  # each with what stands before it


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
def load_weights(ranked_by: RankedBy) -> LearntWeights:
    """Return the weights for one way of searching; a reranker's are of its READ_FEATURES, beside those by vectors."""
    held = read_word_lists("search", "learnt_weights")[ranked_by]
    return LearntWeights(held["sentences"], held["answerability"], held["answered"], held["near"])
