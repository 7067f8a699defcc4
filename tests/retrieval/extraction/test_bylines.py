"""Lines that name who wrote."""

from __future__ import annotations

import pytest

from retrieval.extraction.bylines import byline_of, is_name


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("رائد جبر", "رائد جبر"),
        ("د. محمد حسن المصري", "د. محمد حسن المصري"),
        ("جمال عبد الناصر", "جمال عبد الناصر"),
        ("رائد جبر، كمال شيخو", "رائد جبر، كمال شيخو"),
        ("محمد وليد", "محمد وليد"),
        ("القاهرة: محمد نبيل حلمي", "محمد نبيل حلمي"),
        ("الأيام السورية؛ قسم الأخبار", "الأيام السورية؛ قسم الأخبار"),
        ("هيئة التحرير", "هيئة التحرير"),
        ("Editorial board", "Editorial board"),
    ],
)
def test_a_byline_names_its_author(line: str, author: str) -> None:
    assert byline_of(line) == author


@pytest.mark.parametrize(
    "line",
    [
        "",
        "الشأن السوري",
        "رائد",
        "رائد فضاء",
        "عبد الناصر",
        "سعيد يستقيل",
        "محمد صلاح يسجل هدفين",
        "أمير في موسكو",
        "خالد 2019",
        "موسكو: محادثات جديدة",
        "فريق الأمم المتحدة",
        "كريم قال: نعم",
        "Robin Wright",
    ],
)
def test_what_may_be_something_else_is_none(line: str) -> None:
    assert byline_of(line) is None


@pytest.mark.parametrize("text", ["محمد ــ", "محمد ـ ـ", "ــ ــ", "المرصاد ــ", "المرصاد ــ وكالات", "ــ"])
def test_a_tatweel_alone_is_no_part_of_a_name(text: str) -> None:
    assert not is_name(text)
    assert byline_of(text) is None
