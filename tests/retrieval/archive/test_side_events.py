"""When two reports are of one event, and which days are an event's."""

from __future__ import annotations

import pytest

from retrieval.archive.side_events import EventReport, event_days
from retrieval.types import Article, Span


def _report(sentence: str, value: str, published: str = "2024-03-06") -> EventReport:
    article = Article("a" * 12, "a.txt", sentence, (Span(0, len(sentence)),), published=published)
    start = sentence.index(value)
    return EventReport(article, sentence, Span(start, start + len(value)))


@pytest.mark.parametrize(
    ("sentence", "value", "days"),
    [
        ("قتل سبعة أشخاص في حريق اندلع صباح الثلاثاء في مصنع", "سبعة", ["2024-03-05"]),
        ("لقي سبعة عمال مصرعهم جراء حريق، مساء أمس الثلاثاء", "سبعة", ["2024-03-05"]),
        ("ارتفعت حصيلة القتلى، الأربعاء، إلى 11", "11", []),
        ("شيعت المدينة، الأربعاء، ضحايا الحريق، وعددهم 11", "11", []),
        ("قتل 12 شخصا في حريق مماثل عام 2019", "12", []),
    ],
)
def test_the_days_of_an_announcement_or_a_funeral_are_not_those_of_an_event(
    sentence: str, value: str, days: list[str]
) -> None:
    assert [day.first for day in event_days(_report(sentence, value))] == days
