"""The names in a sentence: which of its words name a person, a place, a country or a body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from retrieval.nlp.analysis import Token, normalise
from retrieval.nlp.clitics import bare_forms, without_article
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.transliteration import farthest_spelling, spelling_distance
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.search.query import Term

PLACE_SECTIONS = ("countries", "arab and middle eastern places", "capitals and big cities of the world")
SHORTEST_NAME = 4  # letters of a name that no lexicon knows
SHORTEST_HEARD = 4  # letters of a word that its translation sounds like; shorter ones do by chance
NAME_LIKE, MAYBE_NAME_LIKE = 0.5, 0.0  # mean log odds of a word's letters, alone and after «في» (bench/name_letters.py)
NAME_LIKE_WITH_ARTICLE = 0.8  # few names that no lexicon has begin with one
LONG_NAME = 6  # letters of an Arabic word that hardly sounds like an English one by chance
HEADLINE = 0.7  # the share of words written large from which on large letters tell nothing

_WORDS = read_word_lists("grounding", "names")
_OPENERS, _COMMON, _LOANS, _LISTED, _LEADERS, _IN, _BODIES = (
    normalised(_WORDS[kind]) for kind in ("openers", "common", "loans", "listed", "leaders", "places_follow", "bodies")
)
LETTERS = files("retrieval.grounding") / "data" / "name_letters.json"
_COMMON_ENDING = re.compile(
    r"(?:tion|sion|ment|ness|ity|ism|ist|ists|ers|ing|ed|ly|cy|ics|ical|ous|ive|able|ible|oids|ological|ular|phic|"
    r"otic|etic|water|wise|ward|wards)$"
)
_INFLECTED = re.compile(  # no bare name: of a verb, a pronoun or a plural
    r"^(?:[وف]?(?:ست|سي|است|ا?لل)|ي\w{3,}(?:ون|ان)$|(?:ال)?م\w{3}$)|(?:ها|هم|هما|وا|ات|ون|ين|ته|تهم|نا)$"
)
_PRONOUN = re.compile(r"(?:هم|هما|هن|ها|ه|نا|كم)$")
_ROMAN = re.compile(r"^[ivx]+$")
_QUOTES = "“”\"«»'‘’(["


def names_among(
    text: str, found: Sequence[Token], terms: Mapping[str, Term], lexicon: Lexicon, skipped: set[int]
) -> Iterator[int]:
    """Yield the tokens of a sentence that are names, but for those to skip; its terms are given by their surface.

    In English a word written large within a sentence is one, unless news write it large though it names nothing
    ("President"). At the beginning of a sentence, and in Arabic, the lexicon tells, or the words before it.
    """
    shouted = _is_headline(text, found)
    composed = set(_composed_names(found, lexicon))
    for at, token in enumerate(found):
        term = terms.get(token.text)
        if term is None or at in skipped:
            continue
        if not token.text.isascii():
            if at in composed or _is_arabic_name(found, at, lexicon):
                yield at
        elif _is_english_name(text, found, at, term, lexicon, shouted=shouted):
            yield at


def _composed_names(found: Sequence[Token], lexicon: Lexicon) -> Iterator[int]:
    """Yield the tokens of the Arabic names of two words that the lexicon lists: «معرة النعمان»."""
    pairs = _pairs(lexicon)
    for at, (first, second) in enumerate(pairwise(found)):
        if not first.text.isascii() and any((form, second.text) in pairs for form in bare_forms(first.text)):
            yield from (at, at + 1)


@lru_cache(maxsize=2)
def _pairs(lexicon: Lexicon) -> frozenset[tuple[str, ...]]:
    listed = (
        form
        for section in (*PLACE_SECTIONS, "people")
        for forms in lexicon.sections[section].values()
        for form in forms
    )
    return frozenset(pair for form in listed if len(pair := tuple(normalise(form).split())) == 2)


def _is_common(word: str) -> bool:
    return word in _COMMON or (word[-1] == "s" and word[:-1] in _COMMON)


def _is_headline(text: str, found: Sequence[Token]) -> bool:
    long = [token for token in found if len(token.text) > 3 and token.text.isascii() and token.text.isalpha()]
    large = sum(text[token.start].isupper() for token in long)
    return len(long) > 3 and large >= HEADLINE * len(long)


def _is_english_name(
    text: str, found: Sequence[Token], at: int, term: Term, lexicon: Lexicon, *, shouted: bool
) -> bool:
    word, start, end = found[at]
    written = text[start:end]
    if not written[0].isupper() or _is_common(word) or _ROMAN.match(word):
        return False
    if term.is_named_entity:
        return True
    known = bool(lexicon.equivalents(word))
    if written.isupper() or not written[1:].islower():
        return word in _LISTED or is_heard_alike(word, lexicon)  # what another acronym stands for may be written out
    if shouted or _begins(text, found, at):
        if known:
            return word in _LISTED or is_heard_alike(word, lexicon)
        return len(word) >= SHORTEST_NAME and word not in _OPENERS and not _COMMON_ENDING.search(word)
    return known or len(word) >= SHORTEST_NAME


def _begins(text: str, found: Sequence[Token], at: int) -> bool:
    """Tell whether a word is the first of a sentence or of a quotation, and written large for that alone."""
    return at == 0 or text[found[at - 1].end : found[at].start].strip(" ")[-1:] in (*".?!:\n", *_QUOTES)


def _is_arabic_name(found: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    word = found[at].text
    if not ARABIC_STOP.isdisjoint(bare_forms(word, particles=1)) or _PRONOUN.sub("", word) in ARABIC_STOP:
        return False
    known = lexicon.headwords(word)
    if known:
        named = [headword in lexicon.names for headword in known]
        if any(headword in places_of(lexicon) for headword in known) or (any(named) if len(word) > 4 else all(named)):
            return True
        heard = [is_heard_alike(headword, lexicon, word) for headword in known]
        return (
            (all(heard) and name_likeness(bare_forms(word)[-1]) > MAYBE_NAME_LIKE)
            or (any(heard) and len(bare_forms(word)[-1]) >= LONG_NAME)
            or word in _BODIES
        )
    return _is_unknown_name(found, at, lexicon)


def _is_unknown_name(found: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Tell whether an Arabic word that no lexicon has is a name, by the words before it and by its letters.

    >>> from retrieval.nlp.analysis import tokens
    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> [_is_unknown_name(tokens(text), 1, load_lexicon()) for text in ("بلدة قرنوش", "أكلت قرنوش", "قال تشوفيرسكي")]
    [True, False, True]
    """
    word = found[at].text
    if len(bare_forms(word)[-1]) < SHORTEST_NAME or not "\u0621" <= word[0] <= "\u064a" or _INFLECTED.search(word):
        return False
    alone = max(map(name_likeness, bare_forms(word, particles=1)))
    if at and not word.startswith("ال"):
        before = found[at - 1].text
        if _is_listed(before, _LEADERS) or _is_person(before, lexicon):
            return True
        if before in _IN:
            return alone > MAYBE_NAME_LIKE
    return alone > (NAME_LIKE if not word.startswith("ال") else NAME_LIKE_WITH_ARTICLE)


