"""From a question and what was said before it to the passages found and the gate's verdict on them."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from prompts import prompt
from retrieval.answering.generation import neutralise_delimiters
from retrieval.errors import ModelError
from retrieval.nlp.analysis import language_of, stem, words
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search import answerability
from retrieval.search.answerability import Answerability
from retrieval.search.followups import expansions, is_underspecified, needs_context, telling
from retrieval.search.passage_scoring import Reading, read
from retrieval.search.query import LONGEST_QUESTION, Alternative, Query, Term, Vocabulary
from retrieval.search.term_matcher import SAID, Matcher
from retrieval.types import Article, Filters, Hit, Narrowing, SearchResult, StoryMember, Turn

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

BY_MODEL = 0.5  # the weight of a search word that a model gave
MOST_WORDS = 8  # taken from a model
PREPARING = 0.25  # of the time for an answer: what a model may take before anything is searched
OWN_SAID = 0.5  # of a follow-up's own words, by rarity; with less it need not be one of that turn
OWN_HINTED = 0.2  # the same, where the question alone finds nothing
SURELY = 1.0  # the gate's figure from which even a single word has an answer of its own
LONGEST_TURN = 400  # code points of a question or an answer that a model is reminded of

_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question as it was understood, what was found for it, and whether that covers it."""

    question: Query
    matcher: Matcher
    hits: Sequence[Hit]
    readings: Sequence[Reading]
    verdict: Answerability
    model_words: tuple[str, ...] = ()
    lexical_only: bool = False  # the vectors could not be had


class PassageSource(Protocol):
    """Where passages come from: an index at one generation, or any other retriever; it stands still while it is used.

    Only `search` and `article_by_id` need more than a constant: a source without stories has no `members` and no
    `copies`, one that knows of no days and sources has no `sources`, is not dated, and narrows to nothing.
    """

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what the collection knows of its words, by which a question's terms are weighed."""
        ...

    @property
    def sources(self) -> Sequence[str]:
        """Return the sources that articles state, each once."""
        ...

    @property
    def is_dated(self) -> bool:
        """Tell whether any article states of which day, month or year it is."""
        ...

    @property
    def article_count(self) -> int:
        """Return how many articles there are."""
        ...

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the collection's words."""
        ...

    def search(self, query: Query, limit: int, within: Collection[str] | None = None) -> SearchResult:
        """Return the best passages, best first; of all articles, or of those with some ids."""
        ...

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:
        """Return the ids of the articles that pass filters, and what to say of it."""
        ...

    def article_by_id(self, article_id: str) -> Article:
        """Return the article that a passage is a slice of."""
        ...

    def first_articles(self, limit: int) -> Sequence[Article]:
        """Return some articles to name where none comes near to a question."""
        ...

    def members(self, ids: Iterable[str]) -> Mapping[str, StoryMember]:
        """Return those of some articles that tell a story with others, by id."""
        ...

    def copies(self, article_id: str, text: str) -> Sequence[StoryMember]:
        """Return the other articles of an article's story that carry a text of it, the earliest first."""
        ...


class PassageCollection(Protocol):
    """What gives a `PassageSource` for the time of one question."""

    def pin(self) -> AbstractContextManager[PassageSource]:
        """Give the source as it is now, and as it stays until it is let go."""
        ...


class Searched(Protocol):
    """Where a question is searched: an index, or part of one."""

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the collection's words."""
        ...

    def findings(self, question: Query, limit: int) -> SearchResult:
        """Return the best passages, best first, and why only the words found them, if so."""
        ...


