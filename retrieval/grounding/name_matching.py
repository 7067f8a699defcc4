"""Whether texts have the names of a sentence, however they spell them, and whatever they call a country by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.grounding.alignment import ENOUGH_SAID, AlignedText, Claim
from retrieval.grounding.names import NAME_LIKE, may_be_name, name_likeness, places_of
from retrieval.grounding.negation import is_content
from retrieval.nlp.analysis import stem
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.phonetics import key_of_arabic, keys_in_text, keys_of_latin, one_apart
from retrieval.nlp.transliteration import farthest_spelling, spelling_distance
from retrieval.search.query import Term

SHORTEST_CERTAIN_KEY = 3  # sounds; a shorter key is no evidence for a name that the lexicon translates
SHORTEST_JOINED = 6  # letters of a Latin name that Arabic may write as two words: Cavusoglu
_IN = frozenset(("in", "at", "near", "outside", "inside", "across", "في", "وفي", "قرب", "داخل"))
SHORTEST_SPELT = 5  # letters of Arabic spellings that may differ by one
_ALTERNATING = dict(zip(map(ord, "جچڤفغقخهصطظ"), "ششووكككاستز", strict=True))
_COARSE = str.maketrans("gxkfbsdt$", "kkkbbtttt")


def missing_names(claim: Claim, texts: Sequence[AlignedText]) -> Iterator[int]:
    """Yield the names of a sentence that no text has, as terms."""
    for term in claim.names:
        if not any(has_name(claim, text, term) or _is_part_of_name(claim, text, term) for text in texts):
            yield term


def _is_part_of_name(claim: Claim, text: AlignedText, term: int) -> bool:
    """Tell whether a text calls somebody by less of his name: «أوغلو» for Mevlut Cavusoglu, where no other is.

    The name that the text has must follow in the sentence; in the text no other name may stand before it.
    """
    at = claim.names[term]
    following = claim.of_surface.get(claim.tokens[at + 1].text) if at + 1 < len(claim.tokens) else None
    if following not in claim.names or is_listed_place(claim, term) or is_listed_place(claim, following):
        return False
    if claim.text[claim.tokens[at].end : claim.tokens[at + 1].start].strip(" -"):
        return False
    places = [
        place for place, token in enumerate(text.tokens) if claim.says(token.text).get(following, 0) >= ENOUGH_SAID
    ]
    return bool(places) and not any(_is_other_name(claim, text, place - 1) for place in places if place)


def is_listed_place(claim: Claim, term: int) -> bool:
    """Tell whether a name of the sentence is that of a country or another listed place."""
    if term in claim.country_of:
        return True
    wanted = claim.terms[term]
    known = claim.lexicon.headwords(wanted.word) if wanted.word is not None else (wanted.surface,)
    return any(headword in places_of(claim.lexicon) for headword in known)


def _is_other_name(claim: Claim, text: AlignedText, at: int) -> bool:
    word = text.tokens[at].text
    known = claim.lexicon.headwords(word)
    is_name = claim.lexicon.names.issuperset(known) if known else name_likeness(word) > NAME_LIKE
    return is_name and is_content(word) and at not in text.countries and not claim.says(word)


def has_name(claim: Claim, text: AlignedText, term: int) -> bool:
    """Tell whether a text has a name of the sentence."""
    wanted = claim.terms[term]
    if wanted.parts:
        if claim.matcher.term_scores([token.text for token in text.tokens])[term] >= ENOUGH_SAID:
            return True
        return all(has_name(claim, text, claim.of_surface[part]) for part in wanted.parts if part in claim.of_surface)
    country = claim.country_of.get(term)
    if country is not None and country in text.countries.values() and not is_city_of_event(claim, term):
        return True
    if _is_said(claim, text, term, _keys(wanted)) or _is_said_in_two(wanted, text):
        return True
    if _is_acronym(claim, term):
        return _is_written_out(wanted, text)
    is_unknown = wanted.word is None or not claim.lexicon.headwords(wanted.word)
    return not wanted.is_named_entity and is_unknown and _beside_its_neighbour(claim, term, text)


def is_city_of_event(claim: Claim, term: int) -> bool:
    """Tell whether a name is a city where something happens, and not one that stands for its government.

    "Moscow asked" says what Russia did; of talks "in Moscow" nothing is said by talks in Russia.
    """
    at = claim.names.get(term, 0)
    wanted = claim.terms[term]
    if at == 0 or wanted.is_country or wanted.is_demonym:
        return False
    word = claim.tokens[at].text
    if word.isascii():
        return claim.tokens[at - 1].text in _IN and wanted.is_named_entity
    known = [headword for headword in claim.lexicon.headwords(word) if headword in places_of(claim.lexicon)]
    is_city = bool(known) and claim.lexicon.countries.isdisjoint(known)
    return is_city and (claim.tokens[at - 1].text in _IN or word[0] == "ب")


def _is_said(claim: Claim, text: AlignedText, term: int, keys: frozenset[str]) -> bool:
    return any(_says_name(claim, token.text, term, keys) for token in text.tokens)


def _says_name(claim: Claim, word: str, term: int, keys: frozenset[str]) -> bool:
    wanted = claim.terms[term]
    if word == wanted.word:
        return True
    if claim.says(word).get(term, 0.0) >= ENOUGH_SAID and not _only_by_key(claim, wanted, word):
        return True
    return _sounds_like(claim, wanted, keys, word) or _is_spelt_alike(claim, wanted, word)


def _keys(term: Term) -> frozenset[str]:
    return term.keys or (keys_in_text(term.word) if term.word is not None else keys_of_latin(term.surface))


def _only_by_key(claim: Claim, term: Term, word: str) -> bool:
    """Tell whether nothing but the sound makes a word say a name."""
    return bool(keys_in_text(word) & _keys(term)) and not claim.shares_headword(term, word)


def _sounds_like(claim: Claim, term: Term, keys: frozenset[str], word: str) -> bool:
    """Tell whether a word that may be a name sounds like a name of the sentence."""
    if word.isascii() or not is_content(word):
        return False
    there = keys_in_text(word)
    if any(len(key) >= SHORTEST_CERTAIN_KEY for key in keys & there):
        return not term.is_named_entity or may_be_name(claim.lexicon, word)
    if term.is_named_entity or not may_be_name(claim.lexicon, word):
        return False
    return bool(keys & there) or any(_may_be_one_name(key, other) for key in keys for other in there)


def _is_spelt_alike(claim: Claim, term: Term, word: str) -> bool:
    """Tell whether two Arabic words may spell one foreign name, «شاويش» and «تشاووش», by all letters but one."""
    if term.word is None or word.isascii() or not is_content(word) or not may_be_name(claim.lexicon, word):
        return False
    known = {frozenset(claim.lexicon.headwords(own)) for own in (term.word, word)} - {frozenset()}
    if len(known) > 1:  # two that the lexicon tells apart
        return False
    return any(
        first == second or (min(len(first), len(second)) >= SHORTEST_SPELT and one_apart(first, second))
        for first in map(_coarse, bare_forms(term.word, particles=1))
        for second in map(_coarse, bare_forms(word, particles=1))
        if min(len(first), len(second)) >= SHORTEST_SPELT - 1
    )


def _coarse(word: str) -> str:
    """Return an Arabic spelling in which the letters that foreign sounds alternate between are one."""
    return word.replace("تش", "ش").translate(_ALTERNATING)


def where_named(claim: Claim, text: AlignedText, term: int) -> list[int]:
    """Return the tokens of a text that say a name of the sentence."""
    keys = _keys(claim.terms[term])
    return [at for at, token in enumerate(text.tokens) if _says_name(claim, token.text, term, keys)]


def _is_acronym(claim: Claim, term: int) -> bool:
    at = claim.names.get(term)
    return at is not None and claim.text[claim.tokens[at].start : claim.tokens[at].end].isupper()


def _is_written_out(term: Term, text: AlignedText) -> bool:
    """Tell whether a text has half of the words that an acronym may stand for, as names of bodies differ a little."""
    stems = {stem(token.text) for token in text.tokens}
    return any(2 * len(stems.intersection(one.stems)) >= len(one.stems) for one in term.alternatives)


def _is_said_in_two(term: Term, text: AlignedText) -> bool:
    """Tell whether two neighbouring words together spell a name: «جاويش أوغلو» for Cavusoglu."""
    name = term.surface if term.word is None else term.word
    if len(name) < SHORTEST_JOINED:
        return False
    for first, second in zip(text.tokens, text.tokens[1:], strict=False):
        if first.text.isascii() or second.text.isascii():
            continue
        joined = first.text + second.text
        if name.isascii():
            if key_of_arabic(joined) in keys_of_latin(name) or spelling_distance(name, joined) <= farthest_spelling():
                return True
        elif key_of_arabic(joined) == key_of_arabic(name):
            return True
    return False


def _beside_its_neighbour(claim: Claim, term: int, text: AlignedText) -> bool:
    """Tell whether a name stands, roughly spelt, beside the name that it stands beside in the sentence."""
    at = claim.names.get(term)
    if at is None:  # a word of a longer term
        return False
    keys = _keys(claim.terms[term])
    beside = claim.terms_at(other for other in (at - 1, at + 1) if 0 <= other < len(claim.tokens))
    return any(
        _is_roughly_alike(key, other)
        for place, said in enumerate(text.says)
        if any(said.get(neighbour, 0.0) >= ENOUGH_SAID for neighbour in beside)
        for near in (place - 1, place + 1)
        if 0 <= near < len(text.tokens) and not text.tokens[near].text.isascii()
        for other in keys_in_text(text.tokens[near].text)
        for key in keys
    )


def _is_roughly_alike(key: str, other: str) -> bool:
    """Tell whether two keys are alike, for a name that its neighbour already vouches for."""
    first, second = key.translate(_COARSE), other.translate(_COARSE)
    return first == second or (min(len(first), len(second)) >= 3 and one_apart(first, second))


def _may_be_one_name(key: str, other: str) -> bool:
    """Tell whether two keys may be of one name, as far as transliterations differ."""
    first, second = key.translate(_COARSE), other.translate(_COARSE)
    if min(len(first), len(second)) < 3:
        return False
    return first == second or (min(len(first), len(second)) >= 4 and one_apart(first, second))
