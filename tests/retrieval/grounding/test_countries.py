"""Countries by any of their words."""

from __future__ import annotations

import pytest

from retrieval.grounding.countries import countries_in
from retrieval.nlp.analysis import words
from retrieval.nlp.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Ankara and the Turks", {"turkey"}),
        ("أنقرة والأتراك", {"turkey"}),
        ("البيت الأبيض في الولايات المتحدة", {"united states"}),
        ("the White House, American", {"united states"}),
        ("South Korea's president", {"south korea"}),
        ("للفرنسيين وبالفرنسية", {"france"}),
        ("والمغربيتان", set()),
        ("وزارة المالية والشؤون المالية", set()),
        ("السيول جرفت الطريق", set()),
        ("the turkeys of the farm's hot china", {"turkey", "china"}),
    ],
)
def test_the_countries_of_a_text(text: str, countries: set[str]) -> None:
    assert set(countries_in(words(text), load_lexicon()).values()) == countries
