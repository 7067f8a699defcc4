"""The amounts that a quote states: a number with its unit, a percentage, a number of something; and spans of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import AREA, LENGTH, MONEY, UnitOfMeasure, unit_of, word_table, word_tables
from retrieval.nlp.quantities import Quantity, quantities_in
from retrieval.nlp.time_expressions import forms_of

_PERCENT_SIGN = re.compile(r"\s?[%٪]")
_LONGEST_PHRASE = 4  # words of what stands before a number


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, and the tokens that state it; without a value where it is a span or is not read for certain."""

    value: float | None
    first: int  # token of the number
    last: int  # token of the number, inclusive
    unit: UnitOfMeasure | None = None
    end: int = 0  # token of the unit, inclusive; that of the number where there is none
    start: int = 0  # token from which on the amount is said: «أكثر من 37 مليون»
    about: str | None = None  # how exact it is, in English
    is_percentage: bool = False
    is_excluded: bool = False  # said to be another one: «لا 23», "(نحو 3 دولارات)" after dinars
    is_span: bool = False


def amounts_in(quote: QuoteTokens) -> tuple[Amount, ...]:
    """Return the amounts of a quote in its order.

    >>> [(a.value, a.unit and a.unit.english) for a in amounts_in(QuoteTokens("مليار و900 مليون دينار لمدة يومين"))]
    [(1900000000.0, 'dinar'), (2.0, 'day')]
    """
    found: list[Amount] = []
    for amount in sorted((*_numbers(quote), *_duals(quote)), key=lambda one: one.first):
        if found and amount.first <= found[-1].end:
            continue
        whole = _with_what_is_before(quote, _with_unit(quote, amount))
        if found and (spanned := _spanned(quote, found[-1], whole)):
            found[-1] = spanned
        elif found and _glosses(quote, found[-1], whole):
            found.append(replace(whole, is_excluded=True))
        else:
            found.append(whole)
    return tuple(found)


def _numbers(quote: QuoteTokens) -> Iterator[Amount]:
    """Yield the numbers, those that «و» adds up as one, with ordinals and numbers of names left out."""
    waiting: Quantity | None = None
    value = 0.0
    first = 0
    for quantity in (one for one in quantities_in(quote.text) if one.kind == "number"):
        if waiting and _adds(quote, waiting, quantity):
            value, waiting = value + quantity.value, quantity
            continue
        if waiting:
            yield Amount(value, first, waiting.last, end=waiting.last, start=first)
        is_amount = _is_amount(quote, quantity)
        waiting, value, first = (quantity, quantity.value, quantity.first) if is_amount else (None, 0.0, 0)
    if waiting:
        yield Amount(value, first, waiting.last, end=waiting.last, start=first)


def _adds(quote: QuoteTokens, before: Quantity, following: Quantity) -> bool:
    between = quote.words[before.last + 1 : following.first]
    linked = between == ["و"] or (not between and quote.words[following.first].startswith("و"))
    return linked and before.value >= 1000 and following.value < before.value and quote.words[before.last][0].isalpha()


def _is_amount(quote: QuoteTokens, quantity: Quantity) -> bool:
    first = quote.words[quantity.first]
    if first[0].isdigit():
        between = quote.gap(quantity.first - 1) if quantity.first else " "
        before = quote.words[quantity.first - 1] if quantity.first else ""
        return not (between in ("", "-", "–", "،") and before.isascii() and before)  # "D-400", "4-2", «30،528»
    if _is_ordinal(quote.words[quantity.last]) or _is_ordinal(first):
        return False
    return quantity.is_certain or first.removeprefix("ب") in word_table("numbers", "single")


def _is_ordinal(word: str) -> bool:
    bare = word.removeprefix("و").removeprefix("ب").removeprefix("ال")
    return bare in forms_of("prose", "ordinals")


