"""Numbers and dates of a sentence that the texts do not state."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.comparison import Comparison
from retrieval.grounding.stated_quantities import unstated_quantities

CAMP = (
    "استقبل المخيم مليونا وثلاثمئة ألف نازح خلال ساعتين و3 أيام، ووضعت الوزارة 139 خيمة من أصل 176 خيمة. "
    "وانهارت الدعامة الثالثة للجسر ثلاثا وعشرين مرة."
)


def unstated(compared: Comparison) -> list[float]:
    return [one.value for one in unstated_quantities(compared.claim, compared.near, compared.whole)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The camp took in 1,300,000 displaced people within two hours.",
        "استقبل المخيم 1.3 مليون نازح خلال ثلاثة أيام.",
        "خلال ساعتين استقبل المخيم النازحين.",
        "وضعت الوزارة 139 خيمة من أصل 176.",
        "The third pier of the bridge collapsed 23 times.",
    ],
)
def test_what_the_text_states_stands(sentence: str) -> None:
    assert read_against(unstated, sentence, CAMP) == []


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("The camp took in 3,100,000 displaced people.", [3_100_000]),
        ("استقبل المخيم النازحين خلال خمسة أيام.", [5]),
        ("انهارت الدعامة الثانية للجسر.", [2]),
        ("The second pier of the bridge collapsed.", [2]),
        ("The ministry put up 140 tents.", [140]),
    ],
)
def test_what_it_does_not_state_is_found(sentence: str, values: list[float]) -> None:
    assert read_against(unstated, sentence, CAMP) == values
