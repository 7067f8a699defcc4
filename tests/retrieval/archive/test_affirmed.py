"""Whether a sentence affirms or denies what is asked."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.archive.affirmed import affirmed_value
from retrieval.archive.side_values import asked_value
from retrieval.search.passage_scoring import read
from retrieval.search.term_matcher import matcher_for
from retrieval.types import Passage

QUESTION = "هل وقع المدرب ليما عقدا مع النهضة؟"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("وقعت النهضة عقدا مع المدرب ليما يوم الاثنين.", "yes"),
        ("قال المدرب ليما إنه لم يوقع عقدا مع النهضة.", "no"),
        ("قد يوقع المدرب ليما عقدا مع النهضة.", None),
        ("هل يوقع المدرب ليما عقدا مع النهضة؟", None),
        ("وصل المدرب إلى سوسة.", None),
    ],
)
def test_a_sentence_affirms_denies_or_says_neither(text: str, value: str | None) -> None:
    matcher = matcher_for(analysed(QUESTION))
    asked = asked_value(matcher)
    assert asked
    (sentence,) = read(matcher, Passage("a" * 12, 0, len(text), text)).sentences
    found = affirmed_value(sentence, asked)
    assert (found and found.value) == value
