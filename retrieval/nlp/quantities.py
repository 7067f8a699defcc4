"""The quantities of a text: its numbers, as digits or as words, its months and its days of the week."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from retrieval.nlp.analysis import Token, normalise, tokens
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.dates import MONTH_OF, WEEKDAY_OF
from retrieval.nlp.word_lists import read_word_lists

QuantityKind = Literal["number", "month", "weekday"]

EARLIEST_YEAR, LATEST_YEAR = 1000, 2100  # a bare number between them reads as a year
_CACHE_SIZE = 4096  # texts


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a month (1 to 12) or a day of the week (0, Monday, to 6), and the tokens that state it."""

    kind: QuantityKind
    value: float
    first: int  # token
    last: int  # token, inclusive
    is_certain: bool = True  # False where the word may well mean something else
    is_decade: bool = False  # as in "the 1960s"
    is_unit: bool = False  # the word is also what is counted: «ساعتين», two hours

    def agrees(self, other: Quantity) -> bool:
        """Tell whether another quantity is the same: sixties, too, are the 1960s."""
        if self.kind != other.kind:
            return False
        return (
            self.value == other.value
            or (self.is_decade and other.value == self.value % 100)
            or (other.is_decade and self.value == other.value % 100)
        )

    @property
    def is_year(self) -> bool:
        """Tell whether it reads as a year."""
        return self.kind == "number" and self.value.is_integer() and EARLIEST_YEAR <= self.value <= LATEST_YEAR


def _normal(listed: str) -> list[str]:
    return [normalise(word) for word in listed.split()]


_WORDS = read_word_lists("nlp", "quantities")
_CARDINALS, _ORDINALS = (
    {word: int(number) for number, words in _WORDS[kind].items() for word in _normal(words)}
    for kind in ("cardinals", "ordinals")
)
_SCALES = (10**12, 10**9, 10**6, 1000)
MOST_SPELLINGS = 6  # of one number
_VAGUE = frozenset(_normal(_WORDS["vague"]))
_DUALS = frozenset(_normal(_WORDS["duals"]))
_ONE_OF_TEN = frozenset(_normal(_WORDS["one_of_ten"]))
_WEEKDAYS = {name: day for name, day in WEEKDAY_OF.items() if name.endswith("day") or not name.isascii()}  # no "sun"
_AMBIGUOUS_MONTHS, _BEFORE_MONTH = (frozenset(_normal(_WORDS[kind])) for kind in ("ambiguous_months", "before_month"))
_VULGAR = re.compile("[\u00bc-\u00be\u2150-\u215e]")
_PERCENT_AFTER = frozenset(_normal(_WORDS["percent"]))


