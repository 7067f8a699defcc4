"""Countries by any of their words: Russia, Russian, Moscow and the Kremlin are one, in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from retrieval.nlp.analysis import words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon, english_stems
from retrieval.nlp.word_lists import normalised, read_word_lists

LONGEST = 3  # words of a country's name
_ENDINGS = ("ين", "ون", "ات", "تين", "ه", "ا")  # of a people's word: تركيين, تركية


def countries_in(found: Sequence[str], lexicon: Lexicon) -> dict[int, str]:
    """Return the countries that the normalised words of a text name, by the place of each word that does.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> countries_in(["والروسيه", "في", "الولايات", "المتحده", "the", "kremlin"], load_lexicon())
    {0: 'russia', 2: 'united states', 3: 'united states', 5: 'russia'}
    """
    table = _table(lexicon)
    at_place: dict[int, str] = {}
    for at in range(len(found)):
        for size in range(min(LONGEST, len(found) - at), 0, -1):
            country = table.get(found[at]) if size == 1 else None
            country = country or _of_words(tuple(found[at : at + size]), lexicon)
            if country:
                for place in range(at, at + size):
                    at_place.setdefault(place, country)
                break
    return at_place


@lru_cache(maxsize=1 << 16)
def _of_words(found: tuple[str, ...], lexicon: Lexicon) -> str | None:
    table = _table(lexicon)
    if found[0].isascii():
        return table.get(" ".join(found)) or table.get(" ".join(english_stems(list(found))))
    if len(found) > 1:
        return table.get(_arabic_key(found))
    for form in bare_forms(found[0]):
        people = (form.removesuffix(ending) for ending in _ENDINGS)
        country = table.get(form) or next((table[core] for core in people if core[-1:] == "ي" and core in table), None)
        if country:
            return country
    return None


@lru_cache(maxsize=2)
def _table(lexicon: Lexicon) -> Mapping[str, str]:
    """Return the country of each name, as English words and stems and as bare Arabic forms; none for a name of two."""
    lists = read_word_lists("grounding", "countries")
    found: dict[str, set[str]] = {}
    for line in lists["words"]:
        names = line.split("|")
        for name in names:
            english = words(name)
            stems = english_stems(english)
            arabic = lexicon.words.get(name, ()) if len(english) == 1 else lexicon.terms.get(tuple(stems), ())
            keys = [" ".join(english), " ".join(stems)]
            keys += [_arabic_key(words(form)) for form in arabic]
            for key in keys:
                found.setdefault(key, set()).add(names[0])
    ambiguous = normalised(lists["ambiguous"])
    return {key: min(own) for key, own in found.items() if len(own) == 1 and key not in ambiguous}


def _arabic_key(found: Sequence[str]) -> str:
    return found[0] if len(found) == 1 else " ".join(bare_forms(word)[-1] for word in found)
