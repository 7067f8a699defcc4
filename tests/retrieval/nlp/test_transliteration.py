"""The distance between a Latin name and an Arabic word."""

from __future__ import annotations

import math

import pytest

from retrieval.nlp.transliteration import (
    LONGEST_NAME,
    costs_of,
    distance,
    farthest_spelling,
    graphemes,
    spelling_costs,
    spelling_distance,
)

COSTS = {
    "^m": {"م": 0.0},
    "a": {"": 0.0, "ا": 1.0},
    "h": {"ه": 0.5, "ح": 0.25},
    "d": {"د": 0.0, "ض": 2.0},
    "ou": {"و": 0.0},
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("", []),
        ("a", ["^a$"]),
        ("tchoudja", ["^tch", "ou", "dj", "a$"]),
        ("mohammed", ["^m", "o", "h", "a", "m", "e", "d$"]),
        ("guy", ["^gu", "y$"]),
        ("gulf", ["^g", "u", "l", "f$"]),
    ],
)
def test_letters_that_stand_for_one_sound_are_one_grapheme(name: str, found: list[str]) -> None:
    assert graphemes(name) == found


def test_a_very_long_word_is_read_to_a_bound() -> None:
    assert len(graphemes("ba" * LONGEST_NAME)) == LONGEST_NAME


def test_the_distance_is_that_of_the_cheapest_way() -> None:
    assert distance("mahd", "محد", COSTS) == pytest.approx(0.25)
    assert distance("mahd", "ماهض", COSTS) == pytest.approx(3.5)
    assert distance("mahd", "محدو", COSTS) == math.inf
    assert distance("mahd", "", COSTS) == math.inf
    assert distance("", "", COSTS) == 0.0


def test_a_grapheme_that_is_rare_at_its_place_goes_by_any_place() -> None:
    assert costs_of("d$", COSTS) == COSTS["d"]
    assert costs_of("^m", COSTS) == COSTS["^m"]
    assert costs_of("zz", COSTS) == {}


def test_every_cost_is_one_that_a_near_spelling_can_have() -> None:
    assert all(0 <= cost <= farthest_spelling() for options in spelling_costs().values() for cost in options.values())
    assert set("abcdefghijklmnopqrstuvwxyz") <= set(spelling_costs())


@pytest.mark.parametrize(
    ("nearer", "farther"), [(("salim", "سليم"), ("salim", "سلمان")), (("fares", "فارس"), ("fares", "فرسان"))]
)
def test_the_name_itself_is_nearest(nearer: tuple[str, str], farther: tuple[str, str]) -> None:
    assert spelling_distance(*nearer) < spelling_distance(*farther)
