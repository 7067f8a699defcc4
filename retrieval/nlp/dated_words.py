"""Which days the words of a text mean, worked out against its article's own day, no more precisely than they say it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Literal, NamedTuple

from retrieval.nlp.dates import (
    HIJRI_MONTH_OF,
    MONTH_OF,
    NUMBER_OF_DAY,
    PERIOD_YEARS,
    WEEKDAY_OF,
    Period,
    any_of,
    gregorian_of,
    hijri_year_of,
    stated_date,
)
from retrieval.nlp.quantities import quantities_in
from retrieval.nlp.time_expressions import TimeExpression, forms_of, named_by

Precision = Literal["day", "week", "month", "year"]
_Turn = Literal["past", "future", "current"]

_WEEK = 7
_SATURDAY = 5  # the first day of the week in most Arab countries (CLDR, weekData)
_HIJRI_YEARS = range(1300, 1501)
_MONTHS = 12
_MONTH = re.compile(any_of((*MONTH_OF, *HIJRI_MONTH_OF)))
_TO_COME = 3  # a date without a year is in the past, unless its next one is thrice as near
_NUMBERS = {"a": 1, "an": 1, "احد عشر": 11}  # that are numbers before a unit alone


class DayMeant(NamedTuple):
    """The days that words mean, and how exactly they say it."""

    period: Period
    precision: Precision


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What is known of a date: its parts, each None where it is not said, and on which side of the own day it lies."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    turn: _Turn | None
    is_hijri: bool


def day_meant(said: TimeExpression, published: Period | None, *, is_planned: bool = False) -> DayMeant | None:
    """Return what an expression means in an article of a day, or of a month; None where that cannot be told.

    What names no year is the nearest of its kind, the past nearer than the future; a day of the week is the last one,
    or the next of what is planned.

    >>> from retrieval.nlp.time_expressions import time_expressions_in
    >>> own = Period("2019-05-15", "2019-05-15")  # a Wednesday
    >>> for words in ("أمس الثلاثاء", "قبل شهرين", "رمضان 1440", "كانون الأول الماضي", "العام الماضي"):
    ...     print(*day_meant(*time_expressions_in(words), own))
    Period(first='2019-05-14', last='2019-05-14') day
    Period(first='2019-03-01', last='2019-03-31') month
    Period(first='2019-05-06', last='2019-06-03') month
    Period(first='2018-12-01', last='2018-12-31') month
    Period(first='2018-01-01', last='2018-12-31') year
    """
    own = date.fromisoformat(published.first) if published else None
    if own and {"month", "unit"} <= said.said.keys():
        said = _of_counted_year(said, own)
    is_counted = bool({"unit", "this"} & said.said.keys()) or ("relative" in said.said and "month" not in said.said)
    if own and published and published.first != published.last and _counts_days(said):
        return None
    try:
        if is_counted:
            return _counted(said, own) if own else None
        if "whole" in said.said:
            return _whole(said.said["whole"])
        return _from_opening(said, _dated(said, own, is_planned=is_planned))
    except (ValueError, OverflowError):  # there is no such day
        return None


def _of_counted_year(said: TimeExpression, own: date) -> TimeExpression:
    """Return an expression with the year that it counts from the article's own: «شباط من العام الماضي»."""
    step = {"past": -1, "future": 1, "current": 0}[named_by("turns")[said.said["turn"]]]
    parts = {name: value for name, value in said.said.items() if name not in ("unit", "turn")}
    return replace(said, said={**parts, "year": str(own.year + step)})


def _counted(said: TimeExpression, own: date) -> DayMeant | None:
    """Return what is counted from the article's own day."""
    if "relative" in said.said:
        return _relative(said, own)
    return _unit(said, own) if {"turn", "this"} & said.said.keys() else _ago(said, own)


def _whole(written: str) -> DayMeant | None:
    """Return the day that a date in digits states, where it has one reading."""
    stated = stated_date(written)
    return DayMeant(stated.period, "day") if stated and stated.period else None


def _counts_days(said: TimeExpression) -> bool:
    """Tell whether an expression means something only beside a day, where an article states no more than its month."""
    parts = said.said
    unit = (parts.get("unit") or parts.get("this") or "").split()
    if unit:
        return named_by("units")[unit[0].removeprefix("ال")] in ("day", "week")
    return "relative" in parts or ("weekday" in parts and "month" not in parts)


def _a_day(day: date) -> DayMeant:
    return DayMeant(Period(day.isoformat(), day.isoformat()), "day")


def _span(first: date, last: date, precision: Precision) -> DayMeant:
    return DayMeant(Period(first.isoformat(), last.isoformat()), precision)


