"""What kind of expression questions ask for."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.expressions.wanted import wanted_expression


@pytest.mark.parametrize(
    ("question", "kind", "counted"),
    [
        ("كم قتيلا سقط في الانهيار؟", "number", "قتيلا"),
        ("كم عدد سكان المدينة؟", "number", "سكان"),
        ("How many people were killed in the collapse?", "number", "people"),
        ("كم بلغت كلفة الجسر؟", "money", None),
        ("How much did the bridge cost?", "money", None),
        ("كم دينارا دفع؟", "money", None),
        ("كم يوما استمر الإضراب؟", "duration", None),
        ("How long did the strike last?", "duration", None),
        ("How old is the driver?", "age", None),
        ("كم عمر السائق؟", "age", None),
        ("كم طول الجسر؟", "measure", None),
        ("ما نسبة المشاركة؟", "percentage", None),
        ("متى انهار الجسر؟", "date", None),
        ("أين انهار الجسر؟", "place", None),
        ("من افتتح الجسر؟", "person", None),
    ],
)
def test_the_kind_is_read_from_the_words(question: str, kind: str, counted: str | None) -> None:
    wanted = wanted_expression(analysed(question))
    assert wanted
    assert (wanted.kind, wanted.counted) == (kind, counted)


@pytest.mark.parametrize(
    "question",
    [
        "ماذا قال الوزير؟",
        "لماذا انهار الجسر؟",
        "من هو النبي سليمان؟",  # what he is, and no name
        "Who is Abu Khaled?",
        "What satellite was used when it was launched?",
        "كم دفع عمر للمهرب؟",  # a man, and no age
    ],
)
def test_what_no_single_expression_answers_asks_for_none(question: str) -> None:
    wanted = wanted_expression(analysed(question))
    assert wanted is None or wanted.kind == "money"


@pytest.mark.parametrize(
    ("question", "part"), [("في أي عام بني الجسر؟", "year"), ("Which city was hit?", "city"), ("متى بني؟", None)]
)
def test_a_part_of_the_date_or_a_kind_of_place_is_asked_for(question: str, part: str | None) -> None:
    wanted = wanted_expression(analysed(question))
    assert wanted
    assert wanted.part == part
