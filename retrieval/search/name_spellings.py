"""The ways in which an index may hold a word of a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexedSpellings:
    """What the index is asked for a word of a name: any of its stems; or a word that sounds like it and looks like it.

    Short keys are those of thousands of words, so that a word that is only heard must share four letters with the name,
    too; without grams, the keys alone do.
    """

    stems: frozenset[str]
    keys: frozenset[str]
    grams: frozenset[str]
