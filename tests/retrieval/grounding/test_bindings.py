"""What numbers and places belong to."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.bindings import misplaced_numbers, misplaced_places

HARVEST = (
    "جمع مزارعو القرية 30 صندوقا من الزيتون في الوادي، وباعت الجمعية 12 صندوقا من العنب في السوق المركزي. "
    "وأتلف الجراد مئات الأشجار وأكل آلاف الأغصان."
)
TOURS = "افتتح الفريق جولته في تونس بمباراة أمام الترجي، ثم خاض في مراكش مباراة خسرها أمام الوداد."


@pytest.mark.parametrize(
    "sentence",
    [
        "Villagers gathered 30 boxes of olives in the valley, and the society sold 12 boxes of grapes at the market.",
        "باعت الجمعية اثني عشر صندوقا من العنب في السوق.",
        "جمع المزارعون في الوادي ثلاثين صندوقا من الزيتون.",
        "Locusts destroyed hundreds of trees and ate thousands of branches.",
        "The society sold some of the grapes.",
    ],
)
def test_a_number_beside_its_own_words_stands(sentence: str) -> None:
    assert read_against(misplaced_numbers, sentence, HARVEST) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The society sold thirty boxes of grapes at the central market.", ["thirty"]),
        ("باعت الجمعية ثلاثين صندوقا من العنب في السوق المركزي.", ["ثلاثين"]),
        ("أتلف الجراد آلاف الأشجار وأكل مئات الأغصان.", ["آلاف", "مئات"]),
    ],
)
def test_a_number_of_something_else_is_found(sentence: str, words: list[str]) -> None:
    assert read_against(misplaced_numbers, sentence, HARVEST) == words


@pytest.mark.parametrize(
    "sentence",
    [
        "The team opened its tour in Tunisia against Esperance, then lost a match in Marrakesh to Wydad.",
        "خسر الفريق في مراكش أمام الوداد.",
    ],
)
def test_what_happened_where_the_text_has_it_stands(sentence: str) -> None:
    assert read_against(misplaced_places, sentence, TOURS) == []


def test_what_happened_in_another_place_is_found() -> None:
    assert read_against(misplaced_places, "خسر أمام الوداد مباراته في تونس.", TOURS) == ["تونس"]


@pytest.mark.parametrize(
    ("sentence", "text", "words"),
    [
        (
            "She met the minister during her visit to Morocco.",
            "التقت الوزير المغربي خلال زيارتها إلى تونس.",
            ["Morocco"],
        ),
        ("The fighting in Yemen went on.", "استمر القتال في الأراضي اليمنية.", []),
        ("He flew to Morocco.", "سافر إلى المغرب مع نظيره المغربي.", []),
    ],
)
def test_people_of_a_country_are_not_in_it(sentence: str, text: str, words: list[str]) -> None:
    assert read_against(misplaced_places, sentence, text) == words