@lru_cache(maxsize=_CACHE_SIZE)
def quantities_in(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text, in its order.

    >>> [quantity.value for quantity in quantities_in("ثمانية عشر ألفا و3.5 ملايين، خمسة وعشرين في المئة، ومئتان")]
    [18000.0, 3500000.0, 25.0, 200.0]
    >>> [quantity.value for quantity in quantities_in("مليونا وثلاثمئة ألف، ثلاثا وعشرين مرة")]
    [1300000.0, 23.0]
    >>> [quantity.value for quantity in quantities_in("twenty-five of one hundred and five; 1,200 on 14 May")]
    [25.0, 105.0, 1200.0, 14.0, 5]
    """
    found = tokens(text)
    quantities: list[Quantity] = []
    at = 0
    while at < len(found):
        one = _month_at(text, found, at) or _weekday_at(found, at)
        if one:
            quantities.append(one)
            at = one.last + 1
            continue
        numbers = _numbers_at(text, found, at)
        if numbers:
            quantities += [*numbers[:-1], _with_rest(text, found, numbers[-1])]
            at = quantities[-1].last + 1
        else:
            at += 1
    return tuple(quantities)


@lru_cache(maxsize=_CACHE_SIZE)
def quantities_and_duals_in(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text, with the two of what an Arabic dual counts, where it is a unit.

    >>> [quantity.value for quantity in quantities_and_duals_in("بعد ساعتين و3 أيام")]
    [2.0, 3.0]
    """
    found, stated = tokens(text), quantities_in(text)
    taken = {at for one in stated for at in range(one.first, one.last + 1)}
    duals = (
        Quantity("number", 2.0, at, at, is_unit=True)
        for at, token in enumerate(found)
        if at not in taken and not _DUALS.isdisjoint(bare_forms(token.text))
    )
    return tuple(sorted((*stated, *duals), key=lambda one: one.first))


def _month_at(text: str, found: list[Token], at: int) -> Quantity | None:
    word = found[at].text
    two = f"{word} {found[at + 1].text}" if at + 1 < len(found) else ""
    for form in bare_forms(two) if two and not word.isascii() else ():
        if form in MONTH_OF:
            return Quantity("month", MONTH_OF[form], at, at + 1)
    for form in (word,) if word.isascii() else bare_forms(word):
        if form not in MONTH_OF or (word.isascii() and not text[found[at].start].isupper()):
            continue
        beside = found[max(0, at - 1) : at] + found[at + 1 : at + 2]
        sure = form not in _AMBIGUOUS_MONTHS or any(
            other.text[0].isdigit() or other.text in _BEFORE_MONTH for other in beside
        )
        if word.isascii() and not sure:
            return None
        return Quantity("month", MONTH_OF[form], at, at, sure)
    return None


def _weekday_at(found: list[Token], at: int) -> Quantity | None:
    word = found[at].text
    forms = (word.removesuffix("s"),) if word.isascii() else bare_forms(word, particles=1)
    day = next((_WEEKDAYS[form] for form in forms if form in _WEEKDAYS), None)
    return None if day is None else Quantity("weekday", day, at, at)


def _numbers_at(text: str, found: list[Token], at: int) -> list[Quantity]:
    """Return the number that begins at a token, or the several ones of a dotted date; none where none begins."""
    word = found[at].text
    if not word[0].isdigit():
        return _words_at(found, at)
    written = text[found[at].start : found[at].end + 1]
    if _VULGAR.search(written):  # 5½ is 51⁄2 when normalised; Arabic writes 5 and a half
        whole = normalise(_VULGAR.split(written)[0])
        value, is_certain = (float(whole), True) if whole.isdigit() else (0.5, False)
        return [Quantity("number", value, at, at, is_certain)]
    if len(word) == 2 and at and _second_year(text, found, at):
        return [Quantity("number", float(found[at - 1].text[:2] + word), at, at)]
    pieces = word.replace(",", ".").split(".")
    if len(pieces) > 2:
        return [Quantity("number", float(piece), at, at) for piece in pieces if piece]
    value, last = float(".".join(pieces)), at
    while last + 1 < len(found) and (scale := _scale(found[last + 1].text)):
        value, last = value * scale, last + 1
    decade = value % 10 == 0 and last == at and [token.text for token in found[at + 1 : at + 2]] == ["s"]
    return [Quantity("number", value, at, last, is_decade=decade)]


def _with_rest(text: str, found: list[Token], number: Quantity) -> Quantity:
    """Return a number with the smaller one in digits that is added to it: «مليار و900 مليون»."""
    counted, at = _value(found[number.last].text)[0] or 0, number.last + 1
    scale = max((one for one in _SCALES if one <= counted), default=0)
    if not scale or [token.text for token in found[at : at + 1]] != ["و"] or at + 1 >= len(found):
        return number
    rest = _numbers_at(text, found, at + 1) if found[at + 1].text[0].isdigit() else []
    if len(rest) != 1 or rest[0].value >= scale or (rest[0].is_year and rest[0].last == at + 1 and scale > 1000):
        return number
    return Quantity("number", number.value + rest[0].value, number.first, rest[0].last)


def _second_year(text: str, found: list[Token], at: int) -> bool:
    """Tell whether two digits end a span of years, as in 1998–99."""
    before = found[at - 1]
    between = text[before.end : found[at].start]
    return (
        len(before.text) == 4
        and before.text.isdigit()
        and between in ("-", "–", "/")
        and before.text[2:] < found[at].text
    )


def _scale(word: str) -> int | None:
    value = next((found for form in bare_forms(word) if (found := _CARDINALS.get(form))), None)
    return (
        value
        if value in (100, 1000, 10**6, 10**9, 10**12) and word not in _PERCENT_AFTER and word[0] != "و"
        else (1000 if word == "الفا" else None)
    )


def _words_at(found: list[Token], at: int) -> list[Quantity]:
    """Return the number that words state from a token on."""
    first, ordinal = _value(found[at].text)
    if first is None and _is_one_of_ten(found, at):
        first = 1
    if first is None or found[at].text in _PERCENT_AFTER:
        return []
    total, current = (float(first), 0.0) if first >= 1000 else (0.0, float(first))
    last, previous = at, first
    sure = found[at].text not in _VAGUE
    while following := _following(found, last, previous):
        word, value, is_ordinal, place, linked = following
        grown = _grown(word, value, (total, current), previous, linked=linked)
        if grown is None:
            break
        (total, current), sure, ordinal = grown, True, ordinal or is_ordinal
        previous, last = value, place
    return [Quantity("number", total + current, at, last, sure and total + current > (2 if ordinal else 1))]


def _is_one_of_ten(found: list[Token], at: int) -> bool:
    """Tell whether a word is the one of eleven, twenty-one and so on, which alone is somebody: «أحد عشر»."""
    following = _following(found, at, 1)
    return (
        not _ONE_OF_TEN.isdisjoint(bare_forms(found[at].text))
        and following is not None
        and (following[1] == 10 or (following[4] and 20 <= following[1] <= 90))
    )


def _following(found: list[Token], last: int, previous: int) -> tuple[str, int, bool, int, bool] | None:
    """Return the number word that follows: word, value, whether an ordinal, place, whether "and" comes between."""
    for place in range(last + 1, min(len(found), last + 3)):
        word = found[place].text
        value, ordinal = _value(word)
        if value is not None and word not in _PERCENT_AFTER:
            linked = place > last + 1 or (word[0] == "و" and word not in _CARDINALS)
            return word, value, ordinal, place, linked
        if word != "and" or previous < 100:
            return None
    return None


def _grown(
    word: str, value: int, so_far: tuple[float, float], previous: int, *, linked: bool
) -> tuple[float, float] | None:
    """Return the whole thousands and the rest of a number with one word more, or None where another one begins."""
    total, current = so_far
    if value >= 1000 and not linked:
        if total and not current:  # a thousand millions
            return (total * value, 0.0) if value > total else None
        return total + max(current, 1) * value, 0.0
    if value == 100 and not linked and 1 <= current < 10:
        return total, current * 100
    if value == 10 and not linked and not word.isascii() and 1 <= previous <= 9:
        return total, current + 10
    below = previous >= 20 and value < previous and (previous >= 100 or value < 10)
    if (linked and 20 <= value <= 90 and 1 <= previous <= 9) or ((linked or word.isascii()) and below):
        return total, current + value
    return None


def _value(word: str) -> tuple[int | None, bool]:
    """Return the number that one word states, if any, and whether as an ordinal."""
    forms = (word,) if word.isascii() else bare_forms(word)
    for form in (*forms, *(form[:-1] for form in forms if form.endswith("ا") and len(form) > 3)):  # ثلاثا, مليونا
        if form in _CARDINALS:
            return _CARDINALS[form], False
    for form in forms:
        if form in _ORDINALS:
            return _ORDINALS[form], True
    return None, False


def numbers_said(words: Iterable[str]) -> frozenset[float]:
    """Return the numbers that the normalised words of a text state, in digits or in words.

    >>> sorted(numbers_said(["ثلاثميه", "وعشرين", "دولار", "في", "الحادي", "عشر"]))
    [11.0, 320.0]
    """
    return frozenset(quantity.value for quantity in quantities_in(" ".join(words)) if quantity.kind == "number")


def spellings_of(value: float) -> tuple[tuple[str, ...], ...]:
    """Return the words in which Arabic writes a whole number of a hundred and more, or a part of a million, if any.

    >>> spellings_of(320.0)[0], spellings_of(1.9e9)[0], spellings_of(18e3)[0]
    (('ثلاثميه', 'عشرون'), ('1.9', 'مليار'), ('18', 'الف'))
    """
    if value < 100 or not value.is_integer() or value >= 10**15:
        return ()
    found: list[tuple[str, ...]] = []
    for scale in _SCALES:
        share = value / scale
        if 1 <= share < 1000 and math.isclose(share * 100, round(share * 100)):
            digits = f"{share:g}"
            found += [(form, _FORMS[scale][0]) for form in dict.fromkeys((digits, digits.replace(".", ",")))]
    parts = list(_parts(int(value)))
    if all(part in _FORMS for part in parts):
        found += [tuple(forms) for forms in product(*(_FORMS[part][:2] for part in parts))]
    return tuple(found[:MOST_SPELLINGS])


_FORMS = {
    value: [word for word, own in _CARDINALS.items() if own == value and not word.isascii()]
    for value in _CARDINALS.values()
}


def _parts(value: int) -> Iterable[int]:
    """Yield what is written of a number, one word each: 320 is 300 and 20."""
    for scale in _SCALES:
        count, value = divmod(value, scale)
        if count in (1, 2):
            yield count * scale
        elif count:
            yield from (*_parts(count), scale)
    hundreds, rest = value - value % 100, value % 100
    yield from (part for part in (hundreds, rest % 10, rest - rest % 10) if part)
