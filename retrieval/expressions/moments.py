"""The moments that a quote names: days, months, years, hours, relative ones too; and spans of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from retrieval.expressions.word_tables import word_table, word_tables
from retrieval.nlp.analysis import normalise_with_offsets
from retrieval.nlp.dates import ANY_MONTH, MONTH_OF, WEEKDAY_OF, any_of

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RELATIVE_DAYS = frozenset(("اليوم", "امس", "غدا", "غد"))
_NOT_TELLING = _RELATIVE_DAYS - {"امس"}  # alone: «اليوم» may mean nowadays, «غدا» that something has become
_DATELINE = re.compile(r"^[^.:؛]{2,60}\([^)]{2,40}\) ?[-–—:]")
_JOINING = re.compile(r" ?(?:الي|حتي|و|-|–) ?")
_LEADING_YEAR = re.compile(r"\d+")
_HIJRI_MARK = re.compile(r" (?:ه|هجري|هجريه)$")
_BEFORE_CHRIST = re.compile(r"ق\.? ?م|قبل الميلاد")


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
    found: list[Moment] = []
    for match in _pattern().finditer(normal):
        one = _moment(match, offsets, dateline.end() if dateline else 0)
        before = bisect_left(offsets, found[-1].end) if found else 0
        opened = normal[: bisect_left(offsets, found[-1].start)].split()[-1:] if found else []
        if found and _is_span(opened, normal[before : match.start()]):
            first = found.pop()
            telling = first.is_telling and one.is_telling
            one = Moment(first.start, one.end, one.has_year, one.has_month, one.has_day, one.is_clock, telling)
        found.append(one)
    return tuple(found)


def _is_span(opened: list[str], between: str) -> bool:
    """Tell whether two moments are the ends of one span of time, given the word before and what stands between."""
    is_open = opened in (["بين"], ["من"]) or opened == ["عامي"]
    return bool(_JOINING.fullmatch(between)) and (between.strip() not in ("و", "حتي") or is_open)


def _moment(match: re.Match[str], offsets: list[int], dateline: int) -> Moment:
    said = {name.rstrip("234"): value for name, value in match.groupdict().items() if value}
    normal = match.group()
    return Moment(
        offsets[match.start()],
        offsets[match.end() - 1] + 1,
        has_year="year" in said or normal.startswith(("عامي", "سنتي")),
        has_month="month" in said,
        has_day=bool({"day", "weekday"} & said.keys()) or normal in _RELATIVE_DAYS,
        is_clock="clock" in said,
        is_telling=match.end() > dateline and _is_telling(said, normal) and not _is_in_brackets(match),
        english=_in_english(said, normal),
    )


def _is_telling(said: Mapping[str, str], normal: str) -> bool:
    """Tell whether words name a moment for certain: «رجب» alone may be a man."""
    is_hijri_month = said.keys() == {"month"} and _month(said["month"]) is None
    return normal not in _NOT_TELLING and not is_hijri_month


def _is_in_brackets(match: re.Match[str]) -> bool:
    opened, closed = (match.string.rfind(bracket, 0, match.start()) for bracket in "()")
    return opened > closed and ")" in match.string[match.end() :]


def _month(names: str) -> int | None:
    return next((MONTH_OF[name] for name in re.split(r" ?[/()] ?", names) if name in MONTH_OF), None)


def _in_english(said: Mapping[str, str], normal: str) -> str | None:
    """Return a date in English where each of its words is known; None for hours, for Hijri and for relative ones."""
    loose = word_table("moments", "after") | _RELATIVE_DAYS
    words = normal.split()
    month = _month(said["month"]) if "month" in said else None
    if "clock" in said or loose & {*words} or ("month" in said and month is None):
        return None
    is_midnight = {"منتصف", "ليل"} <= {*words}
    if is_midnight or _HIJRI_MARK.search(normal) or _BEFORE_CHRIST.search(normal) or not said:
        return None
    day = _day(said["day"]) if "day" in said else None
    if "day" in said and day is None:
        return None
    parts = [english for english, forms in word_tables("moment_parts").items() if english and forms & {*words}]
    weekday = _WEEKDAYS[WEEKDAY_OF[said["weekday"]]] if "weekday" in said else None
    year = _LEADING_YEAR.match(said.get("year", ""))
    named = (*parts, weekday, str(day) if day else None, _MONTHS[month - 1] if month else None, year and year.group())
    return " ".join(part for part in named if part)


def _day(written: str) -> int | None:
    """Return the day of a month that digits or a single ordinal say.

    >>> _day("16"), _day("الثالث"), _day("الحادي عشر")
    (16, 3, None)
    """
    if written.isdigit():
        return int(written)
    bare = written.removeprefix("ال")
    return _ORDINALS.index(bare) + 1 if bare in _ORDINALS else None


_ORDINALS = ("اول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Return what matches a moment in a normalised text; compiled when it is first needed."""
    relative, after, ordinals, decades = (
        any_of(word_table("moments", name)) for name in ("relative", "after", "ordinals", "decades")
    )
    ordinal = rf"(?:ال)?(?:{ordinals})(?: عشره?| وال(?:عشرين|عشرون|ثلاثين|ثلاثون))?"
    weekday = any_of(frozenset(name for name in WEEKDAY_OF if not name.isascii()))
    part = rf"(?:(?:ال)?(?:{any_of(frozenset().union(*word_tables('moment_parts').values()))}) )"
    after = rf"(?: (?:{after}))?"
    beside = r"(?:يوم|نهار|اليوم|امس|غدا?|اول امس)"
    on_day = rf"(?:{beside} )?(?:{beside} )?(?P<weekday>{weekday}){after}"
    year = r"(?:[،,]? (?:من )?(?:ال)?(?:عام |سنه )?(?P<year>\d{4})(?: ?م\b)?)?"
    in_month = rf"(?:(?P<day>\d{{1,2}}|{ordinal})(?: من)? )?(?:شهر )?(?P<month>{ANY_MONTH})\b{after}{year}"
    again = in_month.replace("<day>", "<day2>").replace("<month>", "<month2>").replace("<year>", "<year4>")
    time_of_day = "(?: (?:من )?(?:صباحا|مساء|ظهرا|فجرا|عصرا|ليلا|صباح|مساء))?"
    hour = (
        rf"(?P<clock>الساعه (?:\d{{1,2}}(?::\d\d)?|{ordinal})(?: وال(?:نصف|ربع|ثلث)| الا (?:ربعا|ثلثا))?{time_of_day})"
    )
    whole_year = rf"(?:ال)?(?:عام|سنه)ي? (?P<year2>\d{{3,4}})(?: ?(?:ق\.? ?م|م|ه)\b| قبل الميلاد)?{after}"
    century = rf"القرن {ordinal}(?: (?:الميلادي|الهجري))?|(?:ال)?(?:{decades})(?: القرن {ordinal})?"
    lead = "|".join(
        rf"(?<=\b{word} )" for word in ("في", "منذ", "حتي", "بحلول", "بعد", "قبل", "من", "بين", "الي", "عامي")
    )
    bare_year = rf"(?:{lead})(?P<year3>(?:1\d{{3}}|20\d\d)(?: ?م)?|\d{{3}} ?م)\b(?! ?[%٪])"
    two_years = r"(?:عامي|سنتي) \d{3,4} (?:و|الي) ?\d{3,4}"
    dated = rf"{two_years}|{on_day}(?:[،,]? (?:الموافق )?{in_month})?|{again}|{whole_year}|{hour}|امس|اليوم"
    return re.compile(rf"\b(?:{relative}|{part}{{0,2}}(?:{dated})|{century}|{bare_year})(?!\w)")
