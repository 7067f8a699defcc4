"""Find in a quote the expression that answers a question: none rather than one that is not certain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from retrieval.expressions.candidates import Candidate, candidates_in
from retrieval.expressions.english_expression import in_english
from retrieval.expressions.limits import LIMITS, ExpressionLimits
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.wanted import Wanted, wanted_expression
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.lexicon import Lexicon
from retrieval.search.term_matcher import Matcher
from retrieval.types import AnswerExpression, Citation, Span

_NAMED = ("place", "person")


@dataclass(frozen=True, slots=True)
class RatedCandidate:
    """A candidate, and how well it stands beside what the question says, each 0 to 1."""

    candidate: Candidate
    nearness: float  # the share of the question's idf that is near it
    anchor: float  # how near what is asked is said of it

    @property
    def strength(self) -> float:
        """Return what to rank by."""
        return self.nearness + self.anchor


def mark_expressions(citations: Iterable[Citation], matcher: Matcher, lexicon: Lexicon) -> tuple[Citation, ...]:
    """Return citations with the expression that answers the question in each quote where it is certain."""
    wanted = wanted_expression(matcher.question)
    if wanted is None:
        return tuple(citations)
    return tuple(
        replace(citation, expression=find_expression(citation.quote, matcher, wanted, lexicon))
        for citation in citations
    )


def find_expression(quote: str, matcher: Matcher, wanted: Wanted, lexicon: Lexicon) -> AnswerExpression | None:
    """Return the expression of a quote that answers a question; None where no single one is certain."""
    reading = QuoteReading(quote, matcher, wanted, lexicon)
    best = _best(reading, lexicon)
    if best is None:
        return None
    start, end = _slice(best.candidate, reading.quote)
    english = None
    if matcher.question.language == "en":
        english = in_english(best.candidate, reading.quote, wanted, lexicon)
    return AnswerExpression(quote[start:end], start, end, wanted.kind, english)


def _best(reading: QuoteReading, lexicon: Lexicon) -> RatedCandidate | None:
    """Return the candidate that is certain to answer."""
    limits = LIMITS[reading.wanted.kind]
    if reading.coverage < limits.coverage or reading.weakest(names_only=True) < limits.name:
        return None
    found = candidates_in(reading, lexicon)
    spans = [one.span for one in found]
    rated = [_rated(reading, one, [span for span in spans if span != one.span]) for one in found]
    rated.sort(key=lambda one: -one.strength)
    if not rated or (len(rated) > 1 and rated[0].strength - rated[1].strength < limits.margin):
        return None
    return rated[0] if _is_certain(reading, rated[0], limits) else None


def _rated(reading: QuoteReading, one: Candidate, others: list[Span]) -> RatedCandidate:
    kind = reading.wanted.kind
    if kind not in _NAMED:
        return RatedCandidate(one, reading.nearness(one.span), reading.anchor(one.span, others))
    tables = (("places", "before"), ("places", "compass"))
    if kind == "person":
        tables = (("persons", "titles"), ("persons", "before"))
    fillers = frozenset[str]().union(*(word_table(*table) for table in tables))
    anchor = reading.run(one.span, fillers, definite=kind == "person")
    return RatedCandidate(one, reading.nearness(one.span), anchor)


def _is_certain(reading: QuoteReading, one: RatedCandidate, limits: ExpressionLimits) -> bool:
    kind = reading.wanted.kind
    if kind == "person" and reading.goes_on_name(one.candidate.span.start):
        return False
    if kind == "date" or kind in _NAMED:
        is_said = reading.said() >= limits.said and reading.weakest(names_only=False) >= limits.weakest
        return one.anchor >= limits.anchor and one.nearness >= limits.nearness and is_said
    if reading.predicate() < limits.predicate or reading.said() < limits.said:
        return False
    return one.anchor >= limits.anchor or one.nearness >= limits.nearness


def _slice(candidate: Candidate, quote: QuoteTokens) -> Span:
    """Return the slice of the quote that an expression is, with its sign for per cent."""
    start, end = quote.span(*candidate.span)
    rest = quote.text[end:]
    sign = rest[: len(rest) - len(rest.lstrip(" "))] + rest.lstrip(" ")[:1]
    if sign.strip() in ("%", "٪") and len(sign) <= 2:
        end += len(sign)
    return Span(start, end)
