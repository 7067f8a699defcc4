"""Offices: whether somebody holds, in the texts, the office that a sentence gives him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.name_matching import where_named
from retrieval.grounding.names import may_be_name
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Found, Phrases
from retrieval.nlp.analysis import Token, words
from retrieval.nlp.word_lists import normalised, read_word_lists

_REACH = 8  # tokens between an office and the name of who holds it

_BESIDE = 3  # tokens between an office and the country whose it is

_LISTS = read_word_lists("grounding", "offices")
_HELD, _LED = "offices", "bodies"
_OF_NAMES, _OF_MISSIONS, _DEPUTIES = (normalised(_LISTS[kind]) for kind in ("between", "missions", "deputies"))
_PHRASES = {
    kind: Phrases(",".join(phrase for listed in offices.values() for phrase in listed))
    for kind, offices in ((kind, _LISTS[kind]) for kind in (_HELD, _LED))
}
_OFFICE_OF: dict[tuple[str, str], str] = {
    (kind, " ".join(words(phrase))): office
    for kind, offices in ((kind, _LISTS[kind]) for kind in (_HELD, _LED))
    for office, listed in offices.items()
    for phrase in listed
}
_CACHE_SIZE = 4096  # texts


def other_offices(compared: Comparison) -> Iterable[str]:
    """Return the offices that a sentence gives to people who hold, in the texts, another one."""
    return dict.fromkeys(_other_offices(compared))


def _other_offices(compared: Comparison) -> Iterator[str]:
    claim, own = compared.claim, compared.own
    people = [term for term in claim.names if term not in claim.country_of]
    for office, first, last in _offices(own, _HELD):
        holders = [person for person in people if _is_held(claim, own, (office, first, last), [claim.names[person]])]
        for person in holders:
            held = _held_by(claim, compared.whole, person) or _held_by(claim, _articles(compared), person)
            if held and office not in held:
                yield compared.words(first, last)
        if not holders and _is_unheard_of(compared, office, (first, last)):
            yield compared.words(first, last)
    for office, first, last in _offices(own, _LED):
        if (
            office.endswith("minister")
            and office != "prime minister"
            and _is_unheard_of(compared, office, (first, last))
        ):
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
        for kind in (_HELD, _LED)
        for other, first, last in _offices(text, kind)
        if countries & (_countries_beside(text, (first, last)) or countries)
    }
    return bool(theirs) and office not in theirs


def _countries_beside(text: AlignedText, place: tuple[int, int]) -> set[str]:
    first, last = place
    return {country for at, country in text.countries.items() if first - _BESIDE <= at <= last + _BESIDE}


def is_meant_by_office(
    claim: Claim, person: int, texts: Sequence[AlignedText], articles: Sequence[AlignedText]
) -> bool:
    """Tell whether texts have the office, of the same country, that articles give to somebody whom they do not name."""
    for article in articles:
        if not (named := where_named(claim, article, person)):
            continue
        for office, first, last in _offices(article, _HELD):
            countries = _countries_beside(article, (first, last))
            if countries and _is_held(claim, article, (office, first, last), named):
                there = (
                    _countries_beside(text, (start, end))
                    for text in texts
                    for other, start, end in _offices(text, _HELD)
                    if other == office
                )
                if any(countries & others for others in there):
                    return True
    return False


def _held_by(claim: Claim, texts: Iterable[AlignedText], person: int) -> set[str]:
    """Return the offices that texts give to somebody whom the sentence names."""
    held: set[str] = set()
    for text in texts:
        if named := where_named(claim, text, person):
            held |= {one[0] for one in _offices(text, _HELD) if _is_held(claim, text, one, named)}
    return held


def _offices(text: AlignedText, kind: str) -> tuple[tuple[str, int, int], ...]:
    return _offices_among(text.tokens, kind)


@lru_cache(maxsize=_CACHE_SIZE)
def _offices_among(tokens: tuple[Token, ...], kind: str) -> tuple[tuple[str, int, int], ...]:
    """Return the offices that a text names, or of the bodies that it names, each with its first and last token."""
    plain = [_plain(token) for token in tokens]
    return tuple(_with_deputy(plain, _office(plain, found, kind), found) for found in _PHRASES[kind].find(plain))


def _with_deputy(tokens: Sequence[Token], office: str, found: Found) -> tuple[str, int, int]:
    """Return an office, or that of a deputy where one is named before it: «نائب وزير الخارجية»."""
    before = tokens[found.first - 1].text if found.first else ""
    is_deputy = before in _DEPUTIES or (before[:1] == "و" and before[1:] in _DEPUTIES)
    return (f"deputy {office}", found.first - 1, found.last) if is_deputy else (office, *found)


def _office(tokens: Sequence[Token], found: Found, kind: str) -> str:
    phrase = " ".join(token.text for token in tokens[found.first : found.last + 1])
    return _OFFICE_OF.get((kind, phrase)) or _OFFICE_OF[kind, phrase[1:]]  # without the "and" written onto it


def _plain(token: Token) -> Token:
    """Return a token without the ل or ب written onto an Arabic office: «للرئيس», «بوزير»."""
    word = token.text
    if word.startswith("لل"):
        return token._replace(text=f"ا{word[1:]}")
    is_particle = word[0] in "لب" and len(word) > 4 and word[1:3] in ("ال", "وز", "رء", "ري", "نا", "ام")
    return token._replace(text=word[1:]) if is_particle else token


def _is_held(claim: Claim, text: AlignedText, held: tuple[str, int, int], named: Sequence[int]) -> bool:
    """Tell whether an office stands beside one of the places of a name, with nobody and nothing else between."""
    office, first, last = held
    may_stand = _OF_NAMES | _OF_MISSIONS if office in ("envoy", "ambassador") else _OF_NAMES
    for at in named:
        if last < at <= last + _REACH and not _is_of_name(text, first, last, at):
            between = range(last + 1, at - (not text.tokens[at].text.isascii()))  # a first name may be any word
        elif at < first <= at + _REACH and not _is_joined(text.tokens[first].text) and text.tokens[at + 1].text != "s":
            between = range(at + 1, first)
        else:
            continue
        if all(text.tokens[place].text in may_stand or _belongs(claim, text, place) for place in between):
            return True
    return False


def _is_of_name(text: AlignedText, first: int, last: int, at: int) -> bool:
    """Tell whether a name after an Arabic office says whose it is: «مبعوث بوتين» is another man than Putin."""
    word = text.tokens[first].text
    return (
        at == last + 1 and first == last and not word.isascii() and "ال" not in word[:3] and not word.startswith("لل")
    )


def _is_joined(word: str) -> bool:
    """Tell whether an "and" is written onto an office."""
    return word[0] == "و" and not word.startswith(("وزير", "وزراء", "والي"))


def _belongs(claim: Claim, text: AlignedText, at: int) -> bool:
    """Tell whether a word may stand between an office and who holds it: a nationality, a first name, an article."""
    word = text.tokens[at].text
    if word in ("and", "و"):
        return False
    if at in text.countries:
        return True
    if word.isascii():
        return text.text[text.tokens[at].start].isupper() and is_content(word)
    return is_content(word) and may_be_name(claim.lexicon, word)
