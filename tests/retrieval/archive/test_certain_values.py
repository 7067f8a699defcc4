"""The day or the person by which a sentence answers; and questions that have one answer only."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.archive.certain_values import asks_for_one, certain_value
from retrieval.archive.side_values import AskedValue, agree, asked_value
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.term_matcher import matcher_for

OPENED, REOPENED = "افتتح معبر وادي صواب في 4 نيسان 2024.", "افتتح معبر وادي صواب يوم الخميس 11 نيسان 2024."


def _asked(question: str) -> AskedValue:
    asked = asked_value(matcher_for(analysed(question)))
    assert asked is not None
    return asked


def test_days_are_worked_out_and_compared() -> None:
    asked = _asked("متى افتتح معبر وادي صواب؟")
    values = [certain_value(text, None, asked, load_lexicon()) for text in (OPENED, REOPENED)]
    assert [value and value.value for value in values] == ["2024-04-04", "2024-04-11"]
    same = certain_value("افتتح معبر وادي صواب في نيسان 2024.", None, asked, load_lexicon())
    assert values[0]
    assert values[1]
    assert same
    assert not agree(values[0], values[1])
    assert agree(values[0], same)  # a month holds its days


@pytest.mark.parametrize(
    ("question", "is_single"),
    [("من فاز بالجائزة؟", True), ("من شارك في الاجتماع؟", False), ("who chaired the inquiry?", True)],
)
def test_only_a_question_with_one_answer_can_have_sides(question: str, *, is_single: bool) -> None:
    assert asks_for_one(_asked(question)) is is_single
