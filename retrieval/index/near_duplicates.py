"""Near-duplicates, pure: when two articles are copies of one story, and which stories a set of links makes.

An article is taken as the set of its shingles, runs of three stems of its own body, and two sets are compared by
resemblance and containment (Broder, "On the Resemblance and Containment of Documents", 1997). News by template, of
weather, exchange rates or matches, shares its words and differs in numbers and names. So a shingle that holds one of
these counts more, and where two texts agree around a number or a name and not in it, they soon are no copies.
MinHash, in bands, finds the articles worth comparing without looking at all of them; these are then compared in full,
so that a link depends on two articles and on nothing else.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple
from zlib import crc32

from retrieval.nlp.analysis import ANALYSIS_VERSION, stem, words
from retrieval.nlp.lexicon import load_lexicon
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


_Read = tuple[str, Literal["number", "name", "unknown", "word"]]  # a word's stem, and what it is


class Sketch(NamedTuple):
    """What is kept of a text to find its copies: numbers of 32 bits, in the byte order of the machine."""

    minhash: bytes
    slots: bytes  # for each, the hash of its words, and the hash of these with what it holds


@dataclass(frozen=True, slots=True)
class Profile:
    """What an article is compared by in full.

    A slot is the words around a number or a name, and holds what stands there.
    """

    length: int  # words
    shingles: frozenset[str]
    telling: frozenset[str]  # shingles with a number or a word that may be a name
    slots: Mapping[tuple[str, ...], str]

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
    (['افتتح وزير 3', 'وزير 3 جسور'], '3')
    """
    read = [_read(word) for word in words(text)]
    is_telling = [kind != "word" for _, kind in read]
    shingles = _shingles(read)
    telling = (shingle for at, shingle in enumerate(shingles) if any(is_telling[at : at + SHINGLE]))
    return Profile(len(read), frozenset(shingles), frozenset(telling), _slots(read))


def _shingles(read: Sequence[_Read]) -> list[str]:
    """Return the shingles of a text, in order; of one shorter than a shingle, its words together."""
    stems = [own for own, _ in read]
    if len(stems) < SHINGLE:
        return [" ".join(stems)] if stems else []
    return [" ".join(run) for run in zip(*(stems[at:] for at in range(SHINGLE)), strict=False)]


@lru_cache(maxsize=1 << 17)
def _read(word: str) -> _Read:
    """Return a word's stem and what it is: as the lexicon lacks many names, an unknown word may be one."""
    own = stem(word)
    if own[0].isdigit():
        return own, "number"
    lexicon = load_lexicon()
    headwords = lexicon.concepts.get(own)
    if not headwords:
        return own, "unknown"
    return own, "name" if any(headword in lexicon.names for headword in headwords) else "word"


def _slots(read: Sequence[_Read]) -> dict[tuple[str, ...], str]:
    """Return what stands between which words: a number by two words on either side, a name by one on each.

    Words that hold one thing here and another there tell nothing, and are left out.
    """
    around = ["", "", *["#" if kind == "number" else own for own, kind in read], "", ""]
    slots: dict[tuple[str, ...], str] = {}
    unclear = set()
    for at, (own, kind) in enumerate(read):
        if kind == "number":
            keys: tuple[tuple[str, ...], ...] = (
                ("before", around[at], around[at + 1]),
                ("after", around[at + 3], around[at + 4]),
            )
        elif kind == "name":
            keys = (("between", around[at + 1], around[at + 3]),)
        else:
            continue
        for key in keys:
            if slots.setdefault(key, own) != own:
                unclear.add(key)
    return {key: held for key, held in slots.items() if key not in unclear}


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
    common = one.slots.keys() & other.slots.keys()
    agreeing = sum(one.slots[key] == other.slots[key] for key in common)
    return AGREEING * (len(common) - agreeing) <= agreeing


# Finding what is worth comparing.


def sketch(own: Profile) -> Sketch:
    """Return what is kept of a text to find its copies; of a text without words, nothing."""
    from rensa import RMinHash

    if not own.length:
        return Sketch(b"", b"")
    minhash = RMinHash(num_perm=BANDS * BAND_SIZE, seed=SEED)
    minhash.update(list(own.shingles))
    slots = [(key, f"{key} {held}") for words_around, held in own.slots.items() for key in (" ".join(words_around),)]
    hashes = (crc32(part.encode()) for slot in slots for part in slot)
    return Sketch(array("I", minhash.digest()).tobytes(), array("I", hashes).tobytes())


def links_config() -> str:
    """Return what decides the links beside the texts; what was made with anything else is made anew."""
    from rensa import RMinHash

    return f"stories {STORIES_VERSION}, analysis {ANALYSIS_VERSION}, RMinHash {RMinHash.ALGORITHM_VERSION}"


def bands(minhash: bytes) -> list[bytes]:
    """Return the bands of a MinHash as keys; articles that share one are worth a look."""
    size = 4 * BAND_SIZE
    return [bytes([at // size]) + minhash[at : at + size] for at in range(0, len(minhash), size)]


def worth_comparing(own: Sketch, others: Sequence[Sketch]) -> list[bool]:
    """Tell which of some texts are alike enough to be compared in full.

    All at once, since news by template finds all that the template ever made.
    """
    import numpy as np

    if not others:
        return []
    theirs = np.frombuffer(b"".join(other.minhash for other in others), np.uint32).reshape(len(others), -1)
    is_alike = (theirs == np.frombuffer(own.minhash, np.uint32)).mean(axis=1) >= WORTH_COMPARING
    slots = np.frombuffer(own.slots, np.uint32).reshape(-1, 2)
    their_slots = np.frombuffer(b"".join(other.slots for other in others), np.uint32).reshape(-1, 2)
    owner = np.repeat(np.arange(len(others)), [len(other.slots) // 8 for other in others])
    common, agreeing = (
        np.bincount(owner, np.isin(their_slots[:, column], slots[:, column]), len(others)) for column in (0, 1)
    )
    found: list[bool] = (is_alike & (AGREEING * (common - agreeing) <= agreeing)).tolist()
    return found


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


def number_stories(
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
