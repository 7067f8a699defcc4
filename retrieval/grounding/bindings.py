"""What belongs to what: whether a number or a place of a sentence stands, in the texts, beside what it stands beside.

A number that a text has, but of other people, says nothing of these. Each word of a sentence is given to the nearest of
its numbers (or places); so is each word of a text. Where another number of a text shares more of the words, by their
rarity, than the same number does, the sentence has taken it from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.negation import is_content
from retrieval.nlp.analysis import Token
from retrieval.nlp.word_lists import normalised, read_word_lists

REACH = 12  # tokens from a number or a place to a word that may belong to it
ACROSS = 4  # tokens that a mark between them counts for
MARGIN = 0.25  # by how much more a rival must share: the share of what a sentence gives to its number

_CLAUSE_MARKS = re.compile(r"[,;:،؛()«»\"“”]")
_ENDS = re.compile(r"[.!?؟\n]")
_VAGUE = {
    word: float(value)
    for value, listed in read_word_lists("grounding", "vague_numbers").items()
    for word in normalised(listed)
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A number or a place, and where it stands."""

    value: object
    first: int  # token
    last: int  # token, inclusive


def misplaced_numbers(compared: Comparison) -> Iterator[str]:
    """Yield the numbers of a sentence that the passages give to something else than the sentence does."""
    for anchor in _misplaced(compared, number_anchors):
        yield compared.words(anchor.first, anchor.last)


def number_anchors(text: AlignedText) -> list[Anchor]:
    """Return the numbers of a text that count something, exactly or vaguely; no years and no days of a month."""
    months = {at for one in text.quantities if one.kind == "month" for at in (one.first - 1, one.last + 1)}
    exact = [
        Anchor(one.value, one.first, one.last)
        for one in text.quantities
        if one.kind == "number" and one.is_certain and not one.is_year and not months & {one.first, one.last}
    ]
    taken = {at for one in exact for at in range(one.first, one.last + 1)}
    vague = [
        Anchor(("vague", _VAGUE[form]), at, at)
        for at, token in enumerate(text.tokens)
        if at not in taken and (form := _vague_form(token)) is not None
    ]
    return sorted((*exact, *vague), key=lambda anchor: anchor.first)


def _vague_form(token: Token) -> str | None:
    word = token.text
    forms = (word, word[1:]) if word[0] in "وفبل" else (word,)
    return next((form for form in forms if form in _VAGUE), None)


def _misplaced(compared: Comparison, anchors_in: Callable[[AlignedText], list[Anchor]]) -> Iterator[Anchor]:
    claim, texts = compared.claim, compared.whole
    anchors = anchors_in(compared.own)
    given = _shares(compared.own, anchors)
    found = [
        (anchor.value, share, near)
        for text in texts
        for there in (anchors_in(text),)
        for anchor, share, near in zip(there, _shares(text, there), _near(text, there), strict=True)
    ]
    for anchor, wanted in zip(anchors, given, strict=True):
        weight = sum(claim.weights[term] for term in wanted)
        if not weight:
            continue
        same = [_weight(claim, wanted & near) for value, _, near in found if value == anchor.value]
        rivals = [_weight(claim, wanted & share) for value, share, _ in found if value != anchor.value]
        if same and rivals and max(rivals) - max(same) > MARGIN * weight:
            yield anchor


def _weight(claim: Claim, terms: set[int]) -> float:
    return sum(claim.weights[term] for term in terms)


def _shares(text: AlignedText, anchors: Sequence[Anchor]) -> list[set[int]]:
    """Return for each anchor of a text the terms that belong to it."""
    shares: list[set[int]] = [set() for _ in anchors]
    covered = {at for anchor in anchors for at in range(anchor.first, anchor.last + 1)}
    for at in range(len(text.tokens)) if anchors else ():
        if at in covered or not is_content(text.tokens[at].text):
            continue
        distances = [_distance(text, at, anchor) for anchor in anchors]
        nearest = min(range(len(anchors)), key=distances.__getitem__)
        if distances[nearest] <= REACH:
            shares[nearest] |= text.terms_at(at)
    return shares


def _near(text: AlignedText, anchors: Sequence[Anchor]) -> list[set[int]]:
    """Return for each anchor of a text the terms that may belong to it, to whatever else they may."""
    return [
        share
        if isinstance(anchor.value, tuple)  # of the vague ones the nearest words alone tell
        else {
            term
            for at in range(max(0, anchor.first - REACH), min(len(text.tokens), anchor.last + REACH + 1))
            if _distance(text, at, anchor) <= REACH
            for term in text.terms_at(at)
        }
        for anchor, share in zip(anchors, _shares(text, anchors), strict=True)
    ]


def _distance(text: AlignedText, at: int, anchor: Anchor) -> float:
    """Return how far a token is from an anchor, in tokens; what stands before it is a little further."""
    first, last = (anchor.last, at) if at > anchor.last else (at, anchor.first)
    between = text.text[text.tokens[first].end : text.tokens[last].start]
    if last - first > REACH or _ENDS.search(between):
        return 2.0 * REACH
    return last - first + (0.5 if at < anchor.first else 0.0) + ACROSS * bool(_CLAUSE_MARKS.search(between))
