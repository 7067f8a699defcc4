"""The costs of the distance between Latin names and Arabic words, learnt from pairs: bench/names.py calls it.

First by expectation maximisation, as pairs are not aligned letter by letter (after Ristad and Yianilos, "Learning
string-edit distance", 1998); then by logistic regression over the cheapest ways, on pairs and on names that are near
but not the same, so that what tells these apart costs more (after Bilenko and Mooney, 2003).
"""

from __future__ import annotations

import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from retrieval.nlp.clitics import ARTICLE
from retrieval.nlp.transliteration import LONGEST_SPELLING, PLACE_MARKS, UNWRITTEN, Costs, graphemes, is_vowel, place_of

ROUNDS = 6  # of expectation maximisation; the likelihood grows by less than 1 % after
EPOCHS = 8  # of the regression; the loss falls by less than 1 % after
FROM_ANY_PLACE = 4.0  # observations that a grapheme's letters at any place count for at one place
FROM_SOUNDS = 1.0  # observations that name_sounds.toml counts for
PLAUSIBLE = -2.6  # nats a letter: pairs below are likely no pairs, and count less
MARGIN = 5.0  # nats: the regression moves pairs below and other names above
STEP = 0.25  # of the regression, in nats (AdaGrad: Duchi, Hazan and Singer, 2011)
HOLD = 0.002  # how strongly costs are held to those of the first step
HOPELESS = 7.0  # nats above the margin: a pair that is none, nothing is learnt from it
COSTLIEST = 9.0  # nats
RARE = 3.0  # observations; a grapheme at a place that has fewer goes by those of any place

_WEAK = "اويعء"


class Pair(NamedTuple):
    """An Arabic word, a Latin one, both normalised, and how much their likeness or difference counts."""

    arabic: str
    latin: str
    weight: float = 1.0


_Table = dict[str, dict[str, float]]
_Arc = tuple[int, int, int, str, float]  # the grapheme's place, from, to, its letters, how likely


def fit(pairs: Sequence[Pair], others: Sequence[Pair]) -> Costs:
    """Return the costs of letters, learnt from pairs of spellings of one name and of names that are others."""
    likely, seen = _likelihoods(pairs)
    costs = {
        grapheme: {
            letters: cost
            for letters, p in options.items()
            if (cost := math.log(max(options.values()) / p)) <= COSTLIEST
        }
        for grapheme, options in likely.items()
        if grapheme.strip(PLACE_MARKS) == grapheme or seen.get(grapheme, 0.0) >= RARE
    }
    later = [grapheme for grapheme in costs if is_vowel(grapheme) and grapheme[0] != "^"]
    costs |= {f"{grapheme}{UNWRITTEN}": dict(costs[grapheme]) for grapheme in later}
    return _sharpen(costs, pairs, others)


def forms(arabic: str) -> tuple[str, ...]:
    """Return a word and the word without its article, which a Latin spelling may leave out."""
    return (arabic, arabic.removeprefix(ARTICLE)) if arabic.startswith(ARTICLE) and len(arabic) > 3 else (arabic,)


def _likelihoods(pairs: Sequence[Pair]) -> tuple[_Table, Mapping[str, float]]:
    """Return how likely each grapheme's letters are, and how often it was seen."""
    likely: _Table = {}
    seen: Mapping[str, float] = {}
    for turn in range(ROUNDS):
        counts: _Table = defaultdict(lambda: defaultdict(float))
        for pair in pairs:
            _count(pair, likely, counts, trusted=turn < 2)
        seen = {grapheme: sum(options.values()) for grapheme, options in counts.items()}
        likely = _smooth(counts)
    return likely, seen


def _count(pair: Pair, likely: _Table, counts: _Table, trusted: bool) -> None:
    """Add to the counts how often each grapheme of a pair is expected to be each row of letters."""
    found = graphemes(pair.latin)
    ways = [_forward(found, form, likely) for form in forms(pair.arabic)]
    total = sum(reached[-1][-1] for reached, _ in ways)
    if not total:
        return
    weight = pair.weight
    if not trusted:
        weight /= 1 + math.exp(-4 * (math.log(total) / (len(pair.arabic) + 1) - PLAUSIBLE))
    for reached, arcs in ways:
        onward = [[0.0] * len(row) for row in reached]
        onward[-1][-1] = 1.0
        for place, start, end, letters, p in reversed(arcs):
            if onward[place + 1][end]:
                onward[place][start] += p * onward[place + 1][end]
                counts[found[place]][letters] += weight * reached[place][start] * p * onward[place + 1][end] / total


