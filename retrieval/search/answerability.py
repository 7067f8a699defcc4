"""Answerability: whether what was found covers the question, decided in code before anything is answered.

A name or a number that the collection lacks leaves no answer, and so do names that never stand in one passage together,
a short question's subject that is nowhere said, and, where somebody is asked for, a country apart from its office;
beyond that it asks how much of the question the best passages say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.nlp.analysis import tokens
from retrieval.search.passage_scoring import Reading
from retrieval.search.query import Query, Term
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Hit

SHORT = 3  # terms
LONGEST_SHOWN = 60  # code points of a term that is said to be missing
BESIDE = 6  # words; a nationality stands no farther from the word that it belongs to
CLOSELY = 3  # words; nor does a country


@dataclass(frozen=True, slots=True)
class Answerability:
    """Whether a question is covered, the score that decided, and the words that the collection lacks."""

    covered: bool
    score: float
    threshold: float
    missing: tuple[str, ...]
    passages: tuple[int, ...]  # places, in the hits, of the passages that hold every name and number


def judge(matcher: Matcher, hits: Sequence[Hit], readings: Sequence[Reading]) -> Answerability:
    """Return whether the passages found cover a question; `readings` are those of `hits`, in the same order."""
    question = matcher.question
    threshold = WEIGHTS.thresholds[question.language]
    if not matcher.total or not readings:
        return Answerability(False, 0.0, threshold, (), ())
    term_scores = [_with_parts(question, reading.term_scores) for reading in readings]
    said = [max(column) for column in zip(*term_scores, strict=True)]
    missing = tuple(term.surface for at, term in enumerate(question.terms) if said[at] < _least_said(matcher, at))
    apart = tuple(_apart(matcher, readings)) if question.asks == "who" and not missing else ()
    sure = [at for at, term in enumerate(question.terms) if term.is_named_entity]
    together = tuple(place for place, found in enumerate(term_scores) if all(found[at] >= WEIGHTS.said for at in sure))
    score = max((_score(matcher, hits[place], readings[place]) for place in together), default=0.0)
    covered = not missing and not apart and score >= threshold
    lacking = tuple(as_typed(question.text, surface) for surface in missing or apart)
    return Answerability(covered, score, threshold, lacking, together)


def require_words(
    judged: Answerability, question: Query, readings: Sequence[Reading], words: Collection[str]
) -> Answerability:
    """Return the same with only the passages counting that say those words of a question."""
    needed = [at for at, term in enumerate(question.terms) if set(words).issuperset(term.surface.split())]
    saying = tuple(
        place for place in judged.passages if all(readings[place].term_scores[at] >= WEIGHTS.said for at in needed)
    )
    return replace(judged, covered=judged.covered and bool(saying), passages=saying) if words else judged


def as_typed(text: str, surface: str) -> str:
    """Return a term as it stands in the question, cut where it is long.

    >>> as_typed("من هو رئيس أوكرانيا؟", "رييس اوكرانيا"), as_typed("Who is the US president?", "us president")
    ('رئيس أوكرانيا', 'US president')
    """
    typed = {token.text: text[token.start : token.end] for token in reversed(tokens(text))}
    words = " ".join(typed.get(word, word) for word in surface.split())
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"


def _with_parts(question: Query, term_scores: Sequence[float]) -> list[float]:
    """Return the strengths with a multi-word term as strong as the weakest of its words, where that is stronger."""
    at_surface = {term.surface: at for at, term in enumerate(question.terms) if not term.parts}

    def strength(at: int, term: Term) -> float:
        own = [term_scores[at_surface[part]] for part in term.parts if part in at_surface]
        return max(term_scores[at], min(own, default=0.0))

    return [strength(at, term) for at, term in enumerate(question.terms)]


def _least_said(matcher: Matcher, at: int) -> float:
    """Return how strongly a term must be said somewhere: a name or a number, the subject, and others not at all."""
    if matcher.question.terms[at].kind != "word":
        return WEIGHTS.said
    return WEIGHTS.subject_said if _is_subject(matcher, at) else 0.0


def _is_subject(matcher: Matcher, at: int) -> bool:
    """Tell whether one term is most of what a short question asks about."""
    is_short = sum(idf > 0 for idf in matcher.rarities) <= SHORT
    is_verb = matcher.question.terms[at].surface.endswith("ed")  # of an English question, and another verb may say it
    return is_short and not is_verb and matcher.rarities[at] >= WEIGHTS.subject * matcher.total


def _apart(matcher: Matcher, readings: Sequence[Reading]) -> Iterator[str]:
    """Yield the nationalities and countries that no sentence says beside the word that they belong to."""
    terms = matcher.question.terms
    sentences = [sentence.words for reading in readings for sentence in reading.sentences]
    for at, beside in _belonging(terms):
        reach = BESIDE if terms[at].is_demonym else CLOSELY
        if not any(_near(matcher.places(words, at), matcher.places(words, beside), reach) for words in sentences):
            first, second = sorted((at, beside), key=lambda one: terms[one].place)
            yield f"{terms[first].surface} {terms[second].surface}"


def _belonging(terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield each nationality and country with the word of the question that it belongs to, as places in the terms."""
    at_place = {term.place: at for at, term in enumerate(terms) if not term.parts and term.kind == "word"}
    for at, term in enumerate(terms):
        if not (term.is_demonym or term.is_country) or term.parts:
            continue
        english = (1,) if term.is_demonym else (1, -2)  # "US president", "president of Iran"
        steps = english if term.word is None else (-1,)
        yield from ((at, at_place[term.place + step]) for step in steps if term.place + step in at_place)


def _near(first: Sequence[int], second: Sequence[int], reach: int) -> bool:
    return any(abs(one - other) <= reach for one in first for other in second)


def _score(matcher: Matcher, hit: Hit, reading: Reading) -> float:
    """Return how well one passage covers the question: its best sentence in context, and how densely it matches."""
    question = matcher.question
    best = max(sentence.after for sentence in reading.sentences)
    return best + WEIGHTS.density * hit.lexical_score / (len(question.terms) * question.max_idf)
