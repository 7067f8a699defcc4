"""Because, due to: a cause that the text does not give."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.cause import unstated_causes

FLOOD = "أغلقت السلطات الطريق بسبب الفيضانات، فيما وصل الوزير إلى المدينة."
RAID = "وقتل 4 مدنيين بقصف على المدينة."
TALKS = "فشلت المحادثات فيما تستعد الحكومة لإجراء الانتخابات."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The road was closed because of the floods.", FLOOD),
        ("Due to the floods, the authorities closed the road.", FLOOD),
        ("أغلق الطريق جراء الفيضانات.", FLOOD),
        ("Four civilians died as a result of shelling.", RAID),
        ("The talks failed while the government prepared for elections.", TALKS),
        ("The floods led to the closing of the road.", FLOOD),
    ],
)
def test_a_cause_that_the_text_gives_stands(sentence: str, text: str) -> None:
    assert read_against(unstated_causes, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text", "words"),
    [
        ("The talks failed because of the elections.", TALKS, ["because of"]),
        ("فشلت المحادثات بسبب الانتخابات.", TALKS, ["بسبب"]),
        ("المحادثات فشلت نتيجة الانتخابات.", TALKS, ["نتيجة"]),
        ("The talks failed due to the elections.", TALKS, ["due to"]),
    ],
)
def test_a_cause_that_is_made_of_two_events_is_found(sentence: str, text: str, words: list[str]) -> None:
    assert read_against(unstated_causes, sentence, text) == words
