"""Who and which places stand beside a name: people apart from places, count_companions by article."""

from __future__ import annotations

import pytest

from retrieval.archive.companions import count_companions, people_named, places_named
from retrieval.expressions.quote_tokens import QuoteTokens


def people(text: str) -> list[str]:
    return [one.text for one in people_named(QuoteTokens(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("والتقى سيرغي لافروف ومايك بومبيو في سوتشي", ["سيرغي لافروف", "مايك بومبيو"]),
        ("زار الوزير سعيد حمدان المخيم", ["سعيد حمدان"]),
        ("بحث أحمد حمدان هاتفيًا مع نظيره", ["أحمد حمدان"]),
        ("قال أردوغان وبوتين إنهما متفقان", ["أردوغان", "بوتين"]),
        ("أصدر الكرملين بيانًا عن الأزمة", []),
        ("ورأى الناس خلفها جدارا", []),
        ("سقط المطر على المدينة صباحا", []),
    ],
)
def test_people_are_told_from_other_words(text: str, expected: list[str]) -> None:
    assert people(text) == expected


def test_places_are_given_without_particles_and_without_nationalities() -> None:
    text = "انتقل الوزير السوري من دمشق إلى بغداد وعمّان ثم لأنقرة، وعاد إلى سوريا"
    assert [one.text for one in places_named(QuoteTokens(text))] == ["دمشق", "بغداد", "عمان", "أنقرة", "سوريا"]


def test_companions_are_counted_by_article_and_a_last_name_alone_counts_for_its_full_name() -> None:
    texts = [
        ("a", "التقى سيرغي لافروف الوفد"),
        ("a", "وغادر لافروف"),
        ("b", "قال لافروف إن اللقاء مفيد"),
        ("b", "التقى مايك بومبيو الوفد"),
    ]
    found = count_companions([(article, people_named(QuoteTokens(text))) for article, text in texts])
    assert [(one.text, one.articles, one.mentions, one.place) for one in found] == [
        ("سيرغي لافروف", 2, 3, 0),
        ("مايك بومبيو", 1, 1, 3),
    ]


def test_two_people_of_one_last_name_stay_two() -> None:
    texts = [("a", "التقت هند الحداد الوفد"), ("b", "قابل كمال الحداد الوفد"), ("c", "غادر كمال الحداد")]
    found = count_companions([(article, people_named(QuoteTokens(text))) for article, text in texts])
    assert [(one.text, one.articles) for one in found] == [("كمال الحداد", 2), ("هند الحداد", 1)]
