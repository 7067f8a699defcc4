"""The day or the person by which a sentence answers when or who, where a single expression of it is certain to."""

from __future__ import annotations

from retrieval.archive.outcomes import counting_words
from retrieval.archive.parties import attacker_in, is_attack
from retrieval.archive.side_values import AskedValue, StatedValue
from retrieval.expressions.answer_expression import find_expression
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.dates import Period
from retrieval.nlp.days_spoken_of import Clause, SpokenDay, days_in
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.time_expressions import forms_of
from retrieval.search.weights import WEIGHTS
from retrieval.types import AnswerExpression, Span

_REACH, _ENGLISH_REACH = 8, 2  # words from a verb of saying to the day: «قال المتحدث باسم الحكومة أمس», "said late on"
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
        of_saying = any(map(_is_saying, words(asked.matcher.question.text)))
        return _day(reading, published, found, of_saying=of_saying)
    if _asks_for_party(asked) and (party := attacker_in(text)):
        span, names = party
        return StatedValue(span, text[slice(*span)], "person", _nearness(reading, span), names=names)
    return _person(found, _nearness(reading, Span(found.start, found.end))) if found else None


def _nearness(reading: QuoteReading, span: Span) -> float:
    inside = reading.quote.inside(*span)
    return reading.nearness(Span(inside[0], inside[-1])) if inside else 0.0


def _day(
    reading: QuoteReading, published: str | None, found: AnswerExpression | None, *, of_saying: bool
) -> StatedValue | None:
    """Return the day that is certain to answer, or the only one where what is asked of it is said.

    The day of a statement is none of these, but where the question is `of_saying`.
    """
    spoken = days_in(reading.quote.text, Period(published, published) if published else None)
    days = [one for one in spoken if of_saying or not is_day_of_saying(reading.quote, Span(one.start, one.end))]
    if found and any(_is_in(one, found) for one in days):
        own = [one for one in days if _is_in(one, found)]
    elif found and not any(_is_in(one, found) for one in spoken):
        return None
    else:
        own = [one for one in days if one.clause <= Clause.REPORTED and one.precision == "day"]
        if len(own) != 1 or reading.predicate() < WEIGHTS.said or reading.coverage < _LEAST_SAID:
            return None
    if own[0].precision not in _SHOWN:
        return None
    span, shown = Span(own[0].start, own[0].end), own[0].period.first[: _SHOWN[own[0].precision]]
    return StatedValue(span, shown, "date", _nearness(reading, span), period=own[0].period)


def _is_in(day: SpokenDay, found: AnswerExpression) -> bool:
    return day.start < found.end and found.start < day.end


def is_day_of_saying(quote: QuoteTokens, day: Span) -> bool:
    """Tell whether a day stands beside a verb of saying, before what is said: it is then the statement's, no event's.

    >>> told = "قال متحدث أمس إن العبّارة غرقت"
    >>> is_day_of_saying(QuoteTokens(told), Span(10, 13)), is_day_of_saying(QuoteTokens("غرقت أمس"), Span(5, 8))
    (True, False)
    """
    inside = quote.inside(*day)
    if not inside:
        return False
    first, last = inside[0], inside[-1]
    is_english = quote.words[first].isascii()
    for at in range(first - 1, max(first - 1 - (_ENGLISH_REACH if is_english else _REACH), -1), -1):
        if not quote.are_in_one_clause(at, at + 1) or quote.words[at] in forms_of("clauses", "content"):
            break
        if _is_saying(quote.words[at]):
            return True
    behind = last + 1
    return behind < len(quote) and quote.are_joined(last, behind) and quote.words[behind] in counting_words("saying")


def _is_saying(word: str) -> bool:
    return not counting_words("saying").isdisjoint(bare_forms(word))


def _person(found: AnswerExpression, nearness: float) -> StatedValue:
    titles = word_table("persons", "titles")
    named = [word for word in words(found.text) if word.removeprefix("ال") not in titles]
    names = frozenset(stem(word) for word in named)
    return StatedValue(Span(found.start, found.end), found.text, "person", nearness, names=names)
