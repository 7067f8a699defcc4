"""The day or the person by which a sentence answers; and questions that have one answer only."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.archive.certain_values import asks_for_one, certain_value, is_day_of_saying
from retrieval.archive.side_values import AskedValue, agree, asked_value
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.term_matcher import matcher_for
from retrieval.types import Span

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
    ("text", "day"),
    [
        ("انهار سد الرمال يوم الاثنين.", "2024-03-11"),
        ("انهار سد الرمال بسبب السيول، كما صرّح وزير الري أمس.", None),
        ("أعلنت وزارة الري أمس أن سد الرمال انهار بسبب السيول.", None),
        ("أعلنت وزارة الري أن سد الرمال انهار أمس.", "2024-03-13"),
        ("قال الوزير أمس إن سد الرمال انهار يوم الاثنين.", "2024-03-11"),
        ("انهار سد الرمال يوم الاثنين وقال الوزير إن السيول سببه.", "2024-03-11"),
    ],
)
def test_the_day_of_a_statement_is_not_that_of_the_event(text: str, day: str | None) -> None:
    found = certain_value(text, "2024-03-14", _asked("متى انهار سد الرمال؟"), load_lexicon())
    assert (found and found.value) == day


def test_the_day_of_a_statement_answers_when_it_was_said() -> None:
    asked = _asked("متى أعلنت الوزارة انهيار سد الرمال؟")
    found = certain_value("أعلنت الوزارة أمس انهيار سد الرمال.", "2024-03-14", asked, load_lexicon())
    assert found
    assert found.value == "2024-03-13"


@pytest.mark.parametrize(
    ("text", "day", "is_told"),
    [
        ("Officials said on Tuesday that the dam broke", "Tuesday", True),
        ("The minister said the dam broke on Tuesday", "Tuesday", False),
    ],
)
def test_english_says_the_day_of_a_statement_next_to_its_verb(text: str, day: str, *, is_told: bool) -> None:
    start = text.index(day)
    assert is_day_of_saying(QuoteTokens(text), Span(start, start + len(day))) is is_told


@pytest.mark.parametrize(
    ("question", "is_single"),
    [("من فاز بالجائزة؟", True), ("من شارك في الاجتماع؟", False), ("who chaired the inquiry?", True)],
)
def test_only_a_question_with_one_answer_can_have_sides(question: str, *, is_single: bool) -> None:
    assert asks_for_one(_asked(question)) is is_single
