"""A list of names and nouns is no sentence."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.predicate import missing_predicates


@pytest.mark.parametrize(
    "sentence",
    [
        "The talks lasted three hours.",
        "Erdogan warns of rising tension.",
        "Gas exports to Europe fell by a third.",
        "استضافت موسكو المحادثات.",
        "يتفاوض الطرفان في جنيف منذ أسبوع.",
        "زيارة الوزير إلى روسيا مهمة.",
        "القتلى من عائلة واحدة.",
        "عاصمة تركيا هي أنقرة.",
        "لافروف هو وزير خارجية روسيا.",
        "In the port city",
        "سبعة قتلى",
    ],
)
def test_a_sentence_has_its_predicate(sentence: str) -> None:
    assert read_against(missing_predicates, sentence, "") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Cairo Geneva ministers ceasefire observers",
        "Macron, Merkel, Johnson and Conte",
        "wheat exports Odessa harbour grain",
        "القاهرة جنيف الوزراء الهدنة المراقبون",
        "ماكرون وميركل وجونسون وكونتي",
        "القمح أوديسا الميناء الحبوب السفن",
    ],
)
def test_a_list_of_names_has_none(sentence: str) -> None:
    assert read_against(missing_predicates, sentence, "") == [sentence]
