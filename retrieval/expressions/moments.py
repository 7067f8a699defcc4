"""The moments that a quote names: days, months, years, hours, relative ones too; and spans of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.nlp.analysis import normalise, normalise_with_offsets
from retrieval.nlp.dated_words import day_of_month, gregorian_months, hijri_months
from retrieval.nlp.dates import WEEKDAY_OF
from retrieval.nlp.time_expressions import TimeExpression, named_by, time_expressions_in

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TODAY, _TOMORROW = "0", "1"  # alone: «اليوم» may mean nowadays, «غدا» that something has become
_DATELINE = re.compile(r"^[^.:؛]{2,60}\([^)]{2,40}\) ?[-–—:]")
_JOINING = re.compile(r" ?(?:الي|حتي|و|-|–) ?")
_UNSAID_IN_ENGLISH = frozenset(
    ("clock", "relative", "turn", "unit", "this", "vague", "era", "before", "span", "opening", "count", "whole")
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that a quote names, as a slice of it, and what it states."""

    start: int
    end: int
    has_year: bool
    has_month: bool
    has_day: bool
    is_clock: bool = False
    is_telling: bool = True  # it can answer when: neither a dateline nor in brackets, nor a word that may be another
    english: str | None = None


def moments_in(text: str) -> tuple[Moment, ...]:
    """Return the moments that a quote names, in its order.

    >>> text = "ظهر الثلاثاء 3 آذار/مارس 2021، وفي عام 1979"
    >>> [(text[moment.start : moment.end], moment.english) for moment in moments_in(text)]
    [('ظهر الثلاثاء 3 آذار/مارس 2021', 'Tuesday 3 March 2021'), ('عام 1979', '1979')]
    """
    normal, offsets = normalise_with_offsets(text)
    dateline = _DATELINE.match(normal)
    opened = offsets[dateline.end()] if dateline else 0
    found: list[Moment] = []
    for said in time_expressions_in(text):
        if said.words.isascii() and any(letter.isalpha() for letter in said.words):
            continue
        one = _moment(text, said, opened)
        if found and _is_span(text[: found[-1].start].split()[-1:], normalise(text[found[-1].end : one.start])):
            first = found.pop()
            telling = first.is_telling and one.is_telling
            one = Moment(first.start, one.end, one.has_year, one.has_month, one.has_day, one.is_clock, telling)
        found.append(one)
    return tuple(found)


def _is_span(opened: list[str], between: str) -> bool:
    """Tell whether two moments are the ends of one span of time, given the word before and what stands between."""
    is_open = opened in (["بين"], ["من"])
    return bool(_JOINING.fullmatch(between)) and (between.strip() not in ("و", "حتي") or is_open)


def _moment(text: str, said: TimeExpression, dateline: int) -> Moment:
    parts = said.said
    return Moment(
        said.start,
        said.end,
        has_year=bool({"year", "whole"} & parts.keys()),
        has_month=bool({"month", "whole"} & parts.keys()),
        has_day=bool({"day", "weekday", "relative", "whole"} & parts.keys()),
        is_clock="clock" in parts,
        is_telling=said.end > dateline and _is_telling(said) and not _is_in_brackets(text, said),
        english=_in_english(said),
    )


def _is_telling(said: TimeExpression) -> bool:
    """Tell whether words name a moment for certain: «رجب» alone may be a man."""
    parts = said.said
    if said.words == parts.get("relative"):
        return named_by("days")[said.words] not in (_TODAY, _TOMORROW)
    return not (parts.keys() == {"month"} and hijri_months(parts["month"]))


def _is_in_brackets(text: str, said: TimeExpression) -> bool:
    opened, closed = (text.rfind(bracket, 0, said.start) for bracket in "()")
    return opened > closed and ")" in text[said.end :]


def _in_english(said: TimeExpression) -> str | None:
    """Return a date in English where each of its words is known; None for hours, for Hijri and for relative ones."""
    parts, months = said.said, said.said.get("month", "")
    is_hijri = bool(hijri_months(months)) or len(gregorian_months(months)) > 1
    if is_hijri or _UNSAID_IN_ENGLISH & parts.keys() or {"منتصف", "ليل"} <= {*said.words.split()}:
        return None
    try:
        return " ".join(_named_parts(said)) or None
    except ValueError:  # there is no such day of a month
        return None


def _named_parts(said: TimeExpression) -> Iterator[str]:
    parts = said.said
    leading = (named_by("parts").get(word.removeprefix("ال"), "") for word in said.words.split())
    yield from (part for part in leading if part)
    if "weekday" in parts:
        yield _WEEKDAYS[WEEKDAY_OF[parts["weekday"]]]
    if "day" in parts:
        yield str(day_of_month(parts["day"]))
    yield from (_MONTHS[number - 1] for number in gregorian_months(parts.get("month", "")))
    if "year" in parts:
        yield parts["year"].split()[0]
