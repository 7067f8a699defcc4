"""Find in a quote the expression that answers a question: none rather than one that is not certain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from retrieval.expressions.amounts import Amount
from retrieval.expressions.candidates import Candidate, candidates_in
from retrieval.expressions.english_expression import in_english
from retrieval.expressions.limits import LIMITS, ExpressionLimits
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.wanted import Wanted, wanted_expression
from retrieval.expressions.word_tables import SPAN_OF_TIME, word_table
from retrieval.nlp.analysis import stems
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.quantities import quantities_in
from retrieval.search.term_matcher import Matcher
from retrieval.types import AnswerExpression, Citation, ExpressionKind, Span

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
    """Return citations with the expression that answers the question in the first quote, where it is certain.

    In a further quote it is marked only where that says the same: every second one of the others would be wrong. What
    is marked already stays.
    """
    wanted, cited = wanted_expression(matcher.question), tuple(citations)
    if wanted is None or not cited:
        return cited
    found = [find_expression(citation.quote, matcher, wanted, lexicon) for citation in cited]
    first = found[0]
    agreeing = [one if one and first and _is_same(first, one) else None for one in found]
    return tuple(
        replace(citation, expression=one or citation.expression) for citation, one in zip(cited, agreeing, strict=True)
    )


def _is_same(first: AnswerExpression, other: AnswerExpression) -> bool:
    """Tell whether two expressions state the same: the same numbers, or a word of the same name or date."""
    numbers, others = ({one.value for one in quantities_in(said.text)} for said in (first, other))
    if numbers or others:
        return numbers == others
    return bool({*stems(first.text)} & {*stems(other.text)})


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
    return AnswerExpression(quote[start:end], start, end, _kind(best.candidate, wanted), english)


def _kind(candidate: Candidate, wanted: Wanted) -> ExpressionKind:
    """Return the kind of an expression: how long is answered by a duration or by a length."""
    unit = candidate.stated.unit if isinstance(candidate.stated, Amount) else None
    return "measure" if wanted.kind == "duration" and unit and unit.measure != SPAN_OF_TIME else wanted.kind


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
    if rated[0].nearness < max(one.nearness for one in rated):
        return None  # what is asked stands beside the one, and of whom it is asked beside another
    is_alone = len(rated) == 1 or reading.wanted.kind not in ("date", *_NAMED)
    return rated[0] if _is_certain(reading, rated[0], limits, is_alone=is_alone) else None


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


def _is_certain(reading: QuoteReading, one: RatedCandidate, limits: ExpressionLimits, *, is_alone: bool) -> bool:
    kind = reading.wanted.kind
    if kind == "person" and reading.goes_on_name(one.candidate.span.start):
        return False
    if reading.said() < limits.said or reading.weakest(names_only=False) < limits.weakest:
        return False
    if kind == "person" and one.nearness < limits.nearness:
        return False
    is_near = one.nearness >= limits.nearness and reading.coverage >= limits.covered_alone and is_alone
    return one.anchor >= limits.anchor or (is_near and reading.predicate() >= limits.predicate)


def _slice(candidate: Candidate, quote: QuoteTokens) -> Span:
    """Return the slice of the quote that an expression is, with its sign for per cent."""
    start, end = quote.span(*candidate.span)
    rest = quote.text[end:]
    sign = rest[: len(rest) - len(rest.lstrip(" "))] + rest.lstrip(" ")[:1]
    if sign.strip() in ("%", "٪") and len(sign) <= 2:
        end += len(sign)
    return Span(start, end)
