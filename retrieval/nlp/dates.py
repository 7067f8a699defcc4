"""Dates as news pages write them, in Arabic and English: full ones, and those that leave something open.

Hijri dates are read by the Umm al-Qura calendar; a country that goes by its own sighting of the moon may be
a day off, which a weekday beside the date tells.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from retrieval.nlp.analysis import normalise
from retrieval.nlp.word_lists import read_word_lists

EARLIEST_YEAR = 1800  # a smaller one is of the Hijri calendar, or no year
PERIOD_YEARS = range(EARLIEST_YEAR, 2100)  # of a month or a year alone; elsewhere four digits are some number
LONGEST_DATE = 160  # code points
MOST_CUTS = 16  # places at which a text may part into two dates; one with more is a list, as a pager is

_NAMES = read_word_lists("nlp", "dates")


def _numbered(kind: str) -> dict[str, int]:
    return {name: int(number) for number, spelt in _NAMES[kind].items() for name in normalise(spelt).split("|")}


def any_of(names: Iterable[str]) -> str:
    """Return a pattern for any of some names, the longest first, so that none hides another that it begins."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


MONTH_OF = _numbered("months")
_MONTH_IN_DATE = MONTH_OF | _numbered("months_in_dates")
HIJRI_MONTH_OF = _numbered("hijri_months")
WEEKDAY_OF = _numbered("weekdays")  # as `date.weekday` has it
_WEEKDAY_IN_DATE = WEEKDAY_OF | _numbered("weekdays_in_dates")

_ANY_NAME = any_of(_MONTH_IN_DATE)
_ON_DAY = "(?:(?:اليوم|يوم|on) )?"
_WEEKDAY = rf"{_ON_DAY}\(?(?P<weekday>{any_of(_WEEKDAY_IN_DATE)})\)?(?:\.?[ ،,–—-]*(?:ال)?موافق(?: ل)?)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:صباحا|مساء|فجرا|ظهرا|عصرا|ليلا|ص|م|a\.?m\.?|p\.?m\.?)?"
_ZONE = r"(?: ?\(?(?:بال|ب|ال)?توقيت .{2,20}| ?غرينتش| ?جرينتش| ?ت\.? ?غ| ?gmt| ?utc|z| ?[+-]\d{2}:?\d{2})?"
_HOUR = normalise(rf"(?:[ t،,|/·•–—-]*\(?(?:الساعة |at )?(?:{_CLOCK}{_ZONE}|(?:ال|ب|بال)توقيت .{{2,20}})\)?)?")
_NUMBER = normalise(r"(?:رقم )?العدد ?:? ?[\[(]? ?\d+ ?[\])]?")
_ISSUE = rf"(?:[ ،,|–—-]*{_NUMBER})?"
_ISSUE_FIRST = rf"(?:{_NUMBER}[ ،,|–—-]+)?"
_NAME = rf"(?:شهر )?(?P<name>{_ANY_NAME})\.?(?:(?: ?[/(،–-] ?| )(?P<other>{_ANY_NAME})\)?)?"
_HIJRI_NAME = rf"(?:شهر )?(?P<hijri>{any_of(HIJRI_MONTH_OF)})"
NUMBER_OF_DAY = _numbered("days")
_DAY = rf"(?P<day>\d{{1,2}}|{any_of(NUMBER_OF_DAY)})(?:st|nd|rd|th|ي)?"  # «3ی» in Kurdish
_HIJRI_YEAR = r"[ ،,./–-]*(?:من )?(?:(?:ال)?عام |ل?سنه )?(?P<year>\d{4})"  # normalised, as all that is matched
_YEAR = rf"{_HIJRI_YEAR} ?(?:ميلاديه|ميلادي|م|ad)?\.?"
_HIJRI_MARK = r" ?(?P<mark>هجريه|هجري|للهجره|ه|ah)\.?"
_ORDER = r"(?: ?\(?(?P<order>يوم/شهر/سنه|اليوم/الشهر/السنه|شهر/يوم/سنه|dd/mm/yyyy|mm/dd/yyyy)\)?)?"
_OF = r"(?: ?[./–-] ?| ?(?:من |of )?)"
_TOGETHER = r" ?(?:\(|[-–—/|=،,]|\b(?:ال)?موافقا? (?:ل)?|corresponding to) ?"