def _is_person(word: str, lexicon: Lexicon) -> bool:
    known = lexicon.headwords(word)
    return bool(known) and all(name in lexicon.names and name not in lexicon.demonyms for name in known)


@lru_cache(maxsize=1 << 14)
def name_likeness(word: str) -> float:
    """Return the mean log odds of a normalised Arabic word's letters in names, against other words."""
    odds = _letter_odds()
    pairs = letter_pairs(word)
    return sum(odds.get(pair, 0.0) for pair in pairs) / len(pairs)


def letter_pairs(word: str) -> list[str]:
    """Return the neighbouring letters of a word, its bounds among them."""
    return [first + second for first, second in pairwise(f"^{word}$")]


@lru_cache(maxsize=1)
def _letter_odds() -> Mapping[str, float]:
    odds: dict[str, float] = json.loads(LETTERS.read_text(encoding="utf-8"))
    return odds


def _is_listed(word: str, listed: frozenset[str]) -> bool:
    return any(form in listed for form in bare_forms(word))


@lru_cache(maxsize=1 << 14)
def is_heard_alike(headword: str, lexicon: Lexicon, form: str = "") -> bool:
    """Tell whether an English word sounds like its Arabic, as names do: the lexicon lists not all that it translates.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> [is_heard_alike(word, load_lexicon()) for word in ("florida", "kremlin", "hamas", "strikes", "minister")]
    [True, True, True, False, False]
    """
    if len(headword) < SHORTEST_HEARD or _is_common(headword) or headword in _LOANS:
        return False
    forms = [form] if form else [normalise(arabic) for arabic in lexicon.words.get(headword, ())[:3]]
    return any(
        spelling_distance(headword, without_article(bare)) <= farthest_spelling()
        for arabic in forms
        if " " not in arabic
        for bare in bare_forms(arabic)
    )


@lru_cache(maxsize=8)
def places_of(lexicon: Lexicon) -> frozenset[str]:
    """Return the English words that the lexicon lists as places."""
    return frozenset(place for section in PLACE_SECTIONS for place in lexicon.sections[section])


@lru_cache(maxsize=1 << 16)
def may_be_name(lexicon: Lexicon, word: str) -> bool:
    """Tell whether a normalised Arabic word may be a name: the lexicon has it as one, or does not have it."""
    known = lexicon.headwords(word)
    return not known or any(headword in lexicon.names or is_heard_alike(headword, lexicon) for headword in known)
