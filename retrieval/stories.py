"""Near-duplicates, pure: when two articles are copies of one story, and which stories a set of links makes.

An article is taken as the set of its shingles, runs of three stems of its own body, and two sets are compared by
resemblance and containment (Broder, "On the Resemblance and Containment of Documents", 1997). News by template, of
weather, exchange rates or matches, shares its words and differs in numbers and names. So a shingle that holds one of
these counts more, and where two texts agree around a number or a name and not in it, they soon are no copies.
MinHash, in bands, finds the articles worth comparing without looking at all of them; these are then compared in full,
so that a link depends on two articles and on nothing else.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from retrieval.arabic import ANALYSIS_VERSION, stem, words
from retrieval.lexicon import Lexicon, load
from retrieval.types import Span

STORIES_VERSION = 1  # of what follows, and of the lexicon as far as it tells names

SHINGLE = 3  # words
TELLING_WEIGHT = 4  # of a shingle with a number or a word that may be a name
RESEMBLANCE = 0.5  # of all shingles of both, shared; half of a story, reprinted, has just that
CONTAINMENT = 0.85  # of the shorter one's shingles, found in the longer one; 20 words changed of 400 leave .89
SHORT, SHORT_RESEMBLANCE = 20, 0.9  # words; below, articles are copies only if nearly identical
AGREEING = 5  # slots that agree, for each that does not

# 32 bands of 3 find a pair that resembles by .5 with a probability of 1 - (1 - .5**3)**32 = .986, by .6 with .9996.
BANDS, BAND_SIZE = 32, 3
SEED = 2019
WORTH_COMPARING = 0.35  # of two signatures, equal; RESEMBLANCE less three standard deviations

Signature = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What an article is compared by in full.

    A slot is the words around a number or a name, and holds what stands there.
    """

    length: int  # words
    shingles: frozenset[str]
    telling: frozenset[str]  # shingles with a number or a word that may be a name
    slots: Mapping[tuple[str, ...], frozenset[str]]

    @property
    def weight(self) -> int:
        """Return how much the shingles count together."""
        return len(self.shingles) + (TELLING_WEIGHT - 1) * len(self.telling)


def own_text(text: str, body: Sequence[Span]) -> str:
    """Return what an article is compared by: its own body, and nothing of what the file says around it."""
    return "\n".join(text[start:end] for start, end in body)


def profile(text: str) -> Profile:
    """Return what to compare a text by.

    >>> found = profile("افتتح الوزير 3 جسور")
    >>> sorted(found.telling), found.slots["before", "افتتح", "وزير"]
    (['افتتح وزير 3', 'وزير 3 جسور'], frozenset({'3'}))
    """
    lexicon = load()
    stems = [stem(word) for word in words(text)]
    marked = [_is_telling(own, lexicon) for own in stems]
    shingles = _shingles(stems)
    telling = (shingle for at, shingle in enumerate(shingles) if any(marked[at : at + SHINGLE]))
    return Profile(len(stems), frozenset(shingles), frozenset(telling), _slots(stems, lexicon))


def _shingles(stems: Sequence[str]) -> list[str]:
    """Return the shingles of a text, in order; of one shorter than a shingle, its words together."""
    if len(stems) < SHINGLE:
        return [" ".join(stems)] if stems else []
    return [" ".join(run) for run in zip(*(stems[at:] for at in range(SHINGLE)), strict=False)]


def _is_telling(own: str, lexicon: Lexicon) -> bool:
    """Tell whether a stem is a number, or may be a name: the lexicon has it as one, or does not have it at all."""
    return own[0].isdigit() or own not in lexicon.concepts or _is_name(own, lexicon)


def _is_name(own: str, lexicon: Lexicon) -> bool:
    return any(headword in lexicon.names for headword in lexicon.concepts.get(own, ()))


def _slots(stems: Sequence[str], lexicon: Lexicon) -> dict[tuple[str, ...], frozenset[str]]:
    """Return what stands between which words: a number by two words on either side, a name by one on each."""
    around = ["", "", *("#" if own[0].isdigit() else own for own in stems), "", ""]
    slots: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for at, own in enumerate(stems):
        if own[0].isdigit():
            slots["before", around[at], around[at + 1]].add(own)
            slots["after", around[at + 3], around[at + 4]].add(own)
        elif _is_name(own, lexicon):
            slots["between", around[at + 1], around[at + 3]].add(own)
    return {key: frozenset(held) for key, held in slots.items()}


