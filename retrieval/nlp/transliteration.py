"""How well an Arabic word spells a name that is written in Latin letters: a distance that was learnt from pairs.

A Latin name is a row of graphemes, letters that stand for one sound (ch, ou, kh). Each may be written in Arabic by
some letters or by none, at a cost; the distance is that of the cheapest way through both (after Bilenko and Mooney,
"Adaptive duplicate detection using learnable string similarity measures", 2003). Costs are in nats: 0 for the
likeliest letters. Names and costs are in `data/transliteration.json`, which `bench/names.py` fits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

LONGEST_SPELLING = 3  # Arabic letters of one grapheme
LONGEST_NAME = 60  # letters of a Latin word that are read

_GRAPHEME = re.compile(
    "tsch|sch|tch|eau|ng(?![aeiouy])|sh|ch|kh|gh|th|dh|dj|ph|zh|rh|ck|ts|qu|gu(?=[eiy])|ou|oo|ee|aa|ai|ay|ei|ey|au|aw|eu|oi|oy|ie|ia|io|."
)
_DOUBLED = re.compile(r"([^aeiouh])\1+")

UNWRITTEN = "-"  # marks a vowel after one that Arabic leaves out
PLACE_MARKS = f"^${UNWRITTEN}"
_VOWELS = frozenset(f"aeiouyw{PLACE_MARKS}")

Costs = Mapping[str, Mapping[str, float]]  # of a grapheme's Arabic letters, in nats


def graphemes(name: str) -> list[str]:
    """Return the graphemes of a normalised Latin word, the first marked by ^ and the last by $.

    >>> graphemes("bouchra"), graphemes("hassan")
    (['^b', 'ou', 'ch', 'r', 'a$'], ['^h', 'a', 's', 'a', 'n$'])
    """
    found = _GRAPHEME.findall(_DOUBLED.sub(r"\1", name[:LONGEST_NAME]))
    if not found:
        return []
    found[0] = f"^{found[0]}"
    found[-1] = f"{found[-1]}$"
    return found


def place_of(grapheme: str, is_after_unwritten: bool) -> str:
    """Return a marked grapheme as costs know it: a vowel by whether Arabic has left out the vowel before it.

    A vowel is less often left out after another: the i of Khalid (خالد) is, that of Karim (كريم) hardly.

    >>> place_of("i", True), place_of("i", False), place_of("ch", True)
    ('i-', 'i', 'ch')
    """
    return f"{grapheme}{UNWRITTEN}" if is_after_unwritten and is_vowel(grapheme) else grapheme


def is_vowel(grapheme: str) -> bool:
    """Tell whether a marked grapheme is a vowel."""
    return _VOWELS.issuperset(grapheme)


def costs_of(grapheme: str, costs: Costs) -> Mapping[str, float]:
    """Return the costs of a marked grapheme's letters; where it was too rare at its place, those of any place."""
    return costs.get(grapheme) or costs.get(grapheme.rstrip(UNWRITTEN)) or costs.get(grapheme.strip(PLACE_MARKS), {})


def distance(name: str, word: str, costs: Costs) -> float:
    """Return how far a normalised Arabic word is from a normalised Latin one, in nats; infinite if it cannot be."""
    reached = {(0, False): 0.0}  # by the letters passed, and whether the last vowel was left out
    for grapheme in graphemes(name):
        further: dict[tuple[int, bool], float] = {}
        for (at, unwritten), cost in reached.items():
            options = costs_of(place_of(grapheme, unwritten), costs)
            for end in range(at, min(at + LONGEST_SPELLING, len(word)) + 1):
                more = options.get(word[at:end])
                state = end, (end == at if is_vowel(grapheme) else unwritten)
                if more is not None and cost + more < further.get(state, math.inf):
                    further[state] = cost + more
        reached = further
    return min((cost for (at, _), cost in reached.items() if at == len(word)), default=math.inf)


def likely_spellings(name: str, most: int = 24) -> list[str]:
    """Return the likeliest Arabic spellings of a normalised Latin name, the likeliest first.

    >>> "شويغو" in likely_spellings("shoigu"), "حمدان" in likely_spellings("hamdan")
    (True, True)
    """
    found = {("", False): 0.0}  # by the letters so far, and whether the last vowel was left out
    for grapheme in graphemes(name):
        further: dict[tuple[str, bool], float] = {}
        for (written, unwritten), cost in found.items():
            for letters, more in costs_of(place_of(grapheme, unwritten), spelling_costs()).items():
                state = written + letters, (not letters if is_vowel(grapheme) else unwritten)
                further[state] = min(cost + more, further.get(state, math.inf))
        found = dict(sorted(further.items(), key=lambda state: state[1])[: 4 * most])
    ordered = sorted((cost, written) for (written, _), cost in found.items() if cost <= farthest_spelling())
    return list(dict.fromkeys(written for _, written in ordered if written))[:most]


class _Learnt(NamedTuple):
    costs: Costs
    farthest: float


def spelling_costs() -> Costs:
    """Return the costs that were learnt."""
    return _learnt().costs


def farthest_spelling() -> float:
    """Return the distance up to which a word is taken for a spelling of a name, in nats."""
    return _learnt().farthest


@lru_cache(maxsize=1)
def _learnt() -> _Learnt:
    data = json.loads((files("retrieval.nlp") / "data" / "transliteration.json").read_text(encoding="utf-8"))
    return _Learnt(data["costs"], data["farthest"])


@lru_cache(maxsize=1 << 16)
def spelling_distance(name: str, word: str) -> float:
    """Return how far an Arabic word is from a Latin name, both normalised, in nats.

    >>> spelling_distance("tebboune", "تبون") < 2, spelling_distance("salman", "سليمان") > farthest_spelling()
    (True, True)
    """
    return distance(name, word, spelling_costs())
