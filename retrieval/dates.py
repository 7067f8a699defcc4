"""Full dates as news pages write them, in Arabic and English."""

from __future__ import annotations

import re
from datetime import date

from retrieval.arabic import normalise

EARLIEST_YEAR = 1800  # a smaller one is of the Hijri calendar, or no year

_MONTHS = (
    "يناير|كانون الثاني|جانفي|january|jan",
    "فبراير|شباط|فيفري|february|feb",
    "مارس|آذار|march|mar",
    "أبريل|نيسان|أفريل|april|apr",
    "مايو|أيار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june|jun",
    "يوليو|يوليه|تموز|جويلية|july|jul",
    "أغسطس|آب|أوت|غشت|august|aug",
    "سبتمبر|أيلول|شتنبر|september|sept|sep",
    "أكتوبر|تشرين الأول|october|oct",
    "نوفمبر|تشرين الثاني|نونبر|november|nov",
    "ديسمبر|كانون الأول|دجنبر|december|dec",
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in normalise(names).split("|")}
_MONTH = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_WEEKDAY = normalise(
    r"(?:يوم )?(?:السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_HOUR = normalise(
    r"(?:[ t،,|-]*(?:الساعة |at )?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
    r" ?(?:صباحا|مساء|ص|م|am|pm)?(?: ?بتوقيت .{2,20}| ?gmt| ?utc|z| ?[+-]\d{2}:?\d{2})?)?"
)
_FORMS = tuple(
    re.compile(rf"(?:(?:{_WEEKDAY})\.?[ ،,]*)?{form}{_HOUR}")
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4})",
        (
            rf"(?P<day>\d{{1,2}}) ?(?:من )?(?:شهر )?(?P<name>{_MONTH})\.?(?: ?[/(،-] ?(?P<other>{_MONTH})\)?)?"
            r"[ ،,]*(?:من )?(?:ال?عام |سنه )?(?P<year>\d{4}) ?م?"
        ),
        rf"(?P<name>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ,]+(?P<year>\d{{4}})",
    )
)


def date_of(text: str) -> str | None:
    """Return the date that the whole of a text states, as YYYY-MM-DD, or None.

    None too where no year stands, or where day and month could be each other.

    >>> [date_of(text) for text in ("الثلاثاء ١٤ أيار/مايو ٢٠١٩", "May 14, 2019", "2019-05-14T10:30Z", "14/5/2019")]
    ['2019-05-14', '2019-05-14', '2019-05-14', '2019-05-14']
    >>> [date_of(text) for text in ("الثلاثاء14أيار / مايو", "5/6/2019", "30 فبراير 2019", "في 14 مايو 2019 قال")]
    [None, None, None, None]
    """
    normal = " ".join(normalise(text).split())
    for form in _FORMS:
        if stated := form.fullmatch(normal):
            return _iso(stated.groupdict())
    return None


def _iso(stated: dict[str, str | None]) -> str | None:
    """Return the date of a form's groups, or None where they state none for certain."""
    number = {group: int(value) for group, value in stated.items() if value and value.isdecimal()}
    if "first" in number:
        month, day = sorted((number["first"], number["second"]))  # at most one of the two can be no month
        if month != day <= 12:
            return None
    else:
        months = {MONTH_OF[name] for group in ("name", "other") if (name := stated.get(group))}
        month, day = months.pop() if months else number["month"], number["day"]
        if months:  # two names of different months
            return None
    try:
        return date(number["year"], month, day).isoformat() if number["year"] >= EARLIEST_YEAR else None
    except ValueError:
        return None
