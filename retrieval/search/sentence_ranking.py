"""Sentences in the order in which they are likely to answer a question, by weights that were learnt.

Where a reranker can be had, it reads the likeliest of them together with the question, and they are ordered anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.nlp.lexicon import Lexicon
from retrieval.reranking import Relevance, Reranker, SentenceInContext
from retrieval.search.learnt_weights import FloatArray, RankedBy, load_weights, weigh
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.sentence_features import FEATURES, ReadHits, candidates_of, sentence_features

MOST_RERANKED = 12  # sentences that a reranker reads: 98 % of the gold ones of the newsroom are among so many
READ_FEATURES = ("score", *Relevance._fields)


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
    ranked_by: RankedBy
    relevance: tuple[Relevance, ...] = ()  # of the first sentences, where a reranker read them, in their order


def rank_sentences(found: ReadHits, lexicon: Lexicon) -> Ranking:
    """Return the sentences of hits in the order in which they are likely to answer."""
    candidates = candidates_of(found)
    features = sentence_features(found, candidates, lexicon)
    ranked_by: RankedBy = "vectors" if found.similarities else "words"
    scores = weigh(load_weights(ranked_by).sentences, FEATURES, features)
    order = np.argsort(-scores, kind="stable")
    ranked = tuple(
        RankedSentence(candidates[at].place, candidates[at].sentence, float(scores[at]), candidates[at].is_fragment)
        for at in order
    )
    return Ranking(ranked, features[order], ranked_by)


def rerank(found: ReadHits, ranking: Ranking, reranker: Reranker) -> Ranking:
    """Return a ranking whose first sentences a reranker has read.

    Where the vectors are still being made, the words have ranked; they judge the answer then, too.

    Raises:
        EmbeddingError: the reranker cannot be loaded.
    """
    read = ranking.sentences[:MOST_RERANKED]
    if not read:
        return ranking
    relevance = reranker.read(found.matcher.question.text, [in_context(found, one) for one in read])
    scores = np.array([one.score for one in ranking.sentences])
    return reordered(
        ranking, relevance, weigh(load_weights("reranker").sentences, READ_FEATURES, read_features(scores, relevance))
    )


def read_features(scores: FloatArray, relevance: Sequence[Relevance]) -> FloatArray:
    """Return the features of sentences of which the first were read; the others count as the least of those."""
    rows = np.zeros((len(scores), len(READ_FEATURES)))
    rows[:, 0] = scores
    rows[: len(relevance), 1:] = relevance
    rows[len(relevance) :, 1:] = np.array(relevance).min(0)
    return rows


def reordered(ranking: Ranking, relevance: Sequence[Relevance], scores: FloatArray) -> Ranking:
    """Return a ranking by other scores, with what was said of its first sentences."""
    count = len(relevance)
    order = [*np.argsort(-scores[:count], kind="stable"), *range(count, len(scores))]
    sentences = tuple(replace(ranking.sentences[at], score=float(scores[at])) for at in order)
    ranked_by: RankedBy = "words" if ranking.ranked_by == "words" else "reranker"
    return Ranking(sentences, ranking.features[order], ranked_by, tuple(relevance[at] for at in order[:count]))


def in_context(found: ReadHits, one: RankedSentence) -> SentenceInContext:
    """Return a sentence with its headline and the sentence before it."""
    before = found.neighbour(one.place, one.sentence, -1)
    title = found.articles[found.article_at(one.place)].title or ""
    headline = "" if one.is_fragment else title
    return SentenceInContext(one.sentence.text, headline, before.text if before else "")