def _forward(found: Sequence[str], form: str, likely: _Table) -> tuple[list[list[float]], list[_Arc]]:
    """Return how likely it is to reach each letter after each grapheme, and the arcs on the way."""
    reached = [[0.0] * (len(form) + 1) for _ in range(len(found) + 1)]
    reached[0][0] = 1.0
    arcs: list[_Arc] = []
    for place, grapheme in enumerate(found):
        options = likely[grapheme] if grapheme in likely else _sounds(grapheme)
        for start, before in enumerate(reached[place]):
            for end in range(start, min(start + LONGEST_SPELLING, len(form)) + 1) if before else ():
                p = options.get(form[start:end], 0.0)
                if p:
                    reached[place + 1][end] += before * p
                    arcs.append((place, start, end, form[start:end], p))
    return reached, arcs


def _smooth(counts: _Table) -> _Table:
    """Return likelihoods: of a grapheme at its place, backed by those of any place, backed by its sounds."""
    anywhere: _Table = defaultdict(lambda: defaultdict(float))
    for grapheme, options in counts.items():
        for letters, count in options.items():
            anywhere[grapheme.strip(PLACE_MARKS)][letters] += count
    likely: _Table = {}
    for bare, start, end in product(list(anywhere), ("", "^"), ("", "$")):
        grapheme = start + bare + end
        sounds = _sounds(grapheme)
        total, ours = sum(anywhere[bare].values()) + 0.5, counts.get(grapheme, {})
        backed = {
            letters: ours.get(letters, 0.0)
            + FROM_ANY_PLACE * (anywhere[bare].get(letters, 0.0) + 0.5 * sounds.get(letters, 0.0)) / total
            + FROM_SOUNDS * sounds.get(letters, 0.0)
            for letters in anywhere[bare].keys() | sounds.keys()
        }
        if not start and not end:  # what stands for any place, too
            backed = {letters: p + anywhere[bare].get(letters, 0.0) for letters, p in backed.items()}
        whole = sum(backed.values())
        likely[grapheme] = {letters: p / whole for letters, p in backed.items() if p > 3e-5 * whole}
    return likely


@cache
def _sounds(grapheme: str) -> Mapping[str, float]:
    """Return what a grapheme may be in Arabic before anything is learnt; the figures add up to 1."""
    found = {letters: p for letters in _candidates() if (p := _sounds_as(grapheme, letters))}
    whole = sum(found.values())
    return {letters: p / whole for letters, p in found.items()}


@cache
def _candidates() -> tuple[str, ...]:
    letters = [letter for letter in _tables()["letters"] if letter not in "پچڤ"]
    triples = ("".join(three) for three in product(_WEAK, repeat=3))
    return ("", *letters, *(first + second for first in letters for second in letters), *triples)


@cache
def _tables() -> Mapping[str, Mapping[str, frozenset[str]]]:
    text = (Path(__file__).parent / "name_sounds.toml").read_text(encoding="utf-8")
    return {
        name: {letters: frozenset(of.split()) for letters, of in table.items()}
        for name, table in tomllib.loads(text).items()
    }


def _sounds_as(grapheme: str, letters: str) -> float:
    """Return how likely some letters are for a grapheme, roughly: a guess, from which the pairs lead on."""
    bare = grapheme.strip(PLACE_MARKS)
    if not letters:
        return 0.3 if is_vowel(grapheme) else 0.05 if bare in ("h", "gh", "w", "j", "n", "t", "d", "s", "x") else 0.01
    if len(letters) == 1:
        return 0.2 if bare in _tables()["letters"][letters] else 0.0002
    if not set(letters) - set(_WEAK):
        return (0.03 if len(letters) == 2 else 0.005 * (len(bare) > 1)) if is_vowel(grapheme) else 0.0
    if bare in _tables()["together"].get(letters, ()):
        return 0.2
    return 0.0 if len(letters) > 2 else _sounds_as_two(grapheme, bare, *letters)


