"""A timeline: what the archive says of a subject, in the order of the days that the sentences speak of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.types import Citation, Span

TimelinePrecision = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The days that a quote speaks of, as YYYY-MM-DD, both within; how exactly it says so, and by which words."""

    first: str
    last: str
    precision: TimelinePrecision
    words: Span  # of the quote


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A statement, told once: its earliest quote, which names whoever else carries it, and its day if it names one."""

    citation: Citation
    day: TimelineDay | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The statements that name a subject: by the day that they speak of, and apart those that name none.

    Those are in the order of their articles. Citations are numbered through.
    """

    subject: str
    entries: tuple[TimelineEntry, ...] = ()
    undated: tuple[TimelineEntry, ...] = ()
    articles: int = 0  # that were read
    left_out: int = 0  # older ones that may name the subject, and were not read
    without_day: int = 0  # of those that were read, the ones that do not state their own day
