from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.nlp.display import for_screen, visible


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_isolates_are_balanced_in_every_line(text: str) -> None:
    for line in for_screen(text).split("\n"):
        depth = 0
        for letter in line:
            depth += (letter in "\u2066\u2067\u2068") - (letter == "\u2069")
            assert depth in (0, 1)
        assert depth == 0


@given(st.text(max_size=60))
def test_isolates_add_and_never_move_a_character(text: str) -> None:
    bare = re.sub("[\u2066-\u2069]", "", for_screen(text))
    assert bare == visible(text)


@pytest.mark.parametrize(
    ("line", "isolated"),
    [
        ("في عام 2019 وصل", []),
        ("كتب /help ثم [12]", ["/help", "[12]"]),
        ("صواريخ S-400 وطائرات F-35 من Lockheed Martin.", ["S-400", "F-35", "Lockheed Martin"]),
        ("بلغ 3.5% في 15/05/2019", ["3.5", "15/05/2019"]),
        ("Sanad quotes «قال الوزير» twice", ["«قال الوزير»"]),
        ("plain English, 2019", []),
    ],
)
def test_runs_of_the_other_direction_are_isolated(line: str, isolated: list[str]) -> None:
    assert re.findall("[\u2066\u2067]([^\u2069]*)\u2069", for_screen(line)) == isolated