def _sounds_as_two(grapheme: str, bare: str, first: str, second: str) -> float:
    by_letter = _tables()["letters"]
    is_article = first + second == ARTICLE and bare in ("e", "a")
    if grapheme[0] == "^" and first == "ا" and (bare in by_letter[second] or is_article):  # Smail, Essaadi
        return 0.02
    if bare[1:] == "h" and second in "هح" and bare[0] in by_letter[first]:  # two letters after all: Ishaq, Fathi
        return 0.03
    if bare == "h" and second == "ه" and first in "عا":
        return 0.01
    sounded = second if first in "عه" else first if second in "عءه" else ""
    return 0.004 if sounded and bare in by_letter[sounded] else 0.0


def _sharpen(costs: _Table, pairs: Iterable[Pair], others: Iterable[Pair]) -> Costs:
    """Return the costs, moved so that pairs come below the margin and other names above it."""
    first = {grapheme: dict(options) for grapheme, options in costs.items()}
    squares: dict[tuple[str, str], float] = defaultdict(lambda: 1e-2)
    examples = [(pair, 1) for pair in pairs] + [(pair, -1) for pair in others]
    order = random.Random(5)
    for _ in range(EPOCHS):
        order.shuffle(examples)
        for pair, side in examples:
            cost, way = min((_cheapest(pair.latin, form, costs) for form in forms(pair.arabic)), key=lambda of: of[0])
            beyond = side * (cost - MARGIN) + 0.5
            if beyond < -8 or (beyond > HOPELESS and side > 0):
                continue
            pull = pair.weight * side / (1 + math.exp(-beyond))
            for grapheme, letters in way:
                slope = pull + HOLD * (costs[grapheme][letters] - first[grapheme][letters])
                squares[grapheme, letters] += slope * slope
                moved = costs[grapheme][letters] - STEP * slope / math.sqrt(squares[grapheme, letters])
                costs[grapheme][letters] = min(max(moved, 0.0), COSTLIEST)
    return costs


_State = tuple[int, bool]  # letters passed, and whether the last vowel was left out


def _cheapest(name: str, word: str, costs: _Table) -> tuple[float, list[tuple[str, str]]]:
    """Return the distance of a word from a name, and the graphemes with their letters on the cheapest way."""
    found = graphemes(name)
    rows: list[dict[_State, tuple[float, _State]]] = [{(0, False): (0.0, (0, False))}]
    for grapheme in found:
        row: dict[_State, tuple[float, _State]] = {}
        for before, (cost, _) in rows[-1].items():
            at, unwritten = before
            options = costs[_known(place_of(grapheme, unwritten), costs)]
            for end in range(at, min(at + LONGEST_SPELLING, len(word)) + 1):
                more = options.get(word[at:end])
                state = end, (end == at if is_vowel(grapheme) else unwritten)
                if more is not None and (state not in row or cost + more < row[state][0]):
                    row[state] = (cost + more, before)
        rows.append(row)
    ends = [(cost, state) for state, (cost, _) in rows[-1].items() if state[0] == len(word)]
    if not ends:
        return math.inf, []
    cost, state = min(ends)
    return cost, list(_back(found, word, rows, state, costs))


def _back(
    found: Sequence[str], word: str, rows: Sequence[Mapping[_State, tuple[float, _State]]], state: _State, costs: _Table
) -> Iterator[tuple[str, str]]:
    for place in range(len(found), 0, -1):
        before = rows[place][state][1]
        yield _known(place_of(found[place - 1], before[1]), costs), word[before[0] : state[0]]
        state = before


def _known(grapheme: str, costs: _Table) -> str:
    """Return the grapheme at the place by which its costs go."""
    return next(name for name in (grapheme, grapheme.rstrip(UNWRITTEN), grapheme.strip(PLACE_MARKS)) if name in costs)
