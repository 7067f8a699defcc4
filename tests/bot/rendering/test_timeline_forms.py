"""A timeline taken along: what is written is read back by each format's readers, and says no more than was said."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

from icalendar import Calendar
from support.builders.timelines import APRIL, MET, PRAISED, QUOTES, TALKS, VISITS

from bot.rendering.timeline_forms import TIMELINE_COLUMNS, timeline_csv, timeline_ics, timeline_json
from retrieval.timelines import Timeline

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_json_tells_the_days_with_their_words_and_their_quotes() -> None:
    value = json.loads(json.dumps(timeline_json(VISITS, "ar")))
    assert list(value) == [
        "subject",
        "language",
        "articles",
        "left_out",
        "without_day",
        "filters",
        "entries",
        "undated",
    ]
    met = value["entries"][3]
    start, end = met["day"]["words"]
    assert met["citation"]["quote"][start:end] == "أمس الثلاثاء"
    assert (met["day"]["first"], met["day"]["precision"]) == ("2019-05-14", "day")
    assert [one["day"] for one in value["undated"]] == [None]


def test_table_is_read_back_with_a_row_a_statement() -> None:
    written = timeline_csv(VISITS)
    assert written.count("\r\n") == 1 + 5
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert tuple(rows[0]) == TIMELINE_COLUMNS
    assert [row["first_day"] for row in rows] == ["2019-04-01", "2019-05-03", "2019-05-04", "2019-05-14", ""]
    assert (rows[3]["quote"], rows[3]["said"], rows[3]["also_in"]) == (QUOTES["day"], "أمس الثلاثاء", "سانا")


def test_cell_that_a_spreadsheet_would_take_for_a_formula_is_none() -> None:
    (row,) = csv.DictReader(io.StringIO(timeline_csv(Timeline("الوزير", (TALKS,))), newline=""))
    assert row["quote"] == f"'{QUOTES['days']}"


def test_calendar_has_whole_days_and_is_read_back() -> None:
    events = Calendar.from_ical(timeline_ics(VISITS, AT)).walk("VEVENT")
    days = [(event.decoded("dtstart"), event.decoded("dtend"), str(event["summary"])) for event in events]
    assert days == [
        (date(2019, 5, 3), date(2019, 5, 6), QUOTES["days"]),
        (date(2019, 5, 14), date(2019, 5, 15), QUOTES["day"]),
    ]
    assert all(str(event["dtstart"].params["VALUE"]) == "DATE" for event in events)
    assert "سانا" in str(events[1]["description"])


def test_calendar_leaves_out_what_is_no_more_exact_than_a_week() -> None:
    assert not Calendar.from_ical(timeline_ics(Timeline("", (APRIL,), (PRAISED,)), AT)).walk("VEVENT")


def test_calendars_lines_are_folded_by_octets_between_letters_and_end_as_the_standard_has_it() -> None:
    written = timeline_ics(VISITS, AT)
    assert written.endswith(b"END:VCALENDAR\r\n")
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode("utf-8")
    assert rb"\, " in written.replace(b"\r\n ", b"")  # the comma of the text


def test_the_same_statement_keeps_its_name_in_a_calendar() -> None:
    first, later = (
        Calendar.from_ical(timeline_ics(Timeline("", entries), at)).walk("VEVENT")[-1]["uid"]
        for entries, at in (((MET,), AT), ((TALKS, MET), AT.replace(year=2027)))
    )
    assert first == later
