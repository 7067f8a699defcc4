"""An expression said in English, where each of its words is known for certain."""

from __future__ import annotations

import re

from retrieval.expressions.amounts import Amount
from retrieval.expressions.candidates import Candidate
from retrieval.expressions.known_names import place_in_english
from retrieval.expressions.moments import Moment
from retrieval.expressions.names import NamedThing
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.wanted import Wanted
from retrieval.nlp.analysis import normalise
from retrieval.nlp.lexicon import Lexicon

_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_LATIN_GLOSS = re.compile(r"\s?[(«\"“]+(?P<name>[A-Z][A-Za-zÀ-ɏ'’.-]+(?: [A-Za-zÀ-ɏ'’.-]+){0,5})[)»\"”]+")


def in_english(candidate: Candidate, quote: QuoteTokens, wanted: Wanted, lexicon: Lexicon) -> str | None:
    """Return an expression in English; None where that is not certain."""
    stated = candidate.stated
    if isinstance(stated, Moment):
        return stated.english
    if isinstance(stated, Amount):
        return amount_in_english(stated, wanted)
    if wanted.kind == "place":
        return _place(stated, quote, lexicon)
    return _person(stated, quote, lexicon)


def amount_in_english(amount: Amount, wanted: Wanted) -> str | None:
    """Return an amount in English: "about 1.9 billion dinars", "7 killed", "13.4%"."""
    if amount.value is None:
        return None
    number = _number(amount.value)
    if amount.is_percentage:
        words = f"{number}%"
    elif amount.unit:
        unit = amount.unit.english if amount.value == 1 else amount.unit.plural
        words = f"{number} {unit}{' old' if wanted.kind == 'age' else ''}"
    elif wanted.kind == "number" and wanted.counted_in_english:
        words = f"{number} {wanted.counted_in_english}"
    else:
        words = number
    return f"{amount.about} {words}" if amount.about else words


def _number(value: float) -> str:
    """Return a number as English writes it.

    >>> [_number(value) for value in (1.9e9, 350000.0, 13.4, 7.0)]
    ['1.9 billion', '350,000', '13.4', '7']
    """
    for size, name in _LARGE:
        if value >= size and (value / size * 1000).is_integer():
            return f"{_number(value / size)} {name}"
    return f"{int(value):,}" if value.is_integer() else f"{value:,.10g}"


def _place(place: NamedThing, quote: QuoteTokens, lexicon: Lexicon) -> str | None:
    """Return the English name of a country or a city that is named alone, or after «مدينة»."""
    words = quote.words[place.first : place.last + 1]
    if len(words) == 2 and words[0].removeprefix("ب") in ("مدينه", "دوله"):
        words = words[1:]
    return place_in_english(words[0], lexicon) if len(words) == 1 else None


def _person(person: NamedThing, quote: QuoteTokens, lexicon: Lexicon) -> str | None:
    """Return a person's name in Latin letters: as the quote has it beside, or as the lexicon knows it whole."""
    span = quote.span(person.name, person.last)
    gloss = _LATIN_GLOSS.match(quote.text[span.end :])
    if gloss:
        return gloss["name"]
    name = normalise(quote.text[span.start : span.end])
    known = (
        english
        for english, equivalents in lexicon.sections["people"].items()
        if " " in english and name in map(normalise, equivalents)
    )
    return next((" ".join(_capitalised(word) for word in english.split()) for english in known), None)


def _capitalised(word: str) -> str:
    first, dash, rest = word.partition("-")
    return f"{first}-{rest.capitalize()}" if dash and first in ("al", "el") else word.capitalize()
