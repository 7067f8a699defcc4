"""What lines and tags state about an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.extraction.metadata import statement_of
from retrieval.nlp.display import clean


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("المصدر: الشرق الاوسط", "source", "الشرق الاوسط"),
        ("المصدر / (وكالات)", "source", "وكالات"),
        ("\u00a0المصدر :\u00a0الجزيرة + وكالات", "source", "الجزيرة + وكالات"),
        ("مصدر رويترز العربية نت وكالات", "source", "رويترز العربية نت وكالات"),
        ("Source: The Guardian", "source", "The Guardian"),
        ("Source: https://example.org/a", "source", "https://example.org/a"),
        ("(رويترز)", "source", "رويترز"),
        ("أ.ف.ب - وكالات", "source", "أ.ف.ب - وكالات"),
        ("القاهرة - رويترز:", "source", "رويترز"),
        ("بقلم: رائد جبر", "author", "رائد جبر"),
        ("بقلم رائد جبر", "author", "رائد جبر"),
        ("كتب - ميخائيل بوغدانوف", "author", "ميخائيل بوغدانوف"),
        ("By Robin Wright and Jo de Vries", "author", "Robin Wright and Jo de Vries"),
        ("By: Robin Wright", "author", "Robin Wright"),
        ("تاريخ النشر: 14 مايو 2019", "published", "2019-05-14"),
        ("نشر في 14/5/2019", "published", "2019-05-14"),
        ("الثلاثاء 14 أيار / مايو 2019", "published", "2019-05-14"),
        ("Published: May 14, 2019", "published", "2019-05-14"),
        ("التاريخ: الثلاثاء14أيار / مايو", "dated", "الثلاثاء14أيار / مايو"),
        ("العنوان: روسيا وتركيا", "title", "روسيا وتركيا"),
        ("المصدر:", "source", None),
    ],
)
def test_a_line_states_its_fact(line: str, field: str, value: str | None) -> None:
    found = statement_of(line)
    assert found
    assert found[:2] == (field, value)


@pytest.mark.parametrize(
    "line",
    [
        "مصدر أمني: القوات ستنسحب غدا",
        "مصدر في الخارجية الروسية",
        "المصدر: دائرة الإحصاء، ولا يشمل الرقم 400 طن من معصرة قباطية.",
        "كتب الوزير رسالة إلى نظيره.",
        "كتب: إن الوضع في إدلب خطير، ولن تسكت روسيا عنه.",
        "نشر في دمشق كتاب جديد",
        "وكالة رويترز قالت إنها لم تتأكد",
        "By Tuesday the talks had failed.",
        "By the river",
        "في 14 مايو 2019",
        "الشأن السوري",
        "رائد جبر",
    ],
)
def test_a_line_that_says_something_else_states_nothing(line: str) -> None:
    assert statement_of(line) is None


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Lo"])))
def test_a_clean_value_can_be_stored_and_stands_on_one_line(value: str) -> None:
    cleaned = clean(value)
    assert cleaned.encode("utf-8").decode("utf-8").splitlines() in ([], [cleaned])
    assert not set(cleaned) & set("\x1b\u202e\u2066\u200f\ufeff")
