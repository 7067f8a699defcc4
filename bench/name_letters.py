"""Learn which letters make an Arabic word look like a name, from the lexicon; the file is retrieval/grounding's.

Usage: python bench/name_letters.py [--write]

Names are the Arabic of what the lexicon lists as one, or of English words that sound like it. The others stand as they
are and with particles and affixes, as text has them. A word's figure is the mean log odds of its letter pairs (naive
Bayes, half a count added). Printed are the shares of a held-out half, names and others, that lie above some figures.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from retrieval.grounding.names import LETTERS, is_heard_alike, letter_pairs
from retrieval.nlp.analysis import words
from retrieval.nlp.lexicon import Lexicon, load_lexicon

BEFORE = ["", "", "", "و", "ف", "ب", "ل", "ال", "وال", "بال", "س", "ي", "ت", "لل", "سي", "ست", "وي", "وت"]
AFTER = ["", "", "", "ه", "ها", "هم", "ات", "ين", "ون", "ان", "هما", "وا", "ت", "نا"]
TIMES = 2  # that each ordinary word stands with affixes, beside once without
ADDED = 0.5  # to each count
FIGURES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.8)


def main() -> None:
    """Print what a half of the words tells of the other, and write what all tell."""
    names, others = _words(load_lexicon())
    odds = _learn(names[::2], others[::2])
    for figure in FIGURES:
        shares = [
            sum(_figure(odds, word) > figure for word in half) / len(half) for half in (names[1::2], others[1::2])
        ]
        print(f"above {figure:.1f}: {shares[0]:.2f} of the names, {shares[1]:.2f} of the others")
    if "--write" in sys.argv:
        odds = {pair: round(value, 2) for pair, value in sorted(_learn(names, others).items())}
        LETTERS.write_text(json.dumps(odds, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _words(lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """Return the lexicon's Arabic words that are names, and the others with and without affixes, each in no order."""
    chance = random.Random(0)
    names: set[str] = set()
    others = {word for found in lexicon.terms.values() for arabic in found for word in words(arabic)}
    for headword, found in lexicon.words.items():
        named = (headword in lexicon.names - lexicon.demonyms) or is_heard_alike(headword, lexicon)
        (names if named else others).update(word for arabic in found for word in words(arabic))
    kinds = [sorted(word for word in kind if not word.isascii()) for kind in (names, others - names)]
    for kind in kinds:
        chance.shuffle(kind)
    affixed = [chance.choice(BEFORE) + word + chance.choice(AFTER) for word in kinds[1] for _ in range(TIMES)]
    return kinds[0], [*kinds[1], *affixed]


def _learn(names: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    counts = [Counter(pair for word in kind for pair in letter_pairs(word)) for kind in (names, others)]
    pairs = sorted(set(counts[0]) | set(counts[1]))
    totals = [sum(count.values()) + ADDED * len(pairs) for count in counts]
    return {
        pair: math.log((counts[0][pair] + ADDED) / totals[0]) - math.log((counts[1][pair] + ADDED) / totals[1])
        for pair in pairs
    }


def _figure(odds: Mapping[str, float], word: str) -> float:
    pairs = letter_pairs(word)
    return sum(odds.get(pair, 0.0) for pair in pairs) / len(pairs)


if __name__ == "__main__":
    main()
