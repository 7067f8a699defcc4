"""A word is a name in every spelling and script, and not the name of another."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from retrieval.archive.name_spellings import latin_beginnings, name_word
from retrieval.nlp.analysis import normalise

PAIRS = tomllib.loads(Path(__file__).with_name("name_pairs.toml").read_text(encoding="utf-8"))
SAME = [
    ("نتنياهو", "ونتانياهو", "نتانياهو"),
    ("بايدن", "لبيدن", "بيدن"),
    ("زيلينسكي", "زيلنسكي", "زيلنسكي"),
    ("القذافي", "للقذافي", "القذافي"),
    ("القذافي", "قذافي", "قذافي"),
    ("القذافي", "gaddafi", "gaddafi"),
    ("غوتيريس", "وغوتيريش", "غوتيريش"),
    ("الأسد", "والأسد", "الاسد"),
    ("فيرشينين", "فيرشينين", "فيرشينين"),
    ("zelensky", "زيلينسكي", "زيلينسكي"),
    ("karimov", "كريموف", "كريموف"),
    ("لافروف", "lavrov", "lavrov"),
    ("وسام", "وسام", "وسام"),
]
DIFFERENT = [
    ("سالم", "سليم"),
    ("سالم", "السلام"),
    ("سلمان", "سليمان"),
    ("حسن", "حسين"),
    ("سعيد", "سعيدة"),
    ("أمين", "أمينة"),
    ("الأسد", "الأسدي"),
    ("الأسد", "أسد"),
    ("خالد", "خالدة"),
    ("خميني", "خامنئي"),
    ("ريم", "كريم"),
    ("سام", "وسام"),
    ("بنان", "لبنان"),
    ("لافروف", "love"),
    ("بوتين", "button"),
    ("salman", "سليمان"),
]


@pytest.mark.parametrize(("asked", "written", "bare"), SAME)
def test_spellings_of_one_name_are_told(asked: str, written: str, bare: str) -> None:
    assert name_word(normalise(asked)).stripped(normalise(written)) == bare


@pytest.mark.parametrize(("asked", "written"), DIFFERENT)
def test_another_name_and_an_ordinary_word_are_not_taken_for_it(asked: str, written: str) -> None:
    assert name_word(normalise(asked)).stripped(normalise(written)) is None


@pytest.mark.parametrize(
    ("asked", "latin"), [("القذافي", "qadhafi"), ("شويغو", "shoigu"), ("جونسون", "johnson"), ("Putin", "poutine")]
)
def test_a_latin_spelling_is_looked_up_by_the_letters_that_it_may_begin_with(asked: str, latin: str) -> None:
    assert latin[0] in latin_beginnings(name_word(normalise(asked)))


def taken_together(kind: str) -> list[bool]:
    """Return for each pair of last names whether the second is taken for the first."""
    pairs = [[normalise(name).split()[-1] for name in line.split(" / ")] for line in PAIRS[kind].split("\n") if line]
    return [name_word(first).stripped(second) is not None for first, second in pairs]


def test_most_pairs_that_were_made_before_the_rules_are_told() -> None:
    same, different = taken_together("same"), taken_together("different")
    assert sum(same) >= 0.85 * len(same)
    assert sum(different) <= 0.05 * len(different)
