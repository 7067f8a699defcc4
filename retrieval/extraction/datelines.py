"""Datelines: the place, the day and the agency that an article opens with, or that stand alone above or below it.

A day counts where nothing but a place and an agency stand beside it, so that the day of an event is never taken for
the article's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from retrieval.extraction.metadata import (
    MOST_PLACE_WORDS,
    Facts,
    StatedFact,
    is_outlet,
    is_outlet_named,
    is_place,
    statement_of_date,
    unwrap,
)
from retrieval.nlp.analysis import normalise
from retrieval.nlp.dates import MONTH_OF, WEEKDAY_OF, date_of
from retrieval.nlp.display import clean
from retrieval.nlp.news_sources import is_agencies

LONGEST_DATELINE = 110  # code points; «الرياض 15 شعبان 1444 هـ الموافق 7 مارس 2023 م (واس) -» and the like, with room
MOST_ENDS = 8  # dashes and brackets at which a dateline may end; an opening with more is a list
MOST_PARTS_BESIDE = 3  # «منبر الجنوب - الناصرية - خاص»
MOST_MASTHEAD_WORDS = 4  # of one part

_GROUP = re.compile(
    r"\(\s?(?P<round>[^()]{2,40}?)\s?\)|(?<!\S)/\s?(?P<slashes>[^/()]{2,40}?)\s?/(?!\w)|«(?P<quoted>[^«»]{2,40})»"
)
_END = re.compile(r"(?<=[)/»])(?:\s*[-–—:]{1,3}|\s)|\s*[-–—]{1,3}\s|:\s")
_BESIDE = re.compile(r"\s*[،,/|]\s*|\s*[-–—ـ]+\s*|\s{2,}")
_ON = re.compile(r"(?:^|\s)(?P<on>في|بتاريخ|in|on)$")
_DIGITS = re.compile(r"[\d٠-٩۰-۹]{1,4}([-/.])[\d٠-٩۰-۹]{1,2}\1[\d٠-٩۰-۹]{1,4}")
_MASTHEAD = re.compile(r"\s*[|•·/]\s*|\s+[-–—ـ]+\s+")
_DASHES, _COMMAS = ("-", "–", "—", "ـ", "|", "/"), ("،", ",")
_TRIMMED = " ،,-–—:ـ/"
_OF_DATES = MONTH_OF.keys() | WEEKDAY_OF.keys()
_UNDATED = tuple(
    re.compile(form)
    for form in (
        r"(?:[^().:]{2,40}\s)?\((?P<source>[^()]{2,40})\)[^\w:]{0,3}[-–—:]",  # موسكو (رويترز) -
        r"[^().:–—-]{2,40}\s?[-–—/]\s?[«(\"]?(?P<source>[^().:–—»\"-]{2,40})[»)\"]?\s?[-–—:]",  # القاهرة - رويترز:
    )
)
_CLOSING = re.compile(r"[\s.!?؟…»”\"]\((?P<source>[^()]{2,60})\)\s*\Z")


class _Named(NamedTuple):
    """A name in brackets, in slashes or in quotation marks, and its span."""

    start: int
    end: int
    name: str
    is_agency: bool
    is_quoted: bool


class _Dateline(NamedTuple):
    """What a dateline states of the day and the source, and whether «في» stands before the day."""

    dated: StatedFact
    source: str | None
    has_on: bool


def dateline_of(text: str) -> StatedFact | None:
    """Return what a lone line states of the article's day and agency beside a place; None for any other line.

    >>> dateline_of("المرصد اليومي - الخميس ١٣ شباط ٢٠٢٥")[:2], dateline_of("إربد في 25/3/2024")[:2]
    (('published', '2025-02-13'), ('published', '2024-03-25'))
    >>> dateline_of("القاهرة - 6 مارس 2025 (وكالة الساحل)")[:2], dateline_of("قتل في 14 مايو 2019")
    (('source', 'وكالة الساحل'), None)
    """
    if len(text) > LONGEST_DATELINE:
        return None
    found = _read(text)
    if not found or (found.has_on and not found.source and not _DIGITS.search(text)):
        return None
    return StatedFact("source", found.source, found.dated) if found.source else found.dated


def masthead_parts(text: str) -> list[str]:
    """Return the short parts, set apart by a sign, of a line that may be an outlet's name beside a place or a section.

    >>> masthead_parts("ضفاف / ذي قار"), masthead_parts("بِت | أمن رقمي"), masthead_parts("روسيا وتركيا تبحثان الوضع")
    (['ضفاف', 'ذي قار'], ['بِت', 'أمن رقمي'], [])
    """
    parts = _MASTHEAD.split(text) if len(text) <= LONGEST_DATELINE else []
    is_one = 1 < len(parts) <= MOST_PARTS_BESIDE and all(is_place(part, MOST_MASTHEAD_WORDS) for part in parts)
    return parts if is_one else []


def tags_of(first: str, last: str) -> Facts:
    """Return what the dateline says that opens the first paragraph, or the agency's tag that closes the last one.

    >>> tags_of("موسكو (رويترز) 14 مايو 2019 - قال لافروف", "ولم يذكر تفاصيل.")
    {'published': '2019-05-14', 'source': 'رويترز'}
    >>> tags_of("الناصرية (العراق)، 14 أيار/مايو 2023 (الرافد) - قتل تسعة", "")
    {'published': '2023-05-14', 'source': 'الرافد'}
    >>> tags_of("بكين 14 مايو (شينخوا) -- قال", ""), tags_of("سوتشي، 14 أيار 2019 - قال", "")
    ({'dated': '14 مايو', 'source': 'شينخوا'}, {'published': '2019-05-14'})
    >>> tags_of("قال لافروف", "ولم يذكر تفاصيل. (أ ف ب)"), tags_of("قال لافروف", "نقلته وكالة الأنباء (سانا).")
    ({'source': 'أ ف ب'}, {})
    """
    if opening := _opening(first[:LONGEST_DATELINE]):
        source = {"source": opening.source} if opening.source else {}
        return {opening.dated.field: opening.dated.value or "", **source}
    for form in _UNDATED:
        undated = form.match(first[:LONGEST_DATELINE])
        if undated and is_agencies(undated["source"]):
            return {"source": clean(undated["source"])}
    closing = _CLOSING.search(last[-LONGEST_DATELINE:])
    return {"source": clean(closing["source"])} if closing and is_agencies(closing["source"]) else {}


def _opening(text: str) -> _Dateline | None:
    """Return the dateline that opens a text: one with a full day and a source before those that lack either."""
    found: list[_Dateline] = []
    for end in [*_END.finditer(text)][:MOST_ENDS]:
        dateline = _read(text[: end.start()])
        if not dateline or (not dateline.source and (dateline.has_on or ":" in end.group())):
            continue
        if not end.group().strip() and not is_agencies(dateline.source or ""):  # no dash: a known agency ends it too
            continue
        found.append(dateline)
    return max(found, key=lambda one: (_is_full(one.dated), one.source is not None), default=None)


def _read(text: str) -> _Dateline | None:
    """Return the dateline that the whole of a text is, but for the dash after it."""
    if not any(letter.isdecimal() for letter in text):
        return None
    named = [*_named_in(text)]
    flat, last = _without_last_agency(_without(text, named).rstrip(_TRIMMED))
    dated, place, start = _date_and_place(flat)
    if not dated:
        return None
    on = _ON.search(place.rstrip())
    parts = [part for part in _BESIDE.split(place[: on.start()] if on else place.rstrip(_TRIMMED)) if part]
    source = _source(named, [*parts, last], start)
    if len(parts) > MOST_PARTS_BESIDE or not all(is_agencies(part) or is_place(part) for part in parts):
        return None
    if source or (on and parts):
        return _Dateline(dated, source, on is not None)
    is_telling = _is_full(dated) or _DIGITS.search(dated.value or "")
    return _Dateline(dated, None, False) if is_telling and _is_set_apart(place, parts) else None


def _is_set_apart(place: str, parts: list[str]) -> bool:
    """Tell whether what stands before a day is a place: a dash parts them, or a comma parts a shorter name.

    «معركة الكرامة 21 آذار 1968» and «انفجار مرفأ بيروت، 4 آب 2020» are events.
    """
    if not parts:
        return False
    return place.rstrip().endswith(_DASHES) or (
        place.rstrip().endswith(_COMMAS) and all(is_place(part, MOST_PLACE_WORDS - 1) for part in parts)
    )


def _named_in(text: str) -> Iterator[_Named]:
    """Yield the names that stand in brackets or the like; a month or a day of the week belongs to the date."""
    for found in _GROUP.finditer(text):
        name = found["round"] or found["slashes"] or found["quoted"]
        is_agency = is_agencies(name)
        if is_agency or not (any(letter.isdecimal() for letter in name) or normalise(name) in _OF_DATES):
            yield _Named(found.start(), found.end(), name, is_agency, found["quoted"] is not None)


def _without(text: str, named: list[_Named]) -> str:
    """Return a text of the same length with a comma in the place of each name that stands in brackets."""
    blanked = text
    for one in named:
        blanked = f"{blanked[: one.start]}،{' ' * (one.end - one.start - 1)}{blanked[one.end :]}"
    return blanked


def _without_last_agency(text: str) -> tuple[str, str]:
    """Return a text without the known agency that ends it, and that one: «7 مارس 2023م واس»."""
    words = text.split()
    for count in range(min(3, len(words) - 1), 0, -1):
        if is_agencies(name := " ".join(words[-count:])):
            return text[: -len(name)].rstrip(_TRIMMED), name
    return text, ""


def _source(named: list[_Named], beside: list[str], date_start: int) -> str | None:
    """Return a known agency, or what stands in an agency's place, after the day."""
    known = [name for *_, name, is_agency, _ in named if is_agency] + [
        part for part in beside if is_agencies(part) or is_outlet_named(part)
    ]
    placed = [one.name for one in named if (one.start > date_start or one.is_quoted) and is_outlet(one.name)]
    return next((unwrap(name) for name in [*known, *placed[-1:]]), None)


def _is_full(dated: StatedFact) -> bool:
    """Tell whether a date names one day, of either calendar."""
    return dated.field == "published" or date_of(dated.value or "") is not None


def _date_and_place(text: str) -> tuple[StatedFact | None, str, int]:
    """Return the date that ends or begins a few words, as long as it can be, the rest of them, and its offset.

    >>> _date_and_place("دمشق، 14 مايو 2019")[1:], _date_and_place("14 مايو 2019 - دمشق")[1:]
    (('دمشق، ', 6), ('دمشق -', 0))
    """
    for found in re.finditer(r"(?<![^\s،,/-])\w", text):
        if dated := statement_of_date(text[found.start() :].strip()):
            return dated, text[: found.start()], found.start()
    for dash in re.finditer(r"\s[-–—]\s", text):
        if dated := statement_of_date(text[: dash.start()]):
            return dated, f"{text[dash.end() :]} -", 0
    return None, "", 0
