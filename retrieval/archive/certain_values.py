"""The day or the person by which a sentence answers when or who, where a single expression of it is certain to."""

from __future__ import annotations

from retrieval.archive.outcomes import counting_words
from retrieval.archive.parties import attacker_in, is_attack
from retrieval.archive.side_values import AskedValue, StatedValue
from retrieval.expressions.answer_expression import find_expression
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.dates import Period
from retrieval.nlp.days_spoken_of import Clause, days_in
from retrieval.nlp.lexicon import Lexicon
from retrieval.search.weights import WEIGHTS
from retrieval.types import AnswerExpression, Span

_LEAST_SAID = 0.5  # of the question's idf
_SHOWN = {"day": 10, "month": 7, "year": 4}  # letters of a day, as YYYY-MM-DD, that state so much of it


def asks_for_one(asked: AskedValue) -> bool:
    """Tell whether a question can have one answer only: who won, and not who took part."""
    said = {*words(asked.matcher.question.text)}
    return asked.kind != "person" or _asks_for_party(asked) or bool(said & counting_words("single"))


def _asks_for_party(asked: AskedValue) -> bool:
    """Tell whether a question asks who attacked: not who led those who did."""
    return any(is_attack(asked.matcher.question.terms[at].surface) for at in asked.wanted.predicates)


def certain_value(text: str, published: str | None, asked: AskedValue, lexicon: Lexicon) -> StatedValue | None:
    """Return the day or the person that answers in a sentence of an article of a day; None where none is certain."""
    found = find_expression(text, asked.matcher, asked.wanted, lexicon)
    reading = QuoteReading(text, asked.matcher, asked.wanted, lexicon)
    if asked.kind == "date":
        return _day(reading, published, found)
    if _asks_for_party(asked) and (party := attacker_in(text)):
        span, names = party
        return StatedValue(span, text[slice(*span)], "person", _nearness(reading, span), names=names)
    return _person(found, _nearness(reading, Span(found.start, found.end))) if found else None


def _nearness(reading: QuoteReading, span: Span) -> float:
    inside = reading.quote.inside(*span)
    return reading.nearness(Span(inside[0], inside[-1])) if inside else 0.0


def _day(reading: QuoteReading, published: str | None, found: AnswerExpression | None) -> StatedValue | None:
    """Return the day that is certain to answer, or the only one where what is asked of it is said."""
    days = days_in(reading.quote.text, Period(published, published) if published else None)
    if found:
        own = [one for one in days if one.start < found.end and found.start < one.end]
    else:
        own = [one for one in days if one.clause <= Clause.REPORTED and one.precision == "day"]
        if len(own) != 1 or reading.predicate() < WEIGHTS.said or reading.coverage < _LEAST_SAID:
            return None
    if not own or own[0].precision not in _SHOWN:
        return None
    span, shown = Span(own[0].start, own[0].end), own[0].period.first[: _SHOWN[own[0].precision]]
    return StatedValue(span, shown, "date", _nearness(reading, span), period=own[0].period)


def _person(found: AnswerExpression, nearness: float) -> StatedValue:
    titles = word_table("persons", "titles")
    named = [word for word in words(found.text) if word.removeprefix("ال") not in titles]
    names = frozenset(stem(word) for word in named)
    return StatedValue(Span(found.start, found.end), found.text, "person", nearness, names=names)
