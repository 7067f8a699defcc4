"""How near a sentence states the detail that is asked for to the words of the question.

An age that stands beside the very name is that person's; one behind a comma and a verb may be another's.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.nlp.analysis import tokens
from retrieval.search.asked_details import Detail
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.stated_details import StatedIn, stated_places
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS

# With half or twice of each, near misses are told as well on the made sets (their AUC differs by less than .002).
_HALF_BOUND = 4.0  # words between an expression and a word of the question at which that counts half
_HALF_BESIDE = 3.0  # the same for the rarest word of the question that the sentence says
_SAID_BEFORE = 0.3  # what a word counts that only the sentence before says
_BETWEEN = re.compile(r"[،؛;«»\"“”()–—]|[,.:\-](?!\d)")  # words; no mark of a number


class AskedOf(NamedTuple):
    """A question's terms, the detail that it asks for, and the term of what it counts."""

    matcher: Matcher
    detail: Detail
    counted: int | None


class Binding(NamedTuple):
    """What a sentence states of a detail: whether at all, and how near to the question's words, 0 to 1."""

    stated: float = 0.0
    bound: float = 0.0  # the share of the question's idf, by how few words stand between
    beside: float = 0.0  # by how few words stand between, of the rarest word that is said
    clause: float = 0.0  # the share of the question's idf, by how few commas stand between


def binding_of(
    asked: AskedOf, sentence: ReadSentence, new: Sequence[int], before: Sequence[float] | None = None
) -> Binding:
    """Return how near a sentence states the detail that a question asks for to the question's words.

    `new` are the places of its words that the question does not have, `before` how strongly the sentence before it says
    each term.
    """
    matcher = asked.matcher
    said = matcher.places_by_term(sentence.words)
    counted = said.get(asked.counted, ()) if asked.counted is not None else ()
    places = stated_places(asked.detail, StatedIn(sentence.text, sentence.words, new, counted))
    if not places:
        return Binding()
    if not said:
        return Binding(stated=1.0)
    idfs, clauses = matcher.idfs, _clauses(sentence.text)
    rarest = max(said, key=lambda at: idfs[at])
    context = sum(
        idf * _SAID_BEFORE for at, idf in enumerate(idfs) if at not in said and before and before[at] >= WEIGHTS.said
    )
    by_words = (sum(idfs[at] * _nearness(place, those) for at, those in said.items()) for place in places)
    by_commas = (
        sum(idfs[at] / (1 + min(abs(clauses[place] - clauses[own]) for own in those)) for at, those in said.items())
        for place in places
    )
    return Binding(
        1.0,
        (max(by_words) + context) / matcher.total,
        max(_nearness(place, said[rarest], _HALF_BESIDE) for place in places),
        max(by_commas) / matcher.total,
    )


def _nearness(place: int, others: Sequence[int], half: float = _HALF_BOUND) -> float:
    """Return 1 where one of some words is the next one or the word itself, and a half where `half` lie between."""
    between = max(min(abs(place - other) for other in others) - 1, 0)
    return 1 / (1 + between / half)


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[int, ...]:
    """Return for each word of a text how many commas, colons, dashes, quotation marks and brackets stand before it.

    >>> _clauses("نجا السائق، على بعد 2,5 متر")
    (0, 0, 1, 1, 1, 1)
    """
    marks = [found.start() for found in _BETWEEN.finditer(text)]
    return tuple(bisect(marks, token.start) for token in tokens(text))