class Retriever:
    """Finds passages for questions, with a model's help where there is one."""

    def __init__(self, index: Searched, model: LLMClient | None) -> None:
        """Take what to search in, and who may be asked how."""
        self._index = index
        self._model = model

    def find(self, text: str, history: Sequence[Turn], deadline: float, limit: int) -> Retrieved:
        """Return what was found; a follow-up is understood by the turns before it."""
        question = self._index.analyse(text)
        if history and (leans := needs_context(question)) != "no":
            if self._model:
                understood = self._rewritten(self._model, question, history, self._until(deadline))
                return self._search(understood, limit, self._until(deadline))
            return self._carried(question, history[-1], limit, surely=leans == "yes")
        return self._search(question, limit, self._until(deadline))

    def _until(self, deadline: float) -> float:
        """Return by when a model must have said what helps to search, so that time is left for the answer."""
        return time.monotonic() + PREPARING * max(deadline - time.monotonic(), 0.0)

    def _carried(self, question: Query, last: Turn, limit: int, *, surely: bool) -> Retrieved:
        """Return what was found with the last turn's topic, where that holds the question's own words too."""
        alone = self._search(question, limit)
        fallback: Retrieved | None = None
        for text in expansions(question, self._index.analyse(last.question)):
            whole = replace(self._index.analyse(text), language=question.language, asks=question.asks)
            found = self._search(whole, limit)
            if not found.verdict.covered:
                continue
            share = _own_share(question, found)
            if share >= (OWN_SAID if surely else 1.0):
                return found
            if is_underspecified(question) or share >= OWN_HINTED:
                fallback = fallback or found
        hardly = is_underspecified(question) and alone.verdict.figure < SURELY
        if fallback and surely and (hardly or not alone.verdict.covered):
            return fallback
        return alone

    def _rewritten(self, model: LLMClient, question: Query, history: Sequence[Turn], deadline: float) -> Query:
        """Return the follow-up as a model says it in full; as it stands where the model is of no use."""
        told = "\n".join(
            f"- {neutralise_delimiters(turn.question)[:LONGEST_TURN]}\n"
            f"  {neutralise_delimiters(turn.answer)[:LONGEST_TURN]}"
            for turn in history
        )
        asked = prompt("rewrite", question.language, history=told, question=neutralise_delimiters(question.text))
        try:
            reply = model.complete(asked, deadline)
        except ModelError:
            reply = ""
        first = next((line.strip() for line in reply.splitlines() if line.strip()), "")
        if not first or len(first) > LONGEST_QUESTION or language_of(first) != question.language:
            found = self._carried(question, history[-1], 1, surely=needs_context(question) == "yes")
            return found.question
        return self._index.analyse(first)

    def _search(self, question: Query, limit: int, deadline: float | None = None) -> Retrieved:
        found = self._judged(question, self._index.findings(question, limit))
        if self._model is None or deadline is None or (question.language == "ar" and found.verdict.covered):
            return found  # the lexicon's way is enough, and a call is saved
        added = self._words(self._model, question, deadline)
        if not added:
            return found
        terms = tuple(_term(word, question) for word in added)
        more = self._index.findings(replace(question, terms=(*question.terms, *terms)), limit)
        return replace(self._judged(question, more), model_words=added)

    def _judged(self, question: Query, findings: SearchResult) -> Retrieved:
        """Return the gate's verdict on the question's own words, whoever helped to find the passages."""
        matcher, hits = Matcher(question), findings.hits
        readings = [read(matcher, hit.passage) for hit in hits]
        verdict = answerability.judge(matcher, hits, readings)
        return Retrieved(question, matcher, hits, readings, verdict, lexical_only=findings.failure is not None)

    def _words(self, model: LLMClient, question: Query, deadline: float) -> tuple[str, ...]:
        """Return the Arabic search words that a model adds to the question's own; none where it is of no use."""
        try:
            reply = model.complete(prompt("search_words", question.language, question=question.text), deadline)
        except ModelError:
            return ()
        known = {own for term in question.terms for way in term.alternatives for own in way.stems}
        line = next((line for line in reply.splitlines() if _ARABIC.search(line)), "")
        new = (word for word in words(line) if _ARABIC.fullmatch(word) and word not in ARABIC_STOP)
        by_stem = {stem(word): word for word in reversed(list(new)) if stem(word) not in known}
        return tuple(reversed(by_stem.values()))[:MOST_WORDS]


def _term(word: str, question: Query) -> Term:
    return Term(word, "word", word, (Alternative((stem(word),), BY_MODEL),), idf=question.max_idf / 2)


def _own_share(question: Query, found: Retrieved) -> float:
    """Return how much of a follow-up's own words the best passage that counts says, by their rarity."""
    own = {(term.surface, term.kind) for term in telling(question) if not term.parts}
    at = [at for at, term in enumerate(found.question.terms) if (term.surface, term.kind) in own]
    whole = sum(found.question.terms[place].idf for place in at)
    if not whole:
        return 1.0
    said = (
        sum(found.question.terms[place].idf for place in at if found.readings[passage].term_scores[place] >= SAID)
        for passage in found.verdict.passages
    )
    return max(said, default=0.0) / whole
