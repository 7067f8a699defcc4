"""Slips of the finger: the words from which one of them makes another word, in Arabic and in English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise, permutations

SHORTEST_MISTYPED, LONGEST_MISTYPED = 5, 20  # letters; a shorter word has too many neighbours, a longer one too
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_KEYBOARDS = (  # rows of keys, each half a key to the right of the one above; of «لا», which is one, nothing is taken
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "يءور يهوزظ"),
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
_ALIKE = (  # in shape or in sound
    *(
        "بتثني",
        "جحخ",
        "دذ",
        "رز",
        "سش",
        "صض",
        "طظ",
        "عغ",
        "فق",
        "كق",
        "تط",
        "سصث",
        "ضظد",
        "ذزظ",
        "قغج",
        "هح",
        "اعء",
        "وي",
    ),
    *("aeiouy", "cks", "sz", "gj", "bp", "dt", "vfw", "mn"),
)


def _taken_for() -> Mapping[str, str]:
    """Return for each letter those for which it may be taken: beside it on the keyboard, or like it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for rows in _KEYBOARDS:
        beside = [pair for row in rows for pair in pairwise(row)]
        below = [
            pair
            for upper, lower in pairwise(rows)
            for pair in (*zip(upper, lower, strict=False), *zip(upper[1:], lower, strict=False))
        ]
        for one, other in (*beside, *below):
            found[one].add(other)
            found[other].add(one)
    for group in _ALIKE:
        for one, other in permutations(group, 2):
            found[one].add(other)
    return {letter: "".join(sorted(others)) for letter, others in found.items()}


_TAKEN_FOR = _taken_for()


def one_slip_away(word: str) -> Iterator[str]:
    """Yield the words from which one slip of a finger makes a normalised word; two letters changed over go first.

    A letter changed over with the next, left out, added, or taken for one that is beside it or like it (after Damerau,
    "A Technique for Computer Detection and Correction of Spelling Errors", 1964, whose slips may be of any letter).

    >>> "government" in set(one_slip_away("goverment")), "محكمه" in set(one_slip_away("محكنه"))
    (True, True)
    """
    letters = _LATIN if word.isascii() else _ARABIC
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1 and end[0] != end[1])
    yield from (start + end[1:] for start, end in cuts if end)
    yield from (start + letter + end for start, end in cuts for letter in letters)
    yield from (start + letter + end[1:] for start, end in cuts if end for letter in _TAKEN_FOR.get(end[0], ""))
