"""Sentences in the order in which they are likely to answer a question, by weights that were learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.nlp.lexicon import Lexicon
from retrieval.search.learnt_weights import Numbers, load_weights, weigh
from retrieval.search.passage_scoring import Reading, ReadSentence
from retrieval.search.sentence_features import FEATURES, candidates_of, sentence_features
from retrieval.search.term_matcher import Matcher
from retrieval.types import Article, Hit


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
    features: Numbers
    with_vectors: bool


def rank_sentences(
    matcher: Matcher,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    similarities: Mapping[str, float],
    articles: Mapping[str, Article],
    lexicon: Lexicon,
) -> Ranking:
    """Return the sentences of hits in the order in which they are likely to answer.

    `readings` are those of `hits`, in the same order; `similarities` the cosines of their sentences, by
    `article:start-end`, empty where there are no vectors; `articles` those that the hits are of, by id.
    """
    candidates = candidates_of(hits, readings, articles)
    features = sentence_features(matcher, hits, readings, candidates, similarities, articles, lexicon)
    with_vectors = bool(similarities)
    scores = weigh(load_weights(with_vectors).sentences, FEATURES, features)
    order = np.argsort(-scores, kind="stable")
    ranked = tuple(
        RankedSentence(candidates[at].place, candidates[at].sentence, float(scores[at]), candidates[at].is_fragment)
        for at in order
    )
    return Ranking(ranked, features[order], with_vectors)
