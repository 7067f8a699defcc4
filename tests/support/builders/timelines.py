"""A timeline as the renderings of it are tested with: days, a month, a span, and a statement that names none."""

from __future__ import annotations

from dataclasses import replace

from support.builders.answers import ARTICLE, TWIN, citation

from retrieval.timelines import Timeline, TimelineDay, TimelineEntry, TimelinePrecision
from retrieval.types import Article, Citation, Span

QUOTES = {
    "day": "التقى الوزير، أمس الثلاثاء، نظيره في أنقرة؛ قال: «نعم, لا» \\ ووصف اللقاء بأنه مفيد.",
    "days": "=استمرت المحادثات من 3 مايو حتى 5 مايو.",
    "month": "وزار الوزير أنقرة في أبريل 2019.",
    "week": "وعاد الوزير الأسبوع الماضي.",
    "none": "وأشاد بحسن الضيافة.",
}


def quoted(number: int, name: str, article: Article = ARTICLE) -> Citation:
    return citation(number, replace(article, text=QUOTES[name], published="2019-05-15"), QUOTES[name])


def day(name: str, words: str, first: str, last: str, precision: TimelinePrecision) -> TimelineDay:
    start = QUOTES[name].index(words)
    return TimelineDay(first, last, precision, Span(start, start + len(words)))


APRIL = TimelineEntry(quoted(1, "month"), day("month", "أبريل 2019", "2019-04-01", "2019-04-30", "month"))
TALKS = TimelineEntry(quoted(2, "days", TWIN), day("days", "3 مايو حتى 5 مايو", "2019-05-03", "2019-05-05", "day"))
WEEK = TimelineEntry(quoted(3, "week"), day("week", "الأسبوع الماضي", "2019-05-04", "2019-05-10", "week"))
MET = TimelineEntry(
    replace(quoted(4, "day"), outlets=("سانا", None), also_in=("0f0f0f0f0f0f",)),
    day("day", "أمس الثلاثاء", "2019-05-14", "2019-05-14", "day"),
)
PRAISED = TimelineEntry(quoted(5, "none"))
VISITS = Timeline("الوزير", (APRIL, TALKS, WEEK, MET), (PRAISED,), articles=2)
