"""Offices: whether somebody holds, in the texts, the office that a sentence gives him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.name_matching import where_named
from retrieval.grounding.names import may_be_name
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Phrases
from retrieval.nlp.analysis import Token
from retrieval.nlp.word_lists import read_word_lists

REACH = 6  # tokens between an office and the name of who holds it

BESIDE = 3  # tokens between an office and the country whose it is

_LISTS = read_word_lists("grounding", "offices")
_PHRASES = {office: Phrases(",".join(words)) for office, words in _LISTS["offices"].items()}
_BODIES = {office: Phrases(",".join(words)) for office, words in _LISTS["bodies"].items()}


def other_offices(compared: Comparison) -> Iterator[str]:
    """Yield the offices that a sentence gives to people who hold, in the texts, another one."""
    claim, own = compared.claim, compared.own
    people = [term for term in claim.names if term not in claim.country_of]
    for office, first, last in _offices(own.tokens, _PHRASES):
        holders = [person for person in people if _is_held(claim, own, (first, last), [claim.names[person]])]
        for person in holders:
            held = _held_by(claim, compared.whole, person) or _held_by(claim, _articles(compared), person)
            if held and office not in held:
                yield compared.words(first, last)
        if not holders and _is_unheard_of(compared, office, (first, last)):
            yield compared.words(first, last)


def _articles(compared: Comparison) -> list[AlignedText]:
    return [compared.claim.align(text) for text in compared.articles]


def _is_unheard_of(compared: Comparison, office: str, place: tuple[int, int]) -> bool:
    """Tell whether the texts have other offices of a country, and not the one that a sentence speaks of."""
    countries = _countries_beside(compared.own, place)
    if not countries:
        return False
    texts = [*compared.whole, *_articles(compared)]
    theirs = {
        other
        for text in texts
        for phrases in (_PHRASES, _BODIES)
        for other, first, last in _offices(text.tokens, phrases)
        if countries & (_countries_beside(text, (first, last)) or countries)
    }
    return bool(theirs) and office not in theirs


def _countries_beside(text: AlignedText, place: tuple[int, int]) -> set[str]:
    first, last = place
    return {country for at, country in text.countries.items() if first - BESIDE <= at <= last + BESIDE}


def _held_by(claim: Claim, texts: Iterable[AlignedText], person: int) -> set[str]:
    """Return the offices that texts give to somebody whom the sentence names."""
    held: set[str] = set()
    for text in texts:
        if named := where_named(claim, text, person):
            held |= {
                o for o, first, last in _offices(text.tokens, _PHRASES) if _is_held(claim, text, (first, last), named)
            }
    return held


def _offices(tokens: Sequence[Token], listed: Mapping[str, Phrases]) -> list[tuple[str, int, int]]:
    """Return the offices in a text with their first and last token; of those that overlap, the longest."""
    plain = [_plain(token) for token in tokens]
    found = [(office, *place) for office, phrases in listed.items() for place in phrases.find(plain)]
    return [
        one
        for one in found
        if not any(
            other[1] <= one[1] and one[2] <= other[2] and other[2] - other[1] > one[2] - one[1] for other in found
        )
    ]


def _plain(token: Token) -> Token:
    """Return a token without the ل or ب written onto an Arabic office: «للرئيس», «بوزير»."""
    word = token.text
    if word.startswith("لل"):
        return token._replace(text=f"ا{word[1:]}")
    is_particle = word[0] in "لب" and len(word) > 4 and word[1:3] in ("ال", "وز", "رء", "ري", "نا", "ام")
    return token._replace(text=word[1:]) if is_particle else token


def _is_held(claim: Claim, text: AlignedText, office: tuple[int, int], named: Sequence[int]) -> bool:
    """Tell whether an office stands beside one of the places of a name, with nobody and nothing else between."""
    first, last = office
    for at in named:
        if last < at <= last + REACH:
            between = range(last + 1, at)
        elif at < first <= at + REACH and not text.tokens[first].text.startswith("و"):
            between = range(at + 1, first)
        else:
            continue
        if all(_belongs(claim, text, place) for place in between):
            return True
    return False


def _belongs(claim: Claim, text: AlignedText, at: int) -> bool:
    """Tell whether a word may stand between an office and who holds it: a nationality, a first name, an article."""
    word = text.tokens[at].text
    if word in ("and", "و"):
        return False
    if at in text.countries or word in ("the", "of", "for", "s"):
        return True
    if word.isascii():
        return text.text[text.tokens[at].start].isupper() and is_content(word)
    return is_content(word) and may_be_name(claim.lexicon, word)
