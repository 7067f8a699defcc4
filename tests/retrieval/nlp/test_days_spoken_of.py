"""The days that sentences speak of, against marks made by hand: nine of ten right, none more exact than the words."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from retrieval.nlp.dates import Period, period_of
from retrieval.nlp.days_spoken_of import Clause, day_of_sentence, days_in

MARKS = Path(__file__).with_name("marked_days.toml")
LISTS = ("seen", "kept_aside", "later")
LEAST_RIGHT = 0.9


class Marked(NamedTuple):
    """A sentence, its article's day, and the days that it speaks of."""

    text: str
    published: str
    meant: Period | None


@cache
def marked(name: str) -> tuple[Marked, ...]:
    lists = tomllib.loads(MARKS.read_text(encoding="utf-8"))[name]
    return tuple(Marked(text, published, span_of(days)) for published, pairs in lists.items() for text, days in pairs)


def span_of(written: str) -> Period | None:
    first, _, last = written.partition("/")
    return Period(first, last) if last else period_of(first) if first else None


def read(one: Marked) -> Period | None:
    found = day_of_sentence(one.text, Period(one.published, one.published))
    return found.period if found else None


def length(period: Period) -> timedelta:
    return date.fromisoformat(period.last) - date.fromisoformat(period.first)


@pytest.mark.parametrize("name", LISTS)
def test_nine_of_ten_marked_days_are_read(name: str) -> None:
    wrong = [(one.text, one.meant, read(one)) for one in marked(name) if read(one) != one.meant]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(marked(name)), wrong


@pytest.mark.parametrize("one", [one for name in LISTS for one in marked(name)])
def test_no_day_is_more_exact_than_its_words(one: Marked) -> None:
    found = read(one)
    assert found is None or (one.meant is not None and length(found) >= length(one.meant))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("وصل الوزير أمس.", Clause.MAIN),
        ("وقال إن الوزير وصل أمس.", Clause.REPORTED),
        ("والطريق مغلق منذ أمس.", Clause.BACKGROUND),
        ("والحريق الذي اندلع أمس انطفأ.", Clause.BACKGROUND),  # it is of the news
        ("والمبنى الذي شيد عام 1950 انهار.", Clause.ASIDE),
        ("وقال القائد (14 مارس 1879) ذلك.", Clause.ASIDE),
        ("وصدر القرار 2254 لعام 2015.", Clause.ASIDE),
        ("وأقرت موازنة للعام 2018.", Clause.ASIDE),
        ("وغادر قبل الأحد.", Clause.ASIDE),
        ("a bridge that was built in 1950", Clause.ASIDE),
    ],
)
def test_clause_of_a_day_is_told(text: str, clause: Clause) -> None:
    (found,) = days_in(text, Period("2019-05-15", "2019-05-15"))
    assert found.clause is clause


@pytest.mark.parametrize(
    "text",
    [
        "الساحل (سوريا)، 14 أيار/مايو 2019 (الوكالة) - لم يقل الوزير شيئا.",  # the dateline's
        "عرضه برنامج «صباح الخميس» في قناته.",
        "وأغلقت «الفرات اليوم» مكتبها.",
        "وتظاهرت قوى 14 آذار.",
        "ولم يعلق رجب على ذلك.",
        "وأما الاثنين الآخران فبقيا.",
    ],
)
def test_names_and_datelines_are_no_days_that_are_spoken_of(text: str) -> None:
    assert days_in(text, Period("2019-05-15", "2019-05-15")) == ()
