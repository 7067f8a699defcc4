"""Whose voice an article is."""

from __future__ import annotations

import pytest

from retrieval.archive.voices import voice_of
from retrieval.types import Article, Span

SOURCES = ("الرافد", "بلدنا", "صدى بلدنا")


def _article(text: str, source: str | None = None) -> Article:
    return Article("a" * 12, "a.txt", text, (Span(0, len(text)),), source=source)


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("انهيار جسر\nالناصرية (الرافد) 14-11-2023\nانهار الجسر صباح اليوم.", "الرافد"),
        ("انهيار جسر\nالرافد - الناصرية\nانهار الجسر.", "الرافد"),
        ("انهيار جسر\nصدى بلدنا\nانهار الجسر.", "صدى بلدنا"),
        ("قال وزير إن الرافد الأول للنهر جف، وإن بلدنا عطشى.", "a" * 12),
    ],
)
def test_an_outlet_that_an_article_sets_apart_is_its_voice(text: str, voice: str) -> None:
    assert voice_of(_article(text), SOURCES) == voice


def test_the_stated_outlet_wins() -> None:
    assert voice_of(_article("الناصرية (الرافد)\nانهار الجسر.", "ضفاف"), SOURCES) == "ضفاف"
