"""The values that sentences state for a question: what counts, what is another thing, and which of them agree."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.archive.side_values import AskedValue, StatedValue, agree, are_comparable, asked_value, stated_values
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.term_matcher import matcher_for


def _asked(question: str) -> AskedValue:
    asked = asked_value(matcher_for(analysed(question)))
    assert asked is not None
    return asked


def _values(question: str, text: str) -> list[str]:
    return [one.value for one in stated_values(text, _asked(question), load_lexicon())]


def _value(question: str, text: str) -> StatedValue:
    (found,) = stated_values(text, _asked(question), load_lexicon())
    return found


DEAD = "كم شخصا قتل في انهيار الجسر؟"
TRUCKS = "كم شاحنة عبرت المعبر؟"
COST = "كم بلغت كلفة الجسر؟"


@pytest.mark.parametrize(
    ("question", "text", "values"),
    [
        (DEAD, "قتل تسعة أشخاص وأصيب 23 آخرون في انهيار الجسر", ["9"]),
        (DEAD, "انهار الجسر عام 2019 عند الساعة السابعة", []),
        (TRUCKS, "شهد المعبر عبور 42 شاحنة، منها 27 قادمة من الشمال", ["42"]),
        (TRUCKS, "بلغ معدل العبور 95 شاحنة في اليوم", []),
        (TRUCKS, "عبرت ست شاحنات من الـ42 المعبر محملة", []),
        ("كم بيتا بلاستيكيا تضرر؟", "أتلفت العاصفة 610 بيوت بلاستيكية", ["610"]),
        ("كم معلمة فصلت؟", "عدد المضربين 1150 معلما", []),
        ("كم طفلا قتل؟", "قتل 12 شخصا بينهم أربعة أطفال", ["4"]),
        (COST, "بكلفة 1,9 مليار دينار (نحو 1,45 مليون دولار)", ["1900000000"]),
        (COST, "أنشئ مقابل 350 ألف دولار", ["350000"]),
        (DEAD, "وثق مقتل 19 شخصا منذ بداية الأسبوع", []),
        ("كم مريضا نقل من المستشفى؟", "أصيب 15 مريضا بالاختناق", []),
        ("كم مريضا نقل من المستشفى؟", "نقل 42 مريضا من المستشفى", ["42"]),
        ("كم نسبة البطالة؟", "بلغت 26 في المئة، فيما بلغت بين النساء 38 في المئة", ["26"]),
        ("كم استغرقت الصيانة؟", "دامت الصيانة سنة وشهرين", []),
        ("كم سنة سجن نقولا عبيد؟", "حكم بسجن نقولا عبيد (61 عاما) سبع سنوات", ["7"]),
    ],
)
def test_only_what_is_asked_for_is_a_value(question: str, text: str, values: list[str]) -> None:
    assert _values(question, text) == values


@pytest.mark.parametrize(
    ("question", "one", "other", "same"),
    [
        (DEAD, "قتل 12 شخصا", "قتل 12 شخصا", True),
        (DEAD, "قتل 12 شخصا", "قتل تسعة أشخاص", False),
        (COST, "بكلفة 354 ألف دولار", "بكلفة 350 ألف دولار", True),
        (COST, "بكلفة نحو 60 مليون دولار", "بكلفة 58 مليون دولار", True),
        (COST, "بكلفة 60 مليون دولار", "بكلفة 58 مليون دولار", False),
        (COST, "بكلفة أكثر من 60 مليون دولار", "بكلفة 64 مليون دولار", True),
        (COST, "بكلفة أكثر من 60 مليون دولار", "بكلفة 90 مليون دولار", False),
        ("كم استمر إغلاق الجسر؟", "استمر إغلاق الجسر 60 يوما", "استمر إغلاق الجسر شهرين", True),
    ],
)
def test_values_agree_as_far_as_they_are_exact(question: str, one: str, other: str, *, same: bool) -> None:
    assert agree(_value(question, one), _value(question, other)) is same


def test_sums_in_two_currencies_are_not_compared() -> None:
    dinars, dollars = _value(COST, "بكلفة 131 مليار دينار"), _value(COST, "بكلفة 100 مليون دولار")
    assert not are_comparable(dinars, dollars)
    assert not are_comparable(_value(COST, "بكلفة 90 مليون يورو"), dollars)
    assert are_comparable(_value(COST, "بكلفة 9 ملايين دولار"), dollars)


def test_a_bound_is_shown_with_its_negation() -> None:
    text = "إن عدد القتلى لم يتجاوز تسعة"
    (value,) = stated_values(text, _asked(DEAD), load_lexicon())
    assert text[slice(*value.span)] == "لم يتجاوز تسعة"