def are_copies(one: Profile, other: Profile) -> bool:
    """Tell whether two articles tell one story in the same words."""
    shared = one.shingles & other.shingles
    if not shared:
        return False
    resemblance = len(shared) / len(one.shingles | other.shingles)
    if min(one.length, other.length) < SHORT:
        return resemblance >= SHORT_RESEMBLANCE and _agree(one, other)
    contained = len(shared) + (TELLING_WEIGHT - 1) * len(shared & one.telling & other.telling)
    is_contained = contained >= CONTAINMENT * min(one.weight, other.weight)
    return resemblance >= RESEMBLANCE and is_contained and _agree(one, other)


def _agree(one: Profile, other: Profile) -> bool:
    """Tell whether two texts have the same numbers and names where they have the same words around them."""
    common = [one.slots[key] & other.slots[key] for key in one.slots.keys() & other.slots.keys()]
    agreeing = sum(1 for held in common if held)
    return AGREEING * (len(common) - agreeing) <= agreeing


# Finding what is worth comparing.


def signature(text: str) -> Signature:
    """Return the MinHash signature of a text; a text without words has none."""
    from rensa import RMinHash

    shingles = _shingles([stem(word) for word in words(text)])
    if not shingles:
        return ()
    sketch = RMinHash(num_perm=BANDS * BAND_SIZE, seed=SEED)
    sketch.update(shingles)
    return tuple(sketch.digest())


def made_with() -> str:
    """Return what decides the links beside the texts; what was made with anything else is made anew."""
    from rensa import RMinHash

    return f"stories {STORIES_VERSION}, analysis {ANALYSIS_VERSION}, RMinHash {RMinHash.ALGORITHM_VERSION}"


def bands(own: Signature) -> list[bytes]:
    """Return the bands of a signature as keys; articles that share one are worth a look."""
    slices = (own[at : at + BAND_SIZE] for at in range(0, len(own), BAND_SIZE))
    return [struct.pack(f">B{BAND_SIZE}I", band, *values) for band, values in enumerate(slices)]


def worth_comparing(one: Signature, other: Signature) -> bool:
    """Tell whether two signatures are alike enough to compare the articles in full."""
    equal = sum(mine == theirs for mine, theirs in zip(one, other, strict=True))
    return equal >= WORTH_COMPARING * len(one)


# Stories.


def components(articles: Iterable[str], links: Mapping[str, AbstractSet[str]]) -> list[frozenset[str]]:
    """Return the articles that links hold together, directly or through others, in groups of two and more.

    >>> components(["a", "b", "c", "d"], {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}}) == [frozenset("abc")]
    True
    """
    left = dict.fromkeys(articles)
    groups = []
    while left:
        first = next(iter(left))
        group, waiting = {first}, [first]
        while waiting:
            for other in links.get(waiting.pop(), frozenset()):
                if other not in group:
                    group.add(other)
                    waiting.append(other)
        for member in group:
            left.pop(member, None)
        if len(group) > 1:
            groups.append(frozenset(group))
    return groups


def named(
    groups: Iterable[frozenset[str]], held: Mapping[str, int], inherited: Mapping[str, int], new: Iterator[int]
) -> dict[str, int]:
    """Return the story of each article in a group: the oldest that its members had, else a new one.

    `held` is the story that an article was in, `inherited` the one that its file's last text was in, which counts where
    the first gives no number. Where a story falls apart, the part with the most of its members keeps its number.
    """
    ordered = sorted(groups, key=min)
    place_of = {member: place for place, group in enumerate(ordered) for member in group}
    numbers: dict[int, int] = {}
    for before in (held, inherited):
        claims: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for member, place in place_of.items():
            if member in before:
                claims[before[member]][place] += 1
        for story in sorted(claims.keys() - set(numbers.values())):
            claimed = [place for place in sorted(claims[story]) if place not in numbers]
            if claimed:
                numbers[max(claimed, key=claims[story].__getitem__)] = story
    for place in range(len(ordered)):
        if place not in numbers:
            numbers[place] = next(new)
    return {member: numbers[place] for member, place in place_of.items()}