def _relative(said: TimeExpression, own: date) -> DayMeant:
    """Return a day that is counted from the article's own; beside a day of the week, that one nearest to it."""
    day = own + timedelta(int(named_by("days")[said.said["relative"]]))
    if (weekday := said.said.get("weekday")) is not None:
        ahead = (WEEKDAY_OF[weekday] - day.weekday()) % _WEEK
        day += timedelta(ahead if ahead <= _WEEK // 2 else ahead - _WEEK)
    return _a_day(day)


def _ago(said: TimeExpression, own: date) -> DayMeant | None:
    """Return what lies a number of days, weeks, months or years before the article's own day."""
    number = _number(said)
    if number is None or "beyond" in said.said:
        return None
    unit = named_by("units")[said.said["unit"]]
    if unit == "day":
        day = own - timedelta(number)
        return _around(day) if "around" in said.said else _a_day(day)
    return _around(own - timedelta(_WEEK * number)) if unit == "week" else _stepped(unit, own, -number)


def _around(day: date) -> DayMeant:
    """Return the seven days around a day."""
    return _span(day - timedelta(_WEEK // 2), day + timedelta(_WEEK // 2), "week")


def _number(said: TimeExpression) -> int | None:
    """Return how many units there are: by a number, by a dual or by a singular alone; several are no number."""
    unit, counted = said.said["unit"], said.said.get("count")
    if counted is None:
        is_two, is_one = unit in forms_of("prose", "two"), unit in forms_of("prose", "one")
        return 2 if is_two else 1 if is_one else None
    if counted in _NUMBERS:
        return _NUMBERS[counted]
    values = [one.value for one in quantities_in(counted) if one.kind == "number"]
    return int(values[0]) if len(values) == 1 else None


def _unit(said: TimeExpression, own: date) -> DayMeant | None:
    """Return the last, this or the next week, month or year; or a day of that month."""
    words = said.said.get("unit") or said.said["this"]
    unit = named_by("units")[words.split()[0].removeprefix("ال")]
    turn = named_by("turns")[said.said["turn"]] if "turn" in said.said else "current"
    step = {"past": -1, "future": 1, "current": 0}[turn] * (2 if " " in words.strip() else 1)
    meant = _stepped(unit, own, step)
    if "day" not in said.said:
        return meant
    number = day_of_month(said.said["day"])  # «الثالث من الشهر الجاري»
    return _a_day(date.fromisoformat(meant.period.first).replace(day=number)) if unit == "month" else None


def _stepped(unit: str, own: date, step: int) -> DayMeant:
    """Return the week, the month or the year so many after that of a day."""
    if unit == "week":
        first = own - timedelta((own.weekday() - _SATURDAY) % _WEEK) + timedelta(_WEEK * step)
        return _span(first, first + timedelta(_WEEK - 1), "week")
    if unit == "year":
        return _span(date(own.year + step, 1, 1), date(own.year + step, 12, 31), "year")
    year, month = divmod(own.year * _MONTHS + own.month - 1 + step, _MONTHS)
    return _month(year, month + 1)


def _month(year: int, month: int) -> DayMeant:
    return _span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _dated(said: TimeExpression, own: date | None, *, is_planned: bool) -> DayMeant | None:
    """Return what parts of a date mean; of those that are possible the nearest to the article's own day."""
    calendar = _calendar(said, is_planned=is_planned)
    if calendar is None or {"vague", "before"} & said.said.keys():
        return None
    if "span" in said.said:
        return _span(date(int(said.said["span"]), 1, 1), date(int(said.said["year"]), 12, 31), "year")
    if calendar.month is None and calendar.year is not None:
        return _year(calendar.year, is_hijri=calendar.is_hijri)
    if calendar.month is None:
        return None if calendar.weekday is None or own is None else _a_day(_on_weekday(calendar, own))
    found = [one for year in _years(calendar, own) for one in _in_year(calendar, year)]
    if len(found) < 2 or own is None:
        return next(iter(found), None)
    return min(_on_side(found, calendar.turn, own), key=partial(_distance, own=own))


def _from_opening(said: TimeExpression, meant: DayMeant | None) -> DayMeant | None:
    """Return days from the number that opens them: «بين 11 و13 نيسان»."""
    if meant is None or "opening" not in said.said:
        return meant
    first, last = date.fromisoformat(meant.period.first), date.fromisoformat(meant.period.last)
    return _span(first.replace(day=int(said.said["opening"])), last, meant.precision)


def _calendar(said: TimeExpression, *, is_planned: bool) -> _Calendar | None:
    """Return the parts of a date that an expression states; None where they are of no date."""
    parts = said.said
    numbers, hijri = gregorian_months(parts.get("month", "")), hijri_months(parts.get("month", ""))
    if len(numbers | hijri) > 1:
        return None
    is_hijri = bool(hijri or "era" in parts)
    year = int(parts["year"].split()[0]) if "year" in parts else None
    if year is not None and year not in (_HIJRI_YEARS if is_hijri else PERIOD_YEARS):
        if not numbers | hijri:
            return None
        year = None  # «في مايو 2500 شخص»
    turn: _Turn | None = "future" if is_planned else None
    if "turn" in parts:
        turn = {"past": "past", "future": "future", "current": "current"}[named_by("turns")[parts["turn"]]]  # type: ignore[assignment]
    weekday = WEEKDAY_OF[parts["weekday"]] if "weekday" in parts else None
    month = next(iter(numbers | hijri), None)
    day = day_of_month(parts["day"]) if "day" in parts else None
    return _Calendar(year, month, day, weekday, turn, is_hijri)


def gregorian_months(names: str) -> frozenset[int]:
    """Return the months of our calendar that normalised names say; two of them may stand side by side for one month.

    >>> gregorian_months("ايلول سبتمبر"), gregorian_months("كانون الثاني"), gregorian_months("رمضان")
    (frozenset({9}), frozenset({1}), frozenset())
    """
    return frozenset(MONTH_OF[name] for name in _MONTH.findall(names) if name in MONTH_OF)


def hijri_months(names: str) -> frozenset[int]:
    """Return the months of the Hijri calendar that normalised names say."""
    return frozenset(HIJRI_MONTH_OF[name] for name in _MONTH.findall(names) if name in HIJRI_MONTH_OF)


def day_of_month(written: str) -> int:
    """Return the day of a month that digits, an ordinal or a name of the first say.

    Raises:
        ValueError: they say none.

    >>> [day_of_month(day) for day in ("16", "ال17", "الحادي عشر", "الثالث والعشرين", "غره")]
    [16, 17, 11, 23, 1]
    """
    if written in NUMBER_OF_DAY:
        return NUMBER_OF_DAY[written]
    if (digits := written.removeprefix("ال").strip()).isdigit():
        return int(digits)
    values = [int(one.value) for one in quantities_in(written) if one.kind == "number"]
    if len(values) != 1:
        raise ValueError(f"{written} is no day of a month")
    return values[0]


def _year(year: int, *, is_hijri: bool) -> DayMeant:
    if is_hijri:
        return _span(gregorian_of(year, 1, 1), gregorian_of(year + 1, 1, 1) - timedelta(1), "year")
    return _span(date(year, 1, 1), date(year, _MONTHS, 31), "year")


def _on_weekday(said: _Calendar, own: date) -> date:
    """Return the last day of a name up to the own day, the last one before it, or the next after it, as is said."""
    assert said.weekday is not None
    back = (own.weekday() - said.weekday) % _WEEK
    if said.turn == "future":
        return own + timedelta(_WEEK - back)
    return own - timedelta(_WEEK if said.turn == "past" and not back else back)


def _years(said: _Calendar, own: date | None) -> Iterator[int]:
    """Yield the years that a date may be of: its own, or those about the article's."""
    if said.year is not None:
        yield said.year
    elif own is not None:
        middle = hijri_year_of(own) if said.is_hijri else own.year
        yield from (middle - 1, middle, middle + 1)


def _in_year(said: _Calendar, year: int) -> Iterator[DayMeant]:
    """Yield the day or the month of a year, if there is one, and its weekday is the one that is said."""
    assert said.month is not None
    if said.day is None:
        if said.is_hijri:
            following = gregorian_of(year + said.month // _MONTHS, said.month % _MONTHS + 1, 1)
            yield _span(gregorian_of(year, said.month, 1), following - timedelta(1), "month")
        else:
            yield _month(year, said.month)
        return
    try:
        day = gregorian_of(year, said.month, said.day) if said.is_hijri else date(year, said.month, said.day)
    except (ValueError, OverflowError):
        return
    if said.weekday is None or day.weekday() == said.weekday:
        yield _a_day(day)
    elif said.is_hijri:  # the moon was sighted a day earlier or later
        yield from (_a_day(one) for step in (-1, 1) if (one := day + timedelta(step)).weekday() == said.weekday)


def _on_side(found: list[DayMeant], turn: _Turn | None, own: date) -> list[DayMeant]:
    """Return the days on the side of the own day that is said, or all where it has none."""
    today = own.isoformat()
    sides = {
        "past": [one for one in found if one.period.last < today],
        "future": [one for one in found if one.period.first > today],
    }
    return sides.get(turn or "", found) or found


def _distance(meant: DayMeant, own: date) -> int:
    """Return how far days are from the own one; news look back, so that days to come are farther."""
    first, last = map(date.fromisoformat, meant.period)
    return max((own - last).days, _TO_COME * (first - own).days, 0)