def _duals(quote: QuoteTokens) -> Iterator[Amount]:
    for at, word in enumerate(quote.words):
        form = unit_of(word) or (unit_of(word[1:]) if word[:1] in "بلو" else None)
        if form and form.is_dual and not (at and quote.words[at - 1][0].isdigit()):
            yield Amount(2.0, at, at, form.unit, at, at)


def _with_unit(quote: QuoteTokens, amount: Amount) -> Amount:
    """Return a number with the unit or the sign for per cent that follows it."""
    percentage_end = _percentage_end(quote, amount)
    if amount.unit:
        return amount
    if percentage_end is not None:
        return replace(amount, is_percentage=True, end=percentage_end)
    at = amount.last + 1
    form = unit_of(quote.words[at]) if quote.are_joined(amount.last, at) else None
    if form is None or form.is_dual:
        return amount
    following = quote.words[at + 1] if at + 1 < len(quote) else ""
    power = next((name for name, forms in word_tables("areas").items() if following in forms), None)
    if power is None or form.unit.measure != LENGTH:
        return replace(amount, unit=form.unit, end=at)
    unit = UnitOfMeasure(
        f"{power} {form.unit.english}", f"{power} {form.unit.plural}", AREA if power == "square" else "volume"
    )
    return replace(amount, unit=unit, end=at + 1)


def _percentage_end(quote: QuoteTokens, amount: Amount) -> int | None:
    """Return the last token of a percentage, given its number; None where it is none."""
    if _PERCENT_SIGN.match(quote.text[quote.tokens[amount.last].end :]):
        return amount.last
    at = amount.last + 1
    if not quote.are_joined(amount.last, at):
        return None
    if quote.words[at] in word_table("numbers", "percent"):
        return at
    following = quote.words[at + 1] if at + 1 < len(quote) else ""
    return at + 1 if quote.words[at] == "في" and following in word_table("numbers", "percent_after_in") else None


def _with_what_is_before(quote: QuoteTokens, amount: Amount) -> Amount:
    """Return an amount with the words that say how exact it is, and whether it is said to be another one."""
    start, about = amount.first, None
    for size in range(_LONGEST_PHRASE, 0, -1):
        at = amount.first - size - (amount.first > 0 and quote.words[amount.first - 1] == "ب")
        phrase = " ".join(quote.words[max(at, 0) : at + size])
        about = next((english for english, forms in word_tables("amounts").items() if phrase in forms), None)
        if at >= 0 and about and quote.are_joined(at, amount.first):
            start = at
            break
        about = None
    before = quote.words[max(start - 2, 0) : start]
    contrasted = word_table("numbers", "contrasted")
    if amount.unit and amount.unit.measure == MONEY:
        contrasted = contrasted - word_table("numbers", "in_exchange")
    excluded = bool(before) and (before[-1] in contrasted or (len(before) == 2 and before[0] in contrasted - {"لا"}))
    return replace(amount, start=start, about=about, is_excluded=excluded)


def _spanned(quote: QuoteTokens, first: Amount, second: Amount) -> Amount | None:
    """Return the span that two amounts make, as in «من 1500 إلى 4000 جنيه»."""
    between = quote.words[first.end + 1 : second.start]
    if first.unit not in (None, second.unit) or first.is_percentage > second.is_percentage:
        return None
    before = quote.words[first.start - 1] if first.start else ""
    opened = before in ("من", "بين") or quote.words[first.start].startswith("ب")
    dashed = not between and quote.gap(first.end).strip() in ("-", "–")
    is_open = first.unit is None and between == ["الي"]  # «خمس إلى عشر سنوات»
    if dashed or is_open or (opened and between in (["الي"], ["و"], ["حتي"])):
        return replace(second, value=None, first=first.first, start=first.start, is_span=True)
    return None


def _glosses(quote: QuoteTokens, first: Amount, second: Amount) -> bool:
    """Tell whether an amount in brackets says the one before it in another currency."""
    monies = [one.unit is not None and one.unit.measure == MONEY for one in (first, second)]
    return all(monies) and second.start == first.end + 1 and "(" in quote.gap(first.end)
