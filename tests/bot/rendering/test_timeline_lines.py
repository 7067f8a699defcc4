"""A timeline in words: days no more exact than they were said, and who carries a statement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.builders.timelines import APRIL, MET, TALKS, VISITS, WEEK

from bot.rendering.timeline_lines import day_in_words, statement_line, timeline_heading
from bot.rendering.timeline_terminal import timeline_text
from retrieval.timelines import Timeline, TimelineDay, TimelineEntry, TimelinePrecision
from retrieval.types import Language, Span


@pytest.mark.parametrize(
    ("entry", "arabic", "english"),
    [
        (MET, "14 مايو 2019", "14 May 2019"),
        (APRIL, "أبريل 2019", "April 2019"),
        (TALKS, "من 3 مايو 2019 إلى 5 مايو 2019", "from 3 May 2019 to 5 May 2019"),
        (WEEK, "من 4 مايو 2019 إلى 10 مايو 2019", "from 4 May 2019 to 10 May 2019"),
    ],
)
def test_days_are_told_as_exactly_as_they_were_said(entry: TimelineEntry, arabic: str, english: str) -> None:
    assert entry.day is not None
    assert (day_in_words(entry.day, "ar"), day_in_words(entry.day, "en")) == (arabic, english)


@pytest.mark.parametrize(
    ("first", "last", "precision", "words"),
    [
        ("2019-05-06", "2019-06-03", "month", "from 6 May 2019 to 3 June 2019"),  # Ramadan 1440
        ("2019-01-01", "2019-12-31", "year", "2019"),
        ("2012-01-01", "2014-12-31", "year", "from 2012 to 2014"),
        ("2024-02-01", "2024-06-30", "month", "from February 2024 to June 2024"),
    ],
)
def test_month_and_year_of_another_calendar_are_told_by_their_days(
    first: str, last: str, precision: TimelinePrecision, words: str
) -> None:
    assert day_in_words(TimelineDay(first, last, precision, Span(0, 1)), "en") == words


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("ar", ["رويترز", "الوزير في أنقرة", "2019-05-15", "أيضًا في: سانا", "ونشرته وسيلة إعلامية أخرى"]),
        ("en", ["رويترز", "الوزير في أنقرة", "2019-05-15", "also in: سانا", "+1 outlet"]),
    ],
)
def test_copies_are_named_beside_the_statement(language: Language, lines: list[str]) -> None:
    assert statement_line(MET.citation, "الوزير في أنقرة", language) == lines


def test_what_was_not_read_is_said() -> None:
    assert timeline_heading(replace(VISITS, left_out=7), "en")[1] == (
        "This is from the newest 2 articles. Not read were older ones: 7 articles."
    )
    assert timeline_heading(replace(VISITS, without_day=1), "ar")[1] == (
        "لا يُعرف المقصود بـ«أمس» ونحوه حيث لم يُذكر يوم النشر: مقالة واحدة."
    )
    assert timeline_heading(Timeline("x"), "ar") == ["لا تذكر أي مقالة x."]


def test_terminal_shows_each_day_once_above_its_statements() -> None:
    found = Timeline("الوزير", (MET, replace(MET, citation=replace(MET.citation, number=6))), ())
    shown = timeline_text(found, "en", lambda _: "الوزير في أنقرة")
    assert shown.plain.count("14 May 2019") == 1
    assert shown.plain.count("«التقى الوزير") == 2
    bold = [shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold"]
    assert "أمس الثلاثاء" in bold
