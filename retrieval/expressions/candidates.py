"""The expressions of a quote that are of the kind that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.expressions.amounts import Amount, amounts_in
from retrieval.expressions.known_names import consonants, is_country
from retrieval.expressions.moments import Moment, moments_in
from retrieval.expressions.names import NamedThing, NameReader
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.word_tables import SPAN_OF_TIME, word_table, word_tables
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.weights import WEIGHTS
from retrieval.types import Span

NOUN_SAID = 0.7  # from which a word surely is the noun that is counted: itself, inflected, or an early equivalent
_LONGEST_LINK = 6  # words between what is counted and its number: «الوفيات جراء الكوليرا بلغت 17»
_ATTRIBUTE_REACH = 4  # words before a measure that may say what is measured


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expression of the kind that is asked for: its tokens, the end inclusive, and what it states."""

    span: Span
    stated: Amount | Moment | NamedThing


def candidates_in(reading: QuoteReading, lexicon: Lexicon) -> list[Candidate]:
    """Return the expressions of a quote that may answer, in its order; none that only says what the question says."""
    found = _dates(reading) if reading.wanted.kind == "date" else _others(reading, lexicon)
    return [one for one in found if not _repeats(reading, one.span)]


def _repeats(reading: QuoteReading, span: Span) -> bool:
    """Tell whether a span only says what the question says: «سنة 2005» where 2005 is asked about."""
    light = word_table("questions", "light")
    return all(reading.is_asked(at) or reading.quote.words[at] in light for at in range(span.start, span.end + 1))


def _dates(reading: QuoteReading) -> Iterator[Candidate]:
    for moment in moments_in(reading.quote.text):
        inside = reading.quote.inside(moment.start, moment.end)
        if inside and moment.is_telling and _has_part(moment, reading.wanted.part):
            yield Candidate(Span(inside[0], inside[-1]), moment)


def _has_part(moment: Moment, part: str | None) -> bool:
    said = {"year": moment.has_year, "month": moment.has_month, "day": moment.has_day, "clock": moment.is_clock}
    return part is None or said.get(part, True)


def _others(reading: QuoteReading, lexicon: Lexicon) -> Iterator[Candidate]:
    quote = reading.quote
    dated = {at for moment in moments_in(quote.text) for at in quote.inside(moment.start, moment.end)}
    if reading.wanted.kind == "place":
        for place in NameReader(quote, lexicon, dated).places():
            words = quote.words[place.name : place.last + 1]
            if reading.wanted.part != "country" or (len(words) == 1 and is_country(words[0], lexicon)):
                yield Candidate(Span(place.first, place.last), place)
        return
    if reading.wanted.kind == "person":
        for person in NameReader(quote, lexicon, dated).people():
            yield Candidate(Span(person.first, person.last), person)
        return
    yield from _amounts(reading, dated)


def _amounts(reading: QuoteReading, dated: set[int]) -> Iterator[Candidate]:
    since = 0  # the token after the amount before
    for amount in amounts_in(reading.quote):
        is_date = amount.first in dated and amount.unit is None and not amount.is_percentage
        end = None if amount.is_excluded or is_date else _amount_end(reading, amount, since)
        if end is not None:
            yield Candidate(Span(amount.start, end), amount)
        since = amount.end + 1


def _amount_end(reading: QuoteReading, amount: Amount, since: int) -> int | None:
    """Return the last token of an amount of the kind that is asked for; None where it is of another kind."""
    if reading.wanted.kind == "number":
        return None if amount.is_percentage else _counted_end(reading, amount)
    fits = {"percentage": amount.is_percentage, "age": _is_age(reading, amount, since)}
    return amount.end if fits.get(reading.wanted.kind, _is_measured(reading, amount, since)) else None


def _is_measured(reading: QuoteReading, amount: Amount, since: int) -> bool:
    """Tell whether an amount has a unit of what is asked for, or stands after the word that says what is measured."""
    wanted, unit = reading.wanted, amount.unit
    if unit is None or (wanted.units and unit.english not in wanted.units):
        return False
    if unit.measure in wanted.measures:
        before = reading.quote.words[max(amount.start - 1, 0) : amount.start]
        return wanted.kind != "duration" or not {*before} & word_table("numbers", "since")  # «بعد يومين» is a moment
    return _is_attribute_said(reading, amount, since)


def _is_attribute_said(reading: QuoteReading, amount: Amount, since: int) -> bool:
    """Tell whether what is measured is said before a measure: «وطوله 74 كيلومترا»."""
    attribute = reading.wanted.attribute
    before = reading.quote.words[max(amount.start - _ATTRIBUTE_REACH, since) : amount.start]
    said = {word.removeprefix("و") for word in before} | {*before}
    return attribute is not None and bool(said & word_tables("attributes")[attribute])


def _is_age(reading: QuoteReading, amount: Amount, since: int) -> bool:
    """Tell whether an amount is an age: «عمره 53 عاما», «في عمر 38»."""
    quote, ages = reading.quote, word_table("questions", "age")
    if amount.unit and amount.unit.measure != SPAN_OF_TIME:
        return False
    before = quote.words[max(amount.start - 2, since) : amount.start]
    return bool({*before} & ages) if amount.unit else bool({*before[-1:]} & ages)


def _counted_end(reading: QuoteReading, amount: Amount) -> int | None:
    """Return the last token of a number with the noun that is counted; None where another one is."""
    quote, words, following = reading.quote, reading.quote.words, amount.end + 1
    if amount.unit is None and quote.are_joined(amount.end, following):
        if _is_counted(reading, following):
            return following
        ends = (following + 1, following + 2)  # «خمسة من الأمراء», «110 رؤوس من الإبل»
        for end in ends:
            if quote.are_joined(amount.end, end) and words[end - 1] == "من" and _is_counted(reading, end):
                return end if words[following][0] != "و" else None
        if words[following] in word_table("numbers", "people"):
            return following if _counts_people(reading, amount.start, following) else None
    return amount.end if _is_linked(reading, amount) else None


def _is_counted(reading: QuoteReading, at: int) -> bool:
    noun, counted = reading.wanted.noun, reading.wanted.counted
    if noun is None or counted is None:
        return False
    score = reading.score(at, (noun,))
    is_plural = consonants(counted) == consonants(reading.quote.words[at])
    return score >= NOUN_SAID or (score >= WEIGHTS.said and is_plural)


def _counts_people(reading: QuoteReading, start: int, noun: int) -> bool:
    """Tell whether people are counted of whom right beside it is said what is asked: «قُتل تسعة أشخاص»."""
    wanted, quote = reading.wanted, reading.quote
    asks_people = wanted.counted in word_table("numbers", "people")
    terms = wanted.predicates if asks_people or wanted.noun is None else (wanted.noun,)
    beside = [at for at in (start - 2, start - 1) if quote.are_joined(at, start)]
    beside += [noun + 1] if quote.are_joined(noun, noun + 1) else []
    return any(reading.score(at, terms) >= WEIGHTS.said for at in beside)


def _is_linked(reading: QuoteReading, amount: Amount) -> bool:
    """Tell whether a number follows what it counts: «الوفيات بلغت 17»."""
    quote, linking, is_linked = reading.quote, word_table("numbers", "linking"), False
    for at in range(amount.start - 1, max(amount.start - 1 - _LONGEST_LINK, -1), -1):
        if not quote.are_joined(at, amount.start):
            return False
        if _is_counted(reading, at):
            return is_linked
        word = quote.words[at]
        is_linked = is_linked or word in linking
        if word not in linking and word not in ARABIC_STOP and not reading.is_asked(at):
            return False
    return False
