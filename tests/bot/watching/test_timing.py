from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.storage.outbox import Destination
from bot.storage.watches import Watch
from bot.watching.timing import TellingHours

ZONE = "Asia/Beirut"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp()


def watch(hour: int | None = None, *, at_night: bool = False) -> Watch:
    return Watch(1, Destination(5), 5, 1, "شويغو", "ar", hour, at_night)


@pytest.mark.parametrize(
    ("quiet", "found", "due"),
    [
        ("22-7", "2024-05-14T12:30", "2024-05-14T12:30"),
        ("22-7", "2024-05-14T21:59:59", "2024-05-14T21:59:59"),
        ("22-7", "2024-05-14T22:00", "2024-05-15T07:00"),
        ("22-7", "2024-05-15T00:10", "2024-05-15T07:00"),
        ("22-7", "2024-05-15T07:00", "2024-05-15T07:00"),
        ("1-6", "2024-05-15T00:59", "2024-05-15T00:59"),
        ("1-6", "2024-05-15T05:59", "2024-05-15T06:00"),
        ("", "2024-05-15T03:00", "2024-05-15T03:00"),
        ("8-8", "2024-05-15T08:30", "2024-05-15T08:30"),  # no hour lies in between
        ("22-7", "2024-03-30T23:00", "2024-03-31T07:00"),  # clocks go forward that night
        ("22-7", "2024-10-26T23:00", "2024-10-27T07:00"),  # and back
    ],
)
def test_nobody_is_told_in_the_quiet_hours(quiet: str, found: str, due: str) -> None:
    hours = TellingHours.of(quiet, ZONE)
    assert hours.due_at(watch(), at(found)) == at(due)
    assert hours.due_at(watch(at_night=True), at(found)) == at(found)


@pytest.mark.parametrize(
    ("hour", "found", "due"),
    [
        (8, "2024-05-14T07:59", "2024-05-14T08:00"),
        (8, "2024-05-14T08:00", "2024-05-15T08:00"),
        (8, "2024-05-14T23:00", "2024-05-15T08:00"),
        (23, "2024-05-14T12:00", "2024-05-14T23:00"),  # who chooses an hour has it, in the quiet hours too
        (8, "2024-03-30T12:00", "2024-03-31T08:00"),
    ],
)
def test_a_digest_is_told_at_its_hour(hour: int, found: str, due: str) -> None:
    assert TellingHours.of("22-7", ZONE).due_at(watch(hour), at(found)) == at(due)


def test_the_zone_is_the_machines_where_none_is_set() -> None:
    hours = TellingHours.of("22-7", "")
    night, morning = (datetime.fromisoformat(text).timestamp() for text in ("2024-05-14T23:00", "2024-05-15T07:00"))
    assert hours.due_at(watch(), night) == morning
    assert hours.zone_name
    assert TellingHours.of("", ZONE).zone_name == ZONE


@pytest.mark.parametrize(
    ("own", "due", "starts"),
    [
        (watch(), "2024-05-14T18:00", "2024-05-15T07:00"),
        (watch(8), "2024-05-14T08:00", "2024-05-15T07:00"),
        (watch(23), "2024-05-14T23:00", "2024-05-14T23:30"),  # the hour that somebody chose
        (watch(at_night=True), "2024-05-14T18:00", "2024-05-14T23:30"),
    ],
)
def test_what_is_late_is_not_told_in_the_quiet_hours(own: Watch, due: str, starts: str) -> None:
    hours = TellingHours.of("22-7", ZONE)
    assert hours.not_before(own, at(due), at("2024-05-14T23:30")) == at(starts)
    assert hours.not_before(own, at(due), at("2024-05-15T12:00")) == at("2024-05-15T12:00")
