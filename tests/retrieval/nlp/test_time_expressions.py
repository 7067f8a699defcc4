"""The expressions of time that prose has, as slices of it; what only looks like one is none."""

from __future__ import annotations

import pytest

from retrieval.nlp.time_expressions import time_expressions_in


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("وأمس الأول وصل، ثم غادر يوم غد الجمعة", ["أمس الأول", "يوم غد الجمعة"]),
        ("صباح أمس الثلاثاء 10 تشرين الأول 2023م", ["صباح أمس الثلاثاء 10 تشرين الأول 2023م"]),
        ("الأربعاء، 3 أيار (مايو) 2020", ["الأربعاء، 3 أيار (مايو) 2020"]),
        ("في الثالث من الشهر الجاري", ["الثالث من الشهر الجاري"]),
        ("الشهر قبل الماضي ومطلع 2021", ["الشهر قبل الماضي", "مطلع 2021"]),
        ("قبل نحو خمسة عشر يوما ومنذ عامين", ["قبل نحو خمسة عشر يوما", "منذ عامين"]),
        ("9 رمضان 1440 هـ وغرة محرم", ["9 رمضان 1440 هـ", "غرة محرم"]),
        ("بين عامي 2012 و2014", ["عامي 2012 و2014"]),
        ("on Tuesday, May 14, 2019", ["on Tuesday, May 14, 2019"]),
        ("last Tuesday and the day before yesterday", ["last Tuesday", "the day before yesterday"]),
        ("about two weeks ago, in early March 2020", ["about two weeks ago", "in early March 2020"]),
        ("14/05/2019 or 2019-05-14", ["14/05/2019", "2019-05-14"]),
    ],
)
def test_expressions_are_told_whole(text: str, expressions: list[str]) -> None:
    assert [text[one.start : one.end] for one in time_expressions_in(text)] == expressions


@pytest.mark.parametrize(
    "text",
    [
        "بعدما لامس السعر الحد الأعلى",  # a word that ends as yesterday does
        "قبل يومين من الحادث",  # counted from something else
        "a march of thousands may begin",
        "قرأ 2019 صفحة",
        "@friday and #monday",
        "في السنوات الماضية والأيام المقبلة",  # how many?
        "over the past weeks, on the next day",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert time_expressions_in(text) == ()
