"""What expressions of time mean by an article's own day: the precision of the words, and never a day without cause."""

from __future__ import annotations

import pytest

from retrieval.nlp.dated_words import day_meant
from retrieval.nlp.dates import Period
from retrieval.nlp.time_expressions import time_expressions_in

OWN = Period("2019-05-15", "2019-05-15")  # a Wednesday
IN_MAY = Period("2019-05-01", "2019-05-31")


def meant(words: str, own: Period | None = OWN, *, is_planned: bool = False) -> str | None:
    (said,) = time_expressions_in(words)
    found = day_meant(said, own, is_planned=is_planned)
    return f"{found.precision} {found.period.first} {found.period.last}" if found else None


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("أمس", "day 2019-05-14 2019-05-14"),
        ("أول من أمس", "day 2019-05-13 2019-05-13"),
        ("بعد غد", "day 2019-05-17 2019-05-17"),
        ("اليوم الثلاثاء", "day 2019-05-14 2019-05-14"),  # printed a day later: the day of the week is surer
        ("الأربعاء", "day 2019-05-15 2019-05-15"),
        ("الأربعاء الماضي", "day 2019-05-08 2019-05-08"),
        ("الثلاثاء المقبل", "day 2019-05-21 2019-05-21"),
        ("قبل ثلاثة أيام", "day 2019-05-12 2019-05-12"),
        ("قبل نحو عشرة أيام", "week 2019-05-02 2019-05-08"),
        ("منذ أسبوعين", "week 2019-04-28 2019-05-04"),
        ("قبل شهر", "month 2019-04-01 2019-04-30"),
        ("قبل عشر سنوات", "year 2009-01-01 2009-12-31"),
        ("الأسبوع الماضي", "week 2019-05-04 2019-05-10"),  # from Saturday on
        ("هذا العام", "year 2019-01-01 2019-12-31"),
        ("الشهر قبل الماضي", "month 2019-03-01 2019-03-31"),
        ("الثالث من الشهر الجاري", "day 2019-05-03 2019-05-03"),
        ("كانون الثاني الماضي", "month 2019-01-01 2019-01-31"),
        ("في شباط من السنة الماضية", "month 2018-02-01 2018-02-28"),
        ("14 آذار من العام الجاري", "day 2019-03-14 2019-03-14"),
        ("in February last year", "month 2018-02-01 2018-02-28"),
        ("تموز المقبل", "month 2019-07-01 2019-07-31"),
        ("20 كانون الأول", "day 2018-12-20 2018-12-20"),
        ("20 ماي", "day 2019-05-20 2019-05-20"),
        ("الحادي والعشرين من نيسان", "day 2019-04-21 2019-04-21"),
        ("عام 1440 هـ", "year 2018-09-11 2019-08-30"),
        ("رمضان الماضي", "month 2018-05-16 2018-06-14"),
        ("الثلاثاء 8 رمضان", "day 2019-05-14 2019-05-14"),  # a day off, by the sighting of the moon
        ("two months ago", "month 2019-03-01 2019-03-31"),
        ("last year", "year 2018-01-01 2018-12-31"),
        ("in April", "month 2019-04-01 2019-04-30"),
        ("14/5/2019", "day 2019-05-14 2019-05-14"),
    ],
)
def test_words_mean_what_they_say_of_days(words: str, days: str) -> None:
    assert meant(words) == days


@pytest.mark.parametrize(
    "words",
    [
        "قبل أيام",
        "منذ سنوات",
        "قبل أكثر من شهرين",
        "5/6/2019",  # of May or of June
        "30 شباط",
        "الثلاثاء 3 نيسان 2019",  # a Wednesday
        "القرن التاسع عشر",
        "ثمانينيات القرن الماضي",
        "الساعة الثامنة صباحا",
    ],
)
def test_what_no_day_can_be_told_of_means_none(words: str) -> None:
    assert meant(words) is None


def test_what_is_planned_is_to_come() -> None:
    assert meant("الثلاثاء", is_planned=True) == "day 2019-05-21 2019-05-21"
    assert meant("في آذار", is_planned=True) == "month 2020-03-01 2020-03-31"


def test_an_article_that_states_its_month_alone_gives_months_and_no_days() -> None:
    assert meant("في نيسان", IN_MAY) == "month 2019-04-01 2019-04-30"
    assert meant("الشهر الماضي", IN_MAY) == "month 2019-04-01 2019-04-30"
    assert [meant(words, IN_MAY) for words in ("أمس", "الثلاثاء", "قبل يومين", "الأسبوع الماضي")] == [None] * 4


def test_an_article_without_a_day_gives_what_is_said_in_full_alone() -> None:
    assert meant("14 أيار 2019", None) == "day 2019-05-14 2019-05-14"
    assert [meant(words, None) for words in ("أمس", "14 أيار", "العام الماضي")] == [None] * 3
