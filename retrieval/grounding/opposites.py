"""Opposites: a word of the sentence in the place where the text has its opposite, in either language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.comparison import Comparison
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.word_lists import normalised, read_word_lists

MEETING = 7  # tokens on each side of the two words in which the texts must meet, to speak of the same thing
TURNED = 2  # tokens between a word and another that turns it round
MOST_SIDED = 16  # words of a sentence that have opposites and are looked at
_VERB_ENDINGS = ("ت", "ا", "تا", "وا", "ون", "ان", "ه", "ها", "هم", "ته", "تها", "وه", "ين", "ات")
_PERSONS = ("ت", "ن", "ا")  # the first letters of an imperfect beside ي, in which it is listed
_SHORTEST = 2  # letters that are left of a word without an ending

Pole = tuple[int, int]  # the pair, and its side


def opposed_words(compared: Comparison) -> Iterable[str]:
    """Yield the words of a sentence where the texts have an opposite of the same thing, and not the word itself."""
    own = compared.own
    on_sides = ((at, poles) for at, token in enumerate(own.tokens) if (poles := poles_of(token.text)))
    for at, poles in islice(on_sides, MOST_SIDED):
        if any(_opposes(own, at, poles, text) for text in compared.near):
            yield compared.words(at, at)


def _opposes(own: AlignedText, at: int, poles: frozenset[Pole], text: AlignedText) -> bool:
    """Tell whether a text has nothing but opposites of a word wherever it speaks of the same thing."""
    opposites = {(pair, 1 - side) for pair, side in poles}
    if any(opposites & poles_of(token.text) for token in own.tokens):
        return False  # it has both, and so may the text
    said = own.terms_at(at)
    around, denied = own.terms_in(_near(own, at)) - said, _is_denied(own, at)
    alike = []
    for other, token in enumerate(text.tokens):
        found = poles_of(token.text)
        if not (found & (poles | opposites) or said & text.terms_at(other)) or not _meet(around, text, other):
            continue
        alike.append(bool(found & opposites) and _is_denied(text, other) == denied)
    return bool(alike) and all(alike)


def _meet(around: set[int], text: AlignedText, at: int) -> bool:
    return bool(around & text.terms_in(_near(text, at)))


def _near(text: AlignedText, at: int) -> Iterator[int]:
    return (other for other in range(max(0, at - MEETING), min(len(text.tokens), at + MEETING + 1)) if other != at)


def _is_denied(text: AlignedText, at: int) -> bool:
    """Tell whether a word stands right in the scope of a negation, or behind a word that turns it round."""
    before = {form for token in text.tokens[max(0, at - TURNED) : at] for form in bare_forms(token.text)}
    denied = any(at in negation.scope[:2] and negation.cue != at for negation in text.negations)
    return denied != (not before.isdisjoint(_reducers()))


@lru_cache(maxsize=1 << 15)
def poles_of(word: str) -> frozenset[Pole]:
    """Return the sides of the pairs of opposites that a normalised word is on, in whatever form.

    >>> poles_of("acquitted") <= poles_of("برات"), poles_of("convicted") & poles_of("acquitted")
    (True, frozenset())
    """
    return frozenset(pole for form in _forms(word) for pole in _poles().get(form, ()))


def _forms(word: str) -> Iterator[str]:
    if word.isascii():
        yield word
        yield stem(word)
        return
    for form in bare_forms(word, particles=1):
        yield form
        bare = form.removeprefix("س") if form[:2] in ("سي", "ست") else form
        yield bare
        yield from (f"ي{bare[1:]}",) if bare[:1] in _PERSONS else ()
        for ending in _VERB_ENDINGS:
            core = bare.removesuffix(ending)
            if core != bare and len(core) >= _SHORTEST:
                yield core
                yield from (f"ي{core[1:]}",) if core[0] in _PERSONS else ()


@cache
def _reducers() -> frozenset[str]:
    return normalised(read_word_lists("grounding", "opposites")["reducers"])


@cache
def _poles() -> Mapping[str, frozenset[Pole]]:
    found: dict[str, set[Pole]] = defaultdict(set)
    for number, pair in enumerate(read_word_lists("grounding", "opposites")["pairs"]):
        for side, listed in enumerate(pair.split("|")):
            for word in words(listed):
                found[word].add((number, side))
                found[stem(word) if word.isascii() else word.removesuffix("ه")].add((number, side))
    return {word: frozenset(poles) for word, poles in found.items()}
