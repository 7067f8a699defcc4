"""The days that sentences speak of, against marks made by hand: nine of ten right, none more exact than the words."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from retrieval.nlp.dates import Period, period_of
from retrieval.nlp.days_spoken_of import day_of_sentence

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
