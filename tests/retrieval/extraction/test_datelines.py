"""Datelines: what opens an article, or stands alone beside it, states of its day and its agency."""

from __future__ import annotations

import pytest

from retrieval.extraction.datelines import dateline_of, masthead_parts, tags_of
from retrieval.extraction.metadata import Facts


@pytest.mark.parametrize(
    ("first", "last", "facts"),
    [
        ("موسكو (رويترز) - قال لافروف", "", {"source": "رويترز"}),
        ("(أ ف ب) - قال لافروف", "", {"source": "أ ف ب"}),
        ("القاهرة - رويترز: قال لافروف", "", {"source": "رويترز"}),
        ("لندن – «الشرق الأوسط»: قال", "", {"source": "الشرق الأوسط"}),
        ("MOSCOW (Reuters) - Lavrov said", "", {"source": "Reuters"}),
        ("موسكو (رويترز) 14 مايو 2019 - قال", "", {"source": "رويترز", "published": "2019-05-14"}),
        ("القاهرة - 6 مارس 2025 (وكالة الساحل) - قال", "", {"source": "وكالة الساحل", "published": "2025-03-06"}),
        ("بيروت (لبنان) 6 آذار 2025 (الساحل) – قال", "", {"source": "الساحل", "published": "2025-03-06"}),
        ("القاهرة في 6 مارس 2025 /أ ش أ/ قال", "", {"source": "أ ش أ", "published": "2025-03-06"}),
        ("بيروت/دمشق، 6 آذار / مارس 2025 (رويترز) - قال", "", {"source": "رويترز", "published": "2025-03-06"}),
        ("الرياض 15 شعبان 1444 هـ الموافق 7 مارس 2023 م واس - قال", "", {"source": "واس", "published": "2023-03-07"}),
        ("الجزائر - 06 مارس 2025 - (وأج) - قال", "", {"source": "وأج", "published": "2025-03-06"}),
        ("غزة - «المنار اليوم» - 6 مارس 2025: قال", "", {"source": "المنار اليوم", "published": "2025-03-06"}),
        ("14 مايو 2019 - موسكو (رويترز) - قال", "", {"source": "رويترز", "published": "2019-05-14"}),
        ("القدس المحتلة - 6 مارس 2025 - قال", "", {"published": "2025-03-06"}),
        ("عمان 6 آذار(بترا)- قال", "", {"source": "بترا", "dated": "6 آذار"}),
        ("دمشق، 6 آذار 2025 (خاص) - قال", "", {"published": "2025-03-06"}),
        ("قال لافروف", "ولم يذكر تفاصيل. (وكالات)", {"source": "وكالات"}),
        ("قال لافروف لوكالة (رويترز) إنه سيعود", "نقلته وكالة الأنباء (سانا).", {}),
        ("قال لافروف (موسكو) - نعم", "ولم يذكر تفاصيل. (انظر الصورة)", {}),
        ("معركة الكرامة 21 آذار 1968 - كانت", "", {}),
        ("انفجار مرفأ بيروت، 4 آب 2020 - ماذا", "", {}),
        ("الاجتماع الأول: 14 مايو 2019 - بدأ", "", {}),
        ("في مثل هذا اليوم، 14 مايو 1948 - أعلن", "", {}),
        ("وقع الطرفان الاتفاق (14 مايو 2019) - ثم", "", {}),
        ("وزارة الدفاع - كما قالت: لا", "", {}),
    ],
)
def test_an_agency_s_tag_states_the_source(first: str, last: str, facts: Facts) -> None:
    assert tags_of(first, last) == facts


@pytest.mark.parametrize(
    "line",
    [
        "قتل في 14 مايو 2019",
        "معركة الكرامة 21 آذار 1968",
        "انفجار مرفأ بيروت، 4 آب 2020",
        "14 مايو",
        "اتفق الطرفان في سوتشي على لقاء - 14 مايو 2019",
        " - ".join(["14 مايو 2019"] * 9),
    ],
)
def test_the_day_of_an_event_is_no_dateline(line: str) -> None:
    assert dateline_of(line) is None


@pytest.mark.parametrize("line", ["صوت الشمال - عكار", "مؤشّر — اقتصادات عربية", "إربد - السنديان - سهى القرعان"])
def test_an_outlet_beside_a_place_is_a_masthead(line: str) -> None:
    assert masthead_parts(line)


@pytest.mark.parametrize(
    "line", ["الأمم المتحدة", "3 قتلى - عكار", "اتفق الطرفان على لقاء قريب - عكار", "أ | ب | ج | د"]
)
def test_what_may_be_more_is_no_masthead(line: str) -> None:
    assert masthead_parts(line) == []
