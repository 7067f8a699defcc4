"""The words by which quotes state amounts, days, places and people, and by which questions ask for them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from retrieval.nlp.analysis import normalise
from retrieval.nlp.word_lists import read_word_lists

MONEY, SPAN_OF_TIME, LENGTH, AREA = "money", "time", "length", "area"
_DUALS = ("ان", "ين")
_SHORTEST_DUAL = 3  # letters of what a dual's ending is put to


@dataclass(frozen=True, slots=True)
class UnitOfMeasure:
    """What an amount is measured in: a currency, or a unit of time, length, area, weight, volume or power."""

    english: str
    plural: str
    measure: str


@dataclass(frozen=True, slots=True)
class UnitForm:
    """A word that says a unit; a dual says two of it."""

    unit: UnitOfMeasure
    is_dual: bool = False


def _tables() -> dict[str, Any]:
    return read_word_lists("expressions", "expressions")


@lru_cache(maxsize=256)
def word_table(section: str, name: str) -> frozenset[str]:
    """Return the words and phrases of a list, normalised.

    >>> "وزير" in word_table("persons", "titles"), "وقبل" in word_table("moments", "before")
    (True, True)
    """
    return _forms(_tables()[section][name])


@lru_cache(maxsize=64)
def word_tables(section: str) -> Mapping[str, frozenset[str]]:
    """Return all the lists of a section, by their names."""
    return {name: _forms(words) for name, words in _tables()[section].items()}


def _forms(words: str) -> frozenset[str]:
    return frozenset(normalise(word).replace("_", " ") for word in words.split())


@lru_cache(maxsize=1)
def _units() -> Mapping[str, UnitForm]:
    found: dict[str, UnitForm] = {}
    tables = {MONEY: _tables()["currencies"], **_tables()["units"]}
    for measure, units in tables.items():
        for english, words in units.items():
            singular, plural = english.split()
            unit = UnitOfMeasure(singular, plural, measure)
            for form in map(normalise, words.split()):
                found.setdefault(form, UnitForm(unit))
                stem = form[:-1] + "ت" if form.endswith("ه") else form
                for ending in _DUALS if len(stem) >= _SHORTEST_DUAL else ():
                    found.setdefault(stem + ending, UnitForm(unit, is_dual=True))
    return found


def unit_of(word: str) -> UnitForm | None:
    """Return the unit that a normalised word says, with an article or without.

    >>> [form and (form.unit.plural, form.is_dual) for form in map(unit_of, ("دينارا", "ساعتين", "بيت"))]
    [('dinars', False), ('hours', True), None]
    """
    return _units().get(word) or _units().get(word.removeprefix("ال"))
