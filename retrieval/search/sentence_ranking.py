"""Sentences in the order in which they are likely to answer a question, by weights that were learnt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.nlp.lexicon import Lexicon
from retrieval.search.learnt_weights import FloatArray, load_weights, weigh
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.sentence_features import FEATURES, ReadHits, candidates_of, sentence_features


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with its score, in log odds beside the others of the same question."""

    place: int  # of its passage, in the hits
    sentence: ReadSentence
    score: float
    is_fragment: bool  # a headline, a dateline, a caption


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sentences of some hits, the likeliest first, and their features in the same order."""

    sentences: tuple[RankedSentence, ...]
    features: FloatArray
    with_vectors: bool


def rank_sentences(found: ReadHits, lexicon: Lexicon) -> Ranking:
    """Return the sentences of hits in the order in which they are likely to answer."""
    candidates = candidates_of(found)
    features = sentence_features(found, candidates, lexicon)
    with_vectors = bool(found.similarities)
    scores = weigh(load_weights(with_vectors).sentences, FEATURES, features)
    order = np.argsort(-scores, kind="stable")
    ranked = tuple(
        RankedSentence(candidates[at].place, candidates[at].sentence, float(scores[at]), candidates[at].is_fragment)
        for at in order
    )
    return Ranking(ranked, features[order], with_vectors)
