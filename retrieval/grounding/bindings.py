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
from retrieval.grounding.name_matching import is_listed_place
from retrieval.grounding.names import places_of
from retrieval.grounding.negation import is_content
from retrieval.grounding.stated_quantities import has_dual
from retrieval.nlp.analysis import Token
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.word_lists import normalised, read_word_lists

_REACH = 12  # tokens from a number or a place to a word that may belong to it
_COUNTED = 2  # tokens after a number in which stands what it counts
_ACROSS = 4  # tokens that a mark between them counts for
_NUMBER_MARGIN, _PLACE_MARGIN = 0.25, 0.35  # how much more a rival must share, of what a sentence gives to its own

_IN = frozenset(
    ("in", "to", "at", "near", "from", "of", "on", "في", "وفي", "إلى", "الي", "من", "مدينه", "بمدينه", "محافظه", "بلده")
)
_WITHIN = frozenset(("in", "to", "في", "الي"))
_LANDS = normalised(
    "أراضي أراض أرض شمال جنوب شرق غرب مدينة محافظة بلدة منطقة مناطق حدود عاصمة ساحل مدن محافظات داخل جو"
)
_ARTICLES = frozenset(("a", "an", "the"))
_CLAUSE_MARKS = re.compile(r"[,;:،؛()«»\"“”]")
_PEOPLE_ENDING = re.compile(r"(?:ي|يين|يون|يات|يان)$")
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
    for anchor in _misplaced(compared, number_anchors, _NUMBER_MARGIN):
        yield compared.words(anchor.first, anchor.last)


def misplaced_places(compared: Comparison) -> Iterator[str]:
    """Yield the places of a sentence where the passages have what happened there happen in another place."""
    claim = compared.claim

    def anchors_in(text: AlignedText) -> list[Anchor]:
        return place_anchors(claim, text)

    found = [anchor.first for anchor in _misplaced(compared, anchors_in, _PLACE_MARGIN)]
    found += [at for at in sorted(claim.countries) if at not in found and _is_only_a_people(compared, at)]
    for at in found:
        yield compared.words(at, at)


def _is_only_a_people(compared: Comparison, at: int) -> bool:
    """Tell whether something happens in a country of which the passages only have people: a visit "to Turkey".

    A land may be called by its people too: «الأراضي السورية», «الشمال السوري».
    """
    claim, own = compared.claim, compared.own
    country = claim.countries[at]
    if not at or own.tokens[at - 1].text not in _WITHIN or _is_of_people(claim, own, at):
        return False
    there = [(text, place) for text in compared.whole for place, other in text.countries.items() if other == country]
    return bool(there) and all(
        _is_of_people(claim, text, place) and not _is_land(claim, text, place) for text, place in there
    )


def _is_of_people(claim: Claim, text: AlignedText, at: int) -> bool:
    word = text.tokens[at].text
    known = (word,) if word.isascii() else claim.lexicon.headwords(word)
    if claim.lexicon.demonyms.isdisjoint(known):
        return False
    return claim.lexicon.countries.isdisjoint(known) or bool(_PEOPLE_ENDING.search(word))


def _is_land(claim: Claim, text: AlignedText, at: int) -> bool:
    before = text.tokens[at - 1].text if at else ""
    known = claim.lexicon.headwords(before)
    return not _LANDS.isdisjoint(bare_forms(before)) or any(place in places_of(claim.lexicon) for place in known)


def place_anchors(claim: Claim, text: AlignedText) -> list[Anchor]:
    """Return the places where something happens in a text: names of places after "in", "to" or the like."""
    found = []
    for at, token in enumerate(text.tokens):
        before = {
            other.text
            for other in text.tokens[max(0, at - 1 - (at > 1 and text.tokens[at - 1].text in _ARTICLES)) : at]
        }
        if not before & _IN and (token.text.isascii() or token.text[0] not in "بل"):
            continue
        place = _place(claim, text, at)
        if place is not None:
            found.append(Anchor(place, at, at))
    return found


def _place(claim: Claim, text: AlignedText, at: int) -> object:
    """Return what place a token names: a term of the sentence where it is one, else a country or a listed place."""
    own = [term for term in text.terms_at(at) if term in claim.names and is_listed_place(claim, term)]
    if own:
        return claim.country_of.get(min(own), min(own))
    if at in text.countries:
        return text.countries[at]
    known = claim.lexicon.headwords(text.tokens[at].text)
    return known[0] if known and known[0] in places_of(claim.lexicon) else None


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


def _misplaced(
    compared: Comparison, anchors_in: Callable[[AlignedText], list[Anchor]], margin: float
) -> Iterator[Anchor]:
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
        same = [claim.weight_of(wanted & near) for value, _, near in found if value == anchor.value]
        counted = compared.own.terms_in(_counted(compared.own, anchor)) if anchors_in is number_anchors else set()
        rivals = [
            claim.weight_of(wanted & share)
            for value, share, _ in found
            if value != anchor.value and (not counted or counted & share)
        ]
        if anchor.value == 2 and has_dual(counted, texts):
            continue
        if same and rivals and max(rivals) - max(same) > margin * weight:
            yield anchor


def _counted(text: AlignedText, anchor: Anchor) -> list[int]:
    """Return the token that says what a number counts, if one follows."""
    following = range(anchor.last + 1, min(len(text.tokens), anchor.last + 1 + _COUNTED))
    return [at for at in following if is_content(text.tokens[at].text)][:1]


def _shares(text: AlignedText, anchors: Sequence[Anchor]) -> list[set[int]]:
    """Return for each anchor of a text the terms that belong to it."""
    shares: list[set[int]] = [set() for _ in anchors]
    covered = {at for anchor in anchors for at in range(anchor.first, anchor.last + 1)}
    for at in range(len(text.tokens)) if anchors else ():
        if at in covered or not is_content(text.tokens[at].text):
            continue
        distances = [_distance(text, at, anchor) for anchor in anchors]
        nearest = min(range(len(anchors)), key=distances.__getitem__)
        if distances[nearest] <= _REACH:
            shares[nearest] |= text.terms_at(at)
    return shares


def _near(text: AlignedText, anchors: Sequence[Anchor]) -> list[set[int]]:
    """Return for each anchor of a text the terms that may belong to it, to whatever else they may."""
    return [
        share
        if isinstance(anchor.value, tuple)  # of the vague ones the nearest words alone tell
        else {
            term
            for at in range(max(0, anchor.first - _REACH), min(len(text.tokens), anchor.last + _REACH + 1))
            if _distance(text, at, anchor) <= _REACH
            for term in text.terms_at(at)
        }
        for anchor, share in zip(anchors, _shares(text, anchors), strict=True)
    ]


def _distance(text: AlignedText, at: int, anchor: Anchor) -> float:
    """Return how far a token is from an anchor, in tokens; what stands before it is a little further."""
    first, last = (anchor.last, at) if at > anchor.last else (at, anchor.first)
    between = text.text[text.tokens[first].end : text.tokens[last].start]
    if last - first > _REACH or _ENDS.search(between):
        return 2.0 * _REACH
    return last - first + (0.5 if at < anchor.first else 0.0) + _ACROSS * bool(_CLAUSE_MARKS.search(between))
