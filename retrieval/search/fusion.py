"""Ranking, pure: what the two legs found becomes one list, best first.

What each leg says of a passage counts by the embedder's weights (`weights.fusion_weights`); what the passage covers of
the question, as a whole and in its best sentence, is what else counts. Scores lie between 0 and 1, higher is better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from retrieval.search.collapse import CollapseLevel, collapse_by_story
from retrieval.search.passage_scoring import Reading, ReadSentence, read, same_statement
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS, FusionWeights
from retrieval.types import Hit, Passage, StoryMember

CANDIDATES = 30  # passages that each leg hands on
MOST_READ = 25  # passages whose sentences are read, the best by both legs together


def above_lowest(found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return what the vectors of a model found, each scored by how far it stands above the lowest.

    The similarities of such models lie close together, and where is their own affair: from .7 up for e5.

    >>> above_lowest([("a", 1.0), ("b", 0.8), ("c", 0.75)])[::2]
    [('a', 0.25), ('c', 0.0)]
    """
    lowest = min((score for _, score in found), default=0.0)
    return [(passage_id, score - lowest) for passage_id, score in found]


def fuse(
    matcher: Matcher,
    passages: Mapping[str, Passage],
    by_words: Sequence[tuple[str, float]],
    by_vectors: Sequence[tuple[str, float]],
    weights: FusionWeights,
    *,
    members: Mapping[str, StoryMember] = MappingProxyType({}),
    collapse: CollapseLevel = "statement",
    pending: Collection[str] = (),
) -> list[Hit]:
    """Return the passages that either leg found, best first, with one hit for the copies of a story.

    Both legs give passage ids with scores, higher is better; an id that `passages` lacks is left out. Of those that
    are `pending`, which have no vectors yet, the words are taken to tell what the vectors would.
    """
    lexical_rank = {passage_id: rank for rank, (passage_id, _) in enumerate(by_words, 1)}
    vector_rank = {passage_id: rank for rank, (passage_id, _) in enumerate(by_vectors, 1)}
    bm25 = dict(by_words)
    words_share, vectors_share = _shares(by_words), _shares(by_vectors)
    vectors_share |= {own: words_share.get(own, 0.0) for own in pending}
    first = {
        passage_id: weights.words * words_share.get(passage_id, 0.0)
        + weights.vectors * vectors_share.get(passage_id, 0.0)
        for passage_id in {**lexical_rank, **vector_rank}
        if passage_id in passages
    }
    whole = weights.words + weights.vectors + weights.coverage + weights.sentence
    scored = []
    for passage_id in sorted(first, key=lambda passage_id: (-first[passage_id], passage_id))[:MOST_READ]:
        reading = read(matcher, passages[passage_id])
        best = _best(reading).coverage
        score = (first[passage_id] + weights.coverage * reading.coverage + weights.sentence * best) / whole
        ranks = lexical_rank.get(passage_id), vector_rank.get(passage_id)
        scored.append((Hit(passages[passage_id], score, *ranks, bm25.get(passage_id, 0.0)), reading))

    def order(entry: tuple[Hit, Reading]) -> tuple[object, ...]:
        member = members.get(entry[0].passage.article_id)
        return _level(entry[0]), *(member.seniority if member else ("", "")), entry[0].passage.passage_id

    scored.sort(key=order)
    return _demote_repetitions(collapse_by_story(scored, members, collapse))


def _level(hit: Hit) -> float:
    """Return what to rank a hit by; copies that differ by a rounding error are equals."""
    return -round(hit.score, 9)


def _shares(found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Return each score as a share of the best one; what scores nothing is nothing."""
    best = max((score for _, score in found), default=0.0)
    return {passage_id: max(score, 0.0) / best for passage_id, score in found} if best > 0 else {}


def _demote_repetitions(scored: list[tuple[Hit, Reading]]) -> list[Hit]:
    """Return the hits with those demoted whose best sentence a better one has said already."""
    said: list[str] = []
    hits = []
    for hit, reading in scored:
        best = _best(reading).text
        if any(same_statement(best, earlier) for earlier in said):
            hits.append(replace(hit, score=hit.score * WEIGHTS.repeated))
        else:
            said.append(best)
            hits.append(hit)
    return sorted(hits, key=_level)


def _best(reading: Reading) -> ReadSentence:
    return max(reading.sentences, key=lambda sentence: sentence.coverage)
