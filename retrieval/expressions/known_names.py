"""Countries, regions and cities that the lexicon knows, what they are called in English; names in other letters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import normalise
from retrieval.nlp.clitics import bare_forms, without_article
from retrieval.nlp.lexicon import COUNTRIES, Lexicon
from retrieval.nlp.phonetics import key_of_arabic, keys_of_latin

_PLACE_SECTIONS = (COUNTRIES, "arab and middle eastern places", "capitals and big cities of the world")
_LOWER = ("and", "of", "the")


def place_in_english(word: str, lexicon: Lexicon) -> str | None:
    """Return the English name of a place that a normalised word is the name of; None where it may be another word.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> [place_in_english(word, load_lexicon()) for word in ("بالقاهره", "الرياض", "رياض", "سوق")]
    ['Cairo', 'Riyadh', None, None]
    """
    table = _names(lexicon)
    for form in bare_forms(word, particles=1):
        bare = without_article(form)
        if form in word_table("places", "ambiguous") or (
            bare in word_table("places", "ambiguous") - word_table("places", "with_article")
        ):
            return None
        named = table.get(form) or table.get(bare)
        if named:
            return named
    return None


@lru_cache(maxsize=2)
def _names(lexicon: Lexicon) -> Mapping[str, str]:
    """Return the names by the normalised Arabic word: the fullest of those that it translates first."""
    ranked: dict[str, list[tuple[int, int, str]]] = {}
    for section in _PLACE_SECTIONS:
        for english, equivalents in lexicon.sections[section].items():
            for order, arabic in enumerate(map(normalise, equivalents)):
                if " " not in arabic:
                    ranked.setdefault(arabic, []).append((order, -len(english), english))
    return {arabic: _titled(min(found)[2]) for arabic, found in ranked.items()}


def _titled(name: str) -> str:
    """Return a name in capitals as they are written: "Bosnia and Herzegovina", "Deir al-Zor"."""
    return " ".join(
        _capitalised(word) if at == 0 or word not in _LOWER else word for at, word in enumerate(name.split())
    )


def _capitalised(word: str) -> str:
    return f"al-{word[3:].capitalize()}" if word.startswith("al-") else word[:1].upper() + word[1:]


def is_country(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a normalised word names a country.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> is_country("مصر", load_lexicon()), is_country("القاهره", load_lexicon())
    (True, False)
    """
    english = place_in_english(word, lexicon)
    return english is not None and english.lower() in lexicon.countries


def is_transliterated(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a normalised Arabic word of the lexicon is an English one in other letters, as names are.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> [is_transliterated(word, load_lexicon()) for word in ("ماركس", "هارفارد", "كتاب")]
    [True, True, False]
    """
    key = key_of_arabic(word)
    return any(key in keys_of_latin(headword) for headword in lexicon.forms.get(word, ()))


def consonants(word: str) -> str:
    """Return what broken plurals leave of a normalised Arabic noun: its letters without the weak ones.

    >>> consonants("جزيره") == consonants("جزر"), consonants("اقليم") == consonants("الاقاليم"), consonants("معلمه")
    (True, True, 'معلم')
    """
    return "".join(letter for letter in without_article(word) if letter not in "اويه")
