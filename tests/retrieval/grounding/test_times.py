"""Times that no number says."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.times import other_times

FIRE = "اندلع الحريق فجر أمس في السوق القديم، ومن المقرر أن تزوره لجنة الأسبوع المقبل."


@pytest.mark.parametrize(
    "sentence",
    [
        "The fire broke out at dawn yesterday.",
        "The fire broke out in the old market.",
        "ستزور لجنة السوق الأسبوع القادم.",
        "In the last resort the market would be closed.",
    ],
)
def test_the_texts_own_time_stands(sentence: str) -> None:
    assert read_against(other_times, sentence, FIRE) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The fire broke out in the evening.", ["evening"]),
        ("اندلع الحريق ظهرا في السوق.", ["ظهرا"]),
        ("زارت لجنة السوق الأسبوع الماضي.", ["الماضي"]),
        ("The fire will be put out tomorrow.", ["tomorrow"]),
    ],
)
def test_another_time_is_found(sentence: str, words: list[str]) -> None:
    assert read_against(other_times, sentence, FIRE) == words
