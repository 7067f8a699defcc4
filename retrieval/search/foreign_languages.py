"""Languages that Sanad does not read, told by their script or, in Latin or Arabic letters, by their commonest words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from retrieval.nlp.analysis import words
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.nlp.word_lists import read_word_lists

_READ = ("ARABIC", "LATIN")
_FEWEST = 2  # of a language's words that tell it: one may stand in a name
_SHARE = 0.3  # of a message's words that they must be
_STOP = ARABIC_STOP | ENGLISH_STOP
_HINTS = re.compile("\\w*(?:ک|ی\\w)\\w*")  # of Persian, beside a word of it; some type Arabic on its keyboard


class _Signs(NamedTuple):
    letters: AbstractSet[str]
    greetings: frozenset[str]
    asking: AbstractSet[str]
    words: tuple[AbstractSet[str], ...]  # of each language


def is_foreign(text: str) -> bool:
    """Tell whether a message is in a language that is neither Arabic nor English.

    >>> [is_foreign(text) for text in ("Кто мэр Парижа?", "Qui est le maire de Paris ?", "Who won in Rio de Janeiro?")]
    [True, True, False]
    >>> is_foreign("رئیس جمهور ایران کیست"), is_foreign("شكد صرفوا ع الجسر"), is_foreign("shu sar bil jisr")
    (True, False, False)
    """
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return False
    unread = sum(not unicodedata.name(letter, "").startswith(_READ) for letter in letters)
    if 2 * unread > len(letters):
        return True
    signs, said = _signs(), words(text)
    if len(said) <= _FEWEST and signs.greetings.issuperset(said):
        return True
    own = sum(any(letter in signs.letters for letter in word) for word in text.split())
    return any(_is_told(said, known, own, len(_HINTS.findall(text))) for known in signs.words)


def _is_told(said: Sequence[str], known: AbstractSet[str], own: int, hints: int) -> bool:
    """Tell whether words are in a language by those of it, of which two stand against each word that we read."""
    asking = _signs().asking
    told = sum(1 + (word in asking) for word in set(said) if word in known and word not in _STOP) + own
    read = sum(word in _STOP and word not in known for word in said)
    return told > 0 and told + hints >= max(_FEWEST, 2 * read + 1, _SHARE * len(said))


@cache
def _signs() -> _Signs:
    data = read_word_lists("search", "foreign_languages")
    return _Signs(
        frozenset(data["letters"]),
        frozenset(words(data["greetings"])),
        frozenset(words(data["asking"])),
        tuple(frozenset(words(known)) for known in data["words"].values()),
    )
