"""The gate: whether what was found covers the question, decided in code before anything is answered.

A name or a number that the collection lacks closes it, and so do names that never stand in one passage
together; beyond that it asks how much of the question the best passages say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.matching import Matcher
from retrieval.questions import Question, Term
from retrieval.reading import Reading
from retrieval.types import Hit, Language

SAID = 0.4  # the strength from which a term counts as said
DENSITY_WEIGHT = 0.2  # of the BM25 score per term, over that of a term that stands in one passage alone
THRESHOLDS: Mapping[Language, float] = {"ar": 0.55, "en": 0.29}  # from bench/answers.py, at under 5 % false refusals


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a question is covered, the figure that decided, and the words that the collection lacks."""

    covered: bool
    figure: float
    threshold: float
    missing: tuple[str, ...]
    passages: tuple[int, ...]  # places, in the hits, of the passages that hold every name and number


def judge(matcher: Matcher, hits: Sequence[Hit], readings: Sequence[Reading]) -> Verdict:
    """Return whether the passages found cover a question; `readings` are those of `hits`, in the same order."""
    question = matcher.question
    threshold = THRESHOLDS[question.language]
    if not matcher.total or not readings:
        return Verdict(False, 0.0, threshold, (), ())
    strengths = [_with_parts(question, reading.strengths) for reading in readings]
    missing = tuple(
        term.surface
        for at, term in enumerate(question.terms)
        if term.kind != "word" and max(found[at] for found in strengths) < SAID
    )
    sure = [at for at, term in enumerate(question.terms) if term.sure]
    together = tuple(place for place, found in enumerate(strengths) if all(found[at] >= SAID for at in sure))
    figure = max((_figure(matcher, hits[place], readings[place]) for place in together), default=0.0)
    return Verdict(not missing and figure >= threshold, figure, threshold, missing, together)


def _with_parts(question: Question, strengths: Sequence[float]) -> list[float]:
    """Return the strengths with a multi-word term as strong as the weakest of its words, where that is stronger."""
    at_surface = {term.surface: at for at, term in enumerate(question.terms) if not term.parts}

    def strength(at: int, term: Term) -> float:
        own = [strengths[at_surface[part]] for part in term.parts if part in at_surface]
        return max(strengths[at], min(own, default=0.0))

    return [strength(at, term) for at, term in enumerate(question.terms)]


def _figure(matcher: Matcher, hit: Hit, reading: Reading) -> float:
    """Return how well one passage covers the question: its best sentence in context, and how densely it matches."""
    question = matcher.question
    best = max(sentence.after for sentence in reading.sentences)
    return best + DENSITY_WEIGHT * hit.words_score / (len(question.terms) * question.most_rare)
