"""Charges and others' words told as facts."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.hedges import dropped_hedges

CHARGE = "واتهم النائب وزارة المالية بإخفاء أرقام الدين العام وتضليل البرلمان. وستعقد جلسة أخرى الأحد."
CALLED = "قال المتحدث إن القوات قصفت ما وصفه بأوكار الإرهابيين في البلدة."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The deputy accused the finance ministry of hiding public debt figures.", CHARGE),
        ("The finance ministry allegedly hid public debt figures and misled parliament.", CHARGE),
        ("وزارة المالية متهمة بإخفاء أرقام الدين العام.", CHARGE),
        ("Another session will be held on Sunday.", CHARGE),
        ("The forces shelled the town.", CALLED),
        ("The spokesman said the forces had shelled the dens of terrorists in the town.", CALLED),
        ("قصفت القوات ما وصفه المتحدث بأوكار الإرهابيين.", CALLED),
    ],
)
def test_a_sentence_that_keeps_its_distance_stands(sentence: str, text: str) -> None:
    assert read_against(dropped_hedges, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The finance ministry hid public debt figures and misled parliament.", CHARGE),
        ("أخفت وزارة المالية أرقام الدين العام وضللت البرلمان.", CHARGE),
        ("The forces shelled terrorists in the town.", CALLED),
        ("قصفت القوات أوكار الإرهابيين في البلدة.", CALLED),
    ],
)
def test_a_charge_told_as_a_fact_is_found(sentence: str, text: str) -> None:
    assert read_against(dropped_hedges, sentence, text)
