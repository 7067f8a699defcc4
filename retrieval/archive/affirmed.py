"""Whether a sentence affirms or denies what a yes-or-no question asks, as far as its words show it."""

from __future__ import annotations

import re

from retrieval.archive.side_marks import is_tentative
from retrieval.archive.side_values import AskedValue, StatedValue
from retrieval.grounding.negation import negations
from retrieval.nlp.analysis import Token, tokens
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.query import Query
from retrieval.search.weights import WEIGHTS
from retrieval.types import Span

_OPEN = re.compile("س?[يتن]")  # by its first letters, in the imperfect
_LEAST = 0.5  # of the question's idf that a sentence must say itself


def affirmed_value(sentence: ReadSentence, asked: AskedValue) -> StatedValue | None:
    """Return whether a sentence affirms or denies what is asked; None where it may do neither."""
    found = tokens(sentence.text)
    matcher = asked.matcher
    said = [at for at, strength in enumerate(sentence.term_scores) if strength >= WEIGHTS.said]
    if sentence.coverage < _LEAST or not {*said} & {*_acts(matcher.question)} or is_tentative(sentence.text):
        return None
    places = _places(found, asked)
    if not places:
        return None
    denied = [
        (negation.cue, at)
        for negation in negations(sentence.text)
        for at in negation.scope
        if at in places and not negation.is_implied
    ]
    if not denied and not all(_is_told(found[at].text, asked) for at in places):
        return None
    first, last = min(denied) if denied else (min(places), max(places))
    span = Span(found[first].start, found[last].end)
    told = {at for _, at in denied} or places
    names = frozenset(str(term) for at in told for term in _terms_at(found[at], asked))
    return StatedValue(span, "no" if denied else "yes", "whether", sentence.coverage, names=names)


def _is_told(word: str, asked: AskedValue) -> bool:
    """Tell whether a word may say that something was: no verb of what is or will be, but where that is asked."""
    is_open = _OPEN.match(word) is not None
    return not is_open or any(_OPEN.match(term.surface) for term in asked.matcher.question.terms)


def _acts(question: Query) -> list[int]:
    """Return the terms that say what may have happened: words that are no names."""
    return [
        at for at, term in enumerate(question.terms) if term.kind == "word" and not term.parts and term.surface.strip()
    ]


def _places(found: list[Token], asked: AskedValue) -> set[int]:
    """Return the words of a sentence that say what is asked to have happened."""
    return {at for at, token in enumerate(found) if _terms_at(token, asked)}


def _terms_at(token: Token, asked: AskedValue) -> set[int]:
    """Return the terms of what is asked to have happened that a word says."""
    strengths = asked.matcher.strengths(token.text)
    return {term for term in _acts(asked.matcher.question) if strengths.get(term, 0.0) >= WEIGHTS.said}
