"""Who holds which office."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.offices import other_offices

VISIT = (
    "استقبل رئيس الوزراء الأردني بشر الخصاونة وزير الصحة المغربي خالد آيت الطالب، "
    "وحضر اللقاء السفيرة سلمى الناصر والقاضي رحيم الدلفي."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Jordan's prime minister, Bisher al-Khasawneh, received the Moroccan health minister.",
        "Khalid Ait Taleb, the Moroccan minister of health, was received in Amman.",
        "حضرت السفيرة سلمى الناصر اللقاء.",
        "القاضي رحيم الدلفي كان حاضرا.",
        "The meeting was attended by a teacher, Salma al-Nasser.",
    ],
)
def test_an_office_that_the_text_gives_stands(sentence: str) -> None:
    assert read_against(other_offices, sentence, VISIT) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Jordan's foreign minister, Bisher al-Khasawneh, received a guest.", ["foreign minister"]),
        ("President Khasawneh received a guest.", ["President"]),
        ("The governor, Rahim al-Dalfi, attended the meeting.", ["governor"]),
        ("The Moroccan defence minister was received.", ["defence minister"]),
    ],
)
def test_another_office_is_found(sentence: str, words: list[str]) -> None:
    assert read_against(other_offices, sentence, VISIT) == words