# Patterns, and not yet compiled: that takes a tenth of a second, which a question without a date need not wait.
_FORMS = tuple(
    rf"{_ISSUE_FIRST}(?:{_CLOCK}[ ،,|–—-]+)?(?:{_WEEKDAY}\.?[ ،,–—-]*)?{form}{_HOUR}{_ISSUE}"
    for form in (
        rf"(?P<year>\d{{4}})(?P<cut>[-/.])(?P<month>\d{{1,2}})(?P=cut)(?P<day>\d{{1,2}})(?:{_HIJRI_MARK})?",
        rf"(?P<first>\d{{1,2}}) ?[-/.] ?(?P<second>\d{{1,2}}) ?[-/.] ?(?P<year>\d{{4}})(?:{_HIJRI_MARK}|م)?{_ORDER}",
        rf"{_DAY}{_OF}{_NAME}{_YEAR}",
        rf"(?P<name>{_ANY_NAME})\.? {_DAY}[ ،,]+(?P<year>\d{{4}})",
        rf"{_DAY}{_OF}{_HIJRI_NAME}{_HIJRI_YEAR}(?:{_HIJRI_MARK})?",
        rf"{_DAY}{_OF}{_NAME}",
        rf"(?P<name>{_ANY_NAME})\.? {_DAY}",
        rf"{_DAY}{_OF}{_HIJRI_NAME}",
    )
)
_PERIODS = (
    rf"{_ISSUE_FIRST}{_NAME}{_YEAR}",
    rf"{_HIJRI_NAME}{_HIJRI_YEAR}(?:{_HIJRI_MARK})?",
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
    r"(?P<month>\d{1,2})[-/](?P<year>\d{4})",
)
_WEEKDAY_ALONE = rf"{_ON_DAY}\(?(?:{any_of(WEEKDAY_OF)})\)?{_HOUR}"
_YEAR_DIGITS = re.compile(r"\d{4}")
_YEAR_ALONE = r"(?:(?:ال)?عام |سنه |year )?(?P<year>\d{4}) ?(?:م|ad)?"


_MONTH_NAME = rf"(?:{any_of(MONTH_OF)})(?: ?[/(] ?(?:{any_of(MONTH_OF)})\)?)?"
ANY_MONTH = rf"(?:{_MONTH_NAME}|{any_of(HIJRI_MONTH_OF)})"
DATE_IN_PROSE = (  # in a normalised text; approximately, for `period_of` to judge
    r"(?:\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    rf"|{ANY_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)? ?(?:من |of )?)?(?:شهر )?{ANY_MONTH}\.?,?"
    r"(?: (?:من )?(?:(?:ال)?عام |سنه )?\d{4})?(?: ?ه\b)?"
    r"|(?:(?:ال)?عام |سنه |the year |year )?\d{4})"
)


class Period(NamedTuple):
    """The days from a first to a last one, both within, as YYYY-MM-DD."""

    first: str
    last: str


class _Stated(NamedTuple):
    """A date that a text states; without a period it names no year, or can be read in two ways."""

    period: Period | None
    is_hijri: bool = False

    @property
    def day(self) -> str | None:
        """Return the date where it is a single day."""
        return self.period.first if self.period and self.period.first == self.period.last else None


def date_of(text: str) -> str | None:
    """Return the date that the whole of a text states, as YYYY-MM-DD, or None.

    None too where no year stands, where day and month could be each other, and where what is said of one
    day does not agree: two months, two calendars, or a weekday that the day was not.

    >>> [date_of(text) for text in ("الثلاثاء ١٤ أيار/مايو ٢٠١٩", "May 14, 2019", "2019-05-14T10:30Z", "14/5/2019")]
    ['2019-05-14', '2019-05-14', '2019-05-14', '2019-05-14']
    >>> [date_of(text) for text in ("9 رمضان 1440 هـ", "الأربعاء - 10 شهر رمضان 1440 هـ - 15 مايو 2019 مـ")]
    ['2019-05-14', '2019-05-15']
    >>> [date_of(text) for text in ("فاتح ماي 2024", "الأول من أيار 2024", "تشرين الأول 2024")]
    ['2024-05-01', '2024-05-01', None]
    >>> [date_of(text) for text in ("الثلاثاء14أيار / مايو", "5/6/2019", "30 فبراير 2019", "في 14 مايو 2019 قال")]
    [None, None, None, None]
    """
    stated = stated_date(text)
    return stated.day if stated else None


def stated_date(text: str) -> _Stated | None:
    """Return what the whole of a text states as a date, or None where it states none or an impossible one.

    >>> stated_date("مايو 2019")
    _Stated(period=Period(first='2019-05-01', last='2019-05-31'), is_hijri=False)
    >>> stated_date("الثلاثاء 14 أيار / مايو"), stated_date("31 شباط")
    (_Stated(period=None, is_hijri=False), None)
    """
    if len(text) > LONGEST_DATE:
        return None
    normal = " ".join(normalise(text).split())
    return _in_one_calendar(normal) or _in_two_calendars(normal)


def _in_one_calendar(normal: str) -> _Stated | None:
    """Return what a normalised text states in one form; None where it has none, or its day is impossible."""
    if re.fullmatch(_WEEKDAY_ALONE, normal):
        return _Stated(None)
    if not any(letter.isdecimal() for letter in normal):
        return None
    for form in _FORMS:
        if found := re.fullmatch(form, normal):
            return _stated_day(found.groupdict())
    for form in _PERIODS:
        if found := re.fullmatch(form, normal):
            return _stated_month(found.groupdict())
    return None


