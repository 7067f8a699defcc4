"""The day or the person by which a sentence answers when or who, where a single expression of it is certain to."""

from __future__ import annotations

from retrieval.archive.outcomes import counting_words
from retrieval.archive.side_values import AskedValue, StatedValue
from retrieval.expressions.answer_expression import find_expression
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.dates import Period
from retrieval.nlp.days_spoken_of import days_in
from retrieval.nlp.lexicon import Lexicon
from retrieval.types import AnswerExpression, Span

_SHOWN = {"day": 10, "month": 7, "year": 4}  # letters of a day, as YYYY-MM-DD, that state so much of it


def asks_for_one(asked: AskedValue) -> bool:
    """Tell whether a question can have one answer only: who won, and not who took part."""
    return asked.kind != "person" or bool({*words(asked.matcher.question.text)} & counting_words("single"))


def certain_value(text: str, published: str | None, asked: AskedValue, lexicon: Lexicon) -> StatedValue | None:
    """Return the day or the person that answers in a sentence of an article of a day; None where none is certain."""
    found = find_expression(text, asked.matcher, asked.wanted, lexicon)
    if found is None:
        return None
    quote = QuoteReading(text, asked.matcher, asked.wanted, lexicon)
    inside = quote.quote.inside(found.start, found.end)
    nearness = quote.nearness(Span(inside[0], inside[-1])) if inside else 0.0
    return _day(text, published, found, nearness) if asked.kind == "date" else _person(found, nearness)


def _day(text: str, published: str | None, found: AnswerExpression, nearness: float) -> StatedValue | None:
    own = Period(published, published) if published else None
    day = next((one for one in days_in(text, own) if one.start < found.end and found.start < one.end), None)
    if day is None or day.precision not in _SHOWN:
        return None
    shown = day.period.first[: _SHOWN[day.precision]]
    return StatedValue(Span(found.start, found.end), shown, "date", nearness, period=day.period)


def _person(found: AnswerExpression, nearness: float) -> StatedValue:
    titles = word_table("persons", "titles")
    named = [word for word in words(found.text) if word.removeprefix("ال") not in titles]
    names = frozenset(stem(word) for word in named)
    return StatedValue(Span(found.start, found.end), found.text, "person", nearness, names=names)
