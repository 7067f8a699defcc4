"""Pure: a timeline to take along: JSON, a table (CSV, RFC 4180) and a calendar (ICS, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.rendering.csv_lines import csv_line
from bot.rendering.json_forms import citation_json, narrowed_json
from retrieval.nlp.display import one_line
from retrieval.timelines import Timeline, TimelineEntry
from retrieval.types import Language, Narrowing

if TYPE_CHECKING:
    from icalendar import Event

TIMELINE_COLUMNS = (
    *("first_day", "last_day", "precision", "said", "quote", "source", "title", "published", "dated", "url"),
    *("also_in", "path", "article_id", "start", "end"),
)


def timeline_json(found: Timeline, language: Language, narrowing: Narrowing | None = None) -> dict[str, object]:
    """Return the stable JSON form of a timeline."""
    return {
        "subject": found.subject,
        "language": language,
        "articles": found.articles,
        "left_out": found.left_out,
        "without_day": found.without_day,
        "filters": narrowed_json(narrowing),
        "entries": [_entry_json(one) for one in found.entries],
        "undated": [_entry_json(one) for one in found.undated],
    }


def _entry_json(entry: TimelineEntry) -> dict[str, object]:
    day = asdict(entry.day) | {"words": list(entry.day.words)} if entry.day else None
    return {"day": day, "citation": citation_json(entry.citation)}


def timeline_csv(found: Timeline) -> str:
    """Return a timeline as a table with a heading, a statement a row; those that name no day come last.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    rows = (TIMELINE_COLUMNS, *map(_row, (*found.entries, *found.undated)))
    return "".join(map(csv_line, rows))


def _row(entry: TimelineEntry) -> Iterator[object]:
    cited, day = entry.citation, entry.day
    said = cited.quote[day.words.start : day.words.end] if day else None
    yield from (day.first, day.last, day.precision, said) if day else (None,) * 4
    yield from (cited.quote, cited.source, cited.title, cited.published, cited.dated, cited.url)
    yield from ("; ".join(name for name in cited.outlets if name), cited.path, cited.article_id, cited.start, cited.end)


def has_a_date(entry: TimelineEntry) -> bool:
    """Tell whether a statement names its days themselves, so that a calendar can show them."""
    return entry.day is not None and entry.day.precision == "day"


def timeline_ics(found: Timeline, at: datetime | None = None) -> bytes:
    """Return a timeline as a calendar of whole days, written at a moment; the same statement keeps its UID.

    A calendar has no months, weeks and years: a statement that is no more exact is left out.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Sanad//timeline//AR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(found.subject))
    for entry in filter(has_a_date, found.entries):
        calendar.add_component(_event(entry, at or datetime.now(UTC)))
    return bytes(calendar.to_ical())


def _event(entry: TimelineEntry, at: datetime) -> Event:
    from icalendar import Event

    cited, day = entry.citation, entry.day
    assert day is not None
    event = Event()
    event.add("uid", f"{cited.article_id}-{cited.start}-{cited.end}@sanad")
    event.add("dtstamp", at)
    event.add("dtstart", date.fromisoformat(day.first))
    event.add("dtend", date.fromisoformat(day.last) + timedelta(1))  # the first day that is not within
    event.add("summary", one_line(cited.quote))
    known = (cited.source, cited.title, cited.published or cited.dated, *(name for name in cited.outlets if name))
    event.add("description", " · ".join(one_line(part) for part in known if part))
    event.add("transp", "TRANSPARENT")  # it makes nobody busy
    if cited.url:
        event.add("url", cited.url)
    return event