def period_of(text: str) -> Period | None:
    """Return the days that the whole of a text names: a day, a month or a year; None where it names none for certain.

    >>> period_of("2019"), period_of("شباط 2020")
    (Period(first='2019-01-01', last='2019-12-31'), Period(first='2020-02-01', last='2020-02-29'))
    >>> period_of("مايو"), period_of("2019-13")
    (None, None)
    """
    if len(text) <= LONGEST_DATE and (found := re.fullmatch(_YEAR_ALONE, " ".join(normalise(text).split()))):
        year = int(found["year"])
        return Period(f"{year}-01-01", f"{year}-12-31") if year in PERIOD_YEARS else None
    stated = stated_date(text)
    return stated.period if stated else None


def _stated_day(said: dict[str, str | None]) -> _Stated | None:
    """Return the day of a form's groups: the only reading that is possible, or none for certain."""
    is_hijri = bool(said.get("hijri") or said.get("mark"))
    if said.get("year") is None:
        return _Stated(None, is_hijri) if any(_days(said, 1444 if is_hijri else 2020)) else None
    year = int(said["year"] or 0)
    possible = dict.fromkeys(_days(said, year)) if is_hijri or year >= EARLIEST_YEAR else {}
    named = said.get("weekday")
    on_weekday = [day for day in possible if named is None or day.weekday() == _WEEKDAY_IN_DATE[named]]
    if named and is_hijri and not on_weekday:  # the moon was sighted a day earlier or later
        by_sighting = (day + timedelta(step) for day in possible for step in (-1, 1))
        on_weekday = [day for day in by_sighting if day.weekday() == _WEEKDAY_IN_DATE[named]]
    if not on_weekday:
        return None
    iso = on_weekday[0].isoformat()
    return _Stated(Period(iso, iso) if len(on_weekday) == 1 else None, is_hijri)


def _days(said: dict[str, str | None], year: int) -> Iterator[date]:
    """Yield the days that a form's groups can mean in a year."""
    if said.get("first"):
        first, second = int(said["first"] or 0), int(said["second"] or 0)
        order = said.get("order") or ""
        pairs = [(first, second)] if order.startswith(("يوم", "اليوم", "dd")) else [(second, first)]
        pairs = pairs if order else [(first, second), (second, first)]
    else:
        months = _months(said)
        named = said["day"] or ""
        pairs = [(NUMBER_OF_DAY.get(named) or int(named), months.pop())] if len(months) == 1 else []
    for day, month in pairs:
        try:
            if said.get("hijri") or said.get("mark"):
                yield gregorian_of(year, month, day)
            else:
                yield date(year, month, day)
        except (ValueError, OverflowError):  # there is no such day, or the calendar's tables do not go so far
            continue


def _months(said: dict[str, str | None]) -> set[int]:
    """Return the months that a form's groups name: two of them are none."""
    if hijri := said.get("hijri"):
        return {HIJRI_MONTH_OF[hijri]}
    if month := said.get("month"):
        return {int(month)}
    return {_MONTH_IN_DATE[name] for group in ("name", "other") if (name := said.get(group))}


def _stated_month(said: dict[str, str | None]) -> _Stated | None:
    """Return the month of a form's groups, from its first day to its last."""
    months, year = _months(said), int(said["year"] or 0)
    is_hijri = bool(said.get("hijri"))
    if len(months) != 1 or not (is_hijri or year in PERIOD_YEARS):
        return None
    (month,) = months
    try:
        if is_hijri:
            last = gregorian_of(year + month // 12, month % 12 + 1, 1) - timedelta(1)
            return _Stated(Period(gregorian_of(year, month, 1).isoformat(), last.isoformat()), True)
        last = date(year, month, monthrange(year, month)[1])
        return _Stated(Period(last.replace(day=1).isoformat(), last.isoformat()))
    except (ValueError, OverflowError):
        return None


def gregorian_of(year: int, month: int, day: int) -> date:
    """Return the day of a Hijri date by the Umm al-Qura calendar, whose tables go from 1343 to 1500.

    Raises:
        ValueError: there is no such day.
        OverflowError: the tables do not go so far.
    """
    from hijridate import Hijri

    found = Hijri(year, month, day).to_gregorian()
    return date(found.year, found.month, found.day)


def hijri_year_of(day: date) -> int:
    """Return the Hijri year of a day by the Umm al-Qura calendar.

    Raises:
        OverflowError: its tables do not go so far.

    >>> hijri_year_of(date(2019, 5, 14))
    1440
    """
    from hijridate import Gregorian

    return int(Gregorian.fromdate(day).to_hijri().year)


def _in_two_calendars(normal: str) -> _Stated | None:
    """Return the day that a normalised text states by both calendars, where they agree to a day: the Gregorian one."""
    if len(_YEAR_DIGITS.findall(normal)) < 2:  # each of the two has its own
        return None
    cuts = list(re.finditer(_TOGETHER, normal))
    for cut in cuts if len(cuts) <= MOST_CUTS else ():
        before, after = normal[: cut.start()], normal[cut.end() :].removesuffix(")")
        said = _in_one_calendar(before.strip()), _in_one_calendar(after.strip())
        days = {one.is_hijri: one.day for one in said if one and one.day}
        if len(days) == 2:
            apart = date.fromisoformat(days[True] or "") - date.fromisoformat(days[False] or "")
            return _Stated(Period(days[False] or "", days[False] or "")) if abs(apart.days) <= 1 else None
    return None
