"""From a question, planned, to the passages found, read against it and judged: the first attempt that is answerable."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.answering.query_rewriting import rewrite_followup, search_words, with_search_words
from retrieval.answering.weights import ANSWER_WEIGHTS
from retrieval.citing.passage_source import PassageSource
from retrieval.errors import EmbeddingError
from retrieval.nlp.lexicon import load_lexicon
from retrieval.reranking import Reranker
from retrieval.search.answerability import Answerability, judge, require_words
from retrieval.search.followups import brings_subject, is_underspecified, telling
from retrieval.search.passage_scoring import Reading
from retrieval.search.query import Query
from retrieval.search.query_plan import QueryPlan, SearchScope
from retrieval.search.sentence_features import ReadHits, read_hits
from retrieval.search.sentence_ranking import Ranking, rank_sentences, rerank
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.search.weights import WEIGHTS
from retrieval.types import Hit, Narrowing, Turn

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

log = logging.getLogger(__name__)

MOST_PASSAGES = 20  # the best passages, whose sentences are ranked


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question as it was understood, the passages found with their sentences read, and whether they cover it."""

    query: Query
    matcher: Matcher
    hits: Sequence[Hit]
    readings: Sequence[Reading]
    ranking: Ranking  # of their sentences
    answerability: Answerability
    filters: Narrowing | None = None  # in force
    model_words: tuple[str, ...] = ()
    lexical_only: bool = False  # the vectors could not be had
    pending: float = 0.0  # the share of the articles that have no vectors yet


def retrieve(source: PassageSource, plan: QueryPlan, client: LLMClient | None, deadline: float) -> Retrieved:
    """Return what the first attempt at a question finds that is answerable; what a refusal shows where none is."""
    refused: Retrieved | None = None
    for place, scope in enumerate(plan.scopes):
        found = _retrieve_within(source, scope, plan.history, client if scope.may_ask_model else None, deadline)
        if found.answerability.covered:
            return replace(found, filters=scope.filters)
        if place == plan.refusal:
            refused = replace(found, filters=scope.refused_filters)
    assert refused is not None
    return refused


def may_be_helped(plan: QueryPlan, found: Retrieved) -> bool:
    """Tell whether a model may find more: a follow-up in full, or words to search by where nothing answers."""
    return not found.answerability.covered or plan.scopes[0].query.needs_context != "no"


def _retrieve_within(
    source: PassageSource, scope: SearchScope, history: Sequence[Turn], client: LLMClient | None, deadline: float
) -> Retrieved:
    """Return what one attempt finds, with a model's help where there is one to ask."""
    if client is None and scope.query.needs_context != "no":
        found = _expanded(source, scope, MOST_PASSAGES)
    elif client is None or not history:
        found = _assisted(source, scope.query, scope, client, deadline)
    else:
        in_full = rewrite_followup(client, scope.query, history, deadline)
        query = source.analyse(in_full) if in_full else _expanded(source, scope, 1).query
        found = _assisted(source, query, scope, client, deadline)
    judged = require_words(found.answerability, found.query, found.readings, scope.required_words)
    return replace(found, answerability=judged)


def _expanded(source: PassageSource, scope: SearchScope, limit: int) -> Retrieved:
    """Return what a follow-up finds with the last turn's topic, where that holds the follow-up's own words too.

    One that may begin a new subject, or names one, must be the likelier to be answered so.
    """
    query, surely = scope.query, scope.query.needs_context == "yes"
    alone = _searched(source, query, scope, limit)
    fallback: Retrieved | None = None
    for in_full in query.expansions:
        found = _searched(source, in_full, scope, limit)
        if not found.answerability.covered:
            continue
        share = _own_share(query, found)
        is_likelier = found.answerability.score >= alone.answerability.score
        is_open = is_likelier or (surely and not brings_subject(query))
        if is_open and share >= (ANSWER_WEIGHTS.own_said if surely else 1.0):
            return found
        if is_underspecified(query) or share >= ANSWER_WEIGHTS.own_hinted:
            fallback = fallback or found
    if fallback is None or not surely:
        return alone
    hardly = is_underspecified(query) and alone.answerability.score < fallback.answerability.score
    return fallback if hardly or not alone.answerability.covered else alone


def _assisted(
    source: PassageSource, query: Query, scope: SearchScope, client: LLMClient | None, deadline: float
) -> Retrieved:
    """Return what a question finds, with a model's search words where its own do not find an answer."""
    found = _searched(source, query, scope, MOST_PASSAGES)
    if client is None or found.answerability.covered:
        return found
    added = search_words(client, query, deadline)
    return _searched(source, query, scope, MOST_PASSAGES, added) if added else found


def _searched(
    source: PassageSource, query: Query, scope: SearchScope, limit: int, model_words: tuple[str, ...] = ()
) -> Retrieved:
    """Return the passages that are found, judged by the question's own words, whoever helped to find them."""
    result = source.search(with_search_words(query, model_words) if model_words else query, limit, scope.within)
    matcher = matcher_for(query)
    articles = {hit.passage.article_id: source.article_by_id(hit.passage.article_id) for hit in result.hits}
    found = read_hits(matcher, result.hits, articles, result.similarities)
    ranking = rank_sentences(found, load_lexicon())
    if source.reranker is not None and limit > 1:  # of one passage, only the question in full is wanted
        ranking = _reranked(found, ranking, source.reranker)
    return Retrieved(
        query,
        matcher,
        result.hits,
        found.readings,
        ranking,
        judge(found, ranking),
        model_words=model_words,
        lexical_only=result.failure is not None,
        pending=result.pending,
    )


def _reranked(found: ReadHits, ranking: Ranking, reranker: Reranker) -> Ranking:
    """Return a ranking whose first sentences were read with the question; as it is where no model can be had."""
    try:
        return rerank(found, ranking, reranker)
    except EmbeddingError as error:
        log.warning("Sentences are not read with the question: %s", error)
        return ranking


def _own_share(query: Query, found: Retrieved) -> float:
    """Return how much of a follow-up's own words, by their idf, one passage says that is on the topic too."""
    own = {(term.surface, term.kind) for term in telling(query) if not term.parts}
    terms = [(at, term) for at, term in enumerate(found.query.terms) if not term.parts]
    asked = [at for at, term in terms if (term.surface, term.kind) in own]
    topic = [at for at, _ in terms if at not in asked]

    def share(places: Sequence[int], passage: int) -> float:
        strengths, idfs = found.readings[passage].term_scores, found.matcher.idfs
        whole = sum(idfs[at] for at in places)
        return sum(idfs[at] for at in places if strengths[at] >= WEIGHTS.said) / whole if whole else 1.0

    shares = (
        share(asked, passage)
        for passage in found.answerability.passages
        if share(topic, passage) >= ANSWER_WEIGHTS.topic_said
    )
    return max(shares, default=0.0)
