"""One phonetic key for the Arabic and the Latin spellings of a name: its consonants, by class of sound.

A word of an article is found by its key; `alike` then tells near names apart by their vowels. Vowels, doubled
letters and the letters that transliteration mixes up (v/f, p/b, g/j/غ/ج, th/t, q/k …) make no difference to a key; a
first vowel and a first h are kept, as they hold short names apart, and so are weak sounds where there is hardly a
consonant. A Latin word has the keys of the Arabic spellings that `transliteration` thinks likely.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.nlp.clitics import PARTICLES, SHORTEST_CORE, bare_forms, without_lam
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.transliteration import (
    Costs,
    costs_of,
    farthest_spelling,
    graphemes,
    spelling_costs,
    spelling_distance,
)

SHORTEST_KEY = 2  # sounds; a single one names nobody
_ONE_PARTICLE = 1  # before a name; further letters are the name's own

_SOUND = dict(
    zip("بپتثطجغگچخدذضظرزسصشفڤقكلمناويهحع", "bbtttgggcxddddrsss$ffkklmnawyhhe", strict=True),
)
_WEAK = frozenset("awyhe")  # sounds that transliterations leave out or mix up; e is the ع
_ARTICLE = "al"
_TOLD = 2  # consonants; a name of fewer has its weak sounds in its key too
_MOST_BEGINNINGS = 24  # of keys, for one Latin word
_MOST_KEYS = 12  # of one Latin word


@lru_cache(maxsize=1 << 17)
def key_of_arabic(word: str) -> str:
    """Return the key of a normalised Arabic word, without its article.

    >>> key_of_arabic("شويغو") == key_of_arabic("شويجو"), key_of_arabic("جاويش") == key_of_arabic("تشاووش")
    (True, True)
    >>> key_of_arabic("الكرملين"), key_of_arabic("مها"), key_of_arabic("يحيي")
    ('krmln', 'mh', 'yh')
    """
    return _key(_sounds(word))


def _sounds(letters: str) -> str:
    return "".join(_SOUND.get(letter, "") for letter in letters.replace("تش", "ج"))


def _key(sounds: str) -> str:
    if sounds.startswith(_ARTICLE) and len(sounds) > SHORTEST_CORE:
        sounds = sounds[len(_ARTICLE) :]
    consonants = _single("".join(sound for sound in sounds if sound not in _WEAK))
    if len(consonants) < _TOLD:
        return _key_of_few(_single(sounds))
    first = "a" if sounds[0] in "ae" else "h" if sounds[0] == "h" else ""
    return first + consonants


def _key_of_few(sounds: str) -> str:
    """Return the key of a name with hardly a consonant: all its sounds, but for the ع and a weak one at its end."""
    key = ("a" if sounds[:1] == "e" else sounds[:1]) + sounds[1:].replace("e", "")
    return key[:-1] if len(key) > SHORTEST_KEY and key[-1] in _WEAK else key


def is_telling(key: str) -> bool:
    """Tell whether a key is seldom shared by chance: it has three sounds, or two consonants.

    >>> is_telling("btn"), is_telling("sd"), is_telling("bh")
    (True, True, False)
    """
    return len(key) > SHORTEST_KEY or _WEAK.isdisjoint(key)


@lru_cache(maxsize=1 << 14)
def keys_of_latin(word: str) -> frozenset[str]:
    """Return the keys of the ways in which a normalised Latin word may be written in Arabic, the likeliest only.

    >>> key_of_arabic("شويغو") in keys_of_latin("shoigu"), key_of_arabic("لافروف") in keys_of_latin("lavrov")
    (True, True)
    """
    return keys_of_spellings(word, spelling_costs(), farthest_spelling())


def keys_of_spellings(word: str, costs: Costs, farthest: float) -> frozenset[str]:
    """Return the keys of the Arabic spellings of a Latin word that are near enough, by given costs."""
    found = {"": 0.0}
    for grapheme in graphemes(word):
        further: dict[str, float] = {}
        for letters, more in costs_of(grapheme, costs).items():
            sounds = _sounds(letters)
            for beginning, cost in found.items():
                if cost + more <= farthest:
                    longer = _settled(beginning, sounds)
                    further[longer] = min(cost + more, further.get(longer, farthest))
        found = dict(sorted(further.items(), key=lambda state: state[1])[:_MOST_BEGINNINGS])
    keys: dict[str, float] = {}
    for sounds, cost in found.items():
        key = sounds.removeprefix(_MARK) if sounds.startswith(_MARK) else _key(sounds)
        keys[key] = min(cost, keys.get(key, farthest))
    likeliest = sorted(keys, key=keys.__getitem__)
    return frozenset([key for key in likeliest if len(key) >= SHORTEST_KEY][:_MOST_KEYS])


_MARK = "."  # before sounds that are a key already, as no weak one can change it any more


def _settled(beginning: str, sounds: str) -> str:
    """Return the sounds of a word's beginning with those that follow, as a key as soon as they make one.

    >>> _settled("", "ha"), _settled("hag", "ar"), _settled(".hgr", "aym")
    ('ha', '.hgr', '.hgrm')
    """
    if not beginning.startswith(_MARK):
        whole = beginning + sounds
        consonants = _single("".join(sound for sound in whole if sound not in _WEAK))
        is_told = len(consonants) >= _TOLD + whole.startswith(_ARTICLE) and len(whole) > SHORTEST_CORE
        return _MARK + _key(whole) if is_told else whole
    return _single(beginning + "".join(sound for sound in sounds if sound not in _WEAK))


def _single(key: str) -> str:
    """Return the key with doubled sounds written once."""
    return re.sub(r"(.)\1+", r"\1", key)


@lru_cache(maxsize=1 << 17)
def keys_in_text(word: str) -> frozenset[str]:
    """Return the keys under which a word of an article is found: with its first letter, and without it as a particle.

    >>> sorted(keys_in_text("وبوتين")), sorted(keys_in_text("للكرملين"))
    (['btn'], ['krmln', 'lkrmln'])
    """
    if len(word) < SHORTEST_CORE and word in ARABIC_STOP:
        return frozenset()
    return frozenset(key for form in _forms(word) if len(key := key_of_arabic(form)) >= SHORTEST_KEY)


def _forms(word: str) -> tuple[str, ...]:
    if len(word) <= SHORTEST_CORE or word[0] not in PARTICLES:
        return (word,)
    return word, without_lam(word) if word[0] == "ل" else word[1:]


# An article inside a joined name, whose ل is heard as the letter that follows, or not apart from it.
_ASSIMILATED = re.compile(r"(?<=\w{2})ال(?=[تثدذرزسشصضطظلن])")
_VOWEL = {"ا": "a", "و": "w", "ي": "y"}
_FIRST = {"ا": "a", "ع": "a", "و": "w", "ي": "y", "ج": "g", "غ": "g"}


def alike(name: str, word: str, key: str) -> bool:
    """Tell whether a name and a word of an article, which share a key, may be spellings of one name.

    Both are normalised. A Latin name is compared letter by letter; two Arabic spellings by their vowels.

    >>> alike("shoygu", "شويغو", "$g"), alike("شويجو", "وشويغو", "$g"), alike("yemen", "من", "mn")
    (True, True, False)
    >>> alike("salman", "سلمان", "slmn"), alike("salman", "سليمان", "slmn")
    (True, False)
    >>> alike("salahuddin", "صلاحالدين", "sldn")
    True
    """
    forms = [form for form in bare_forms(word, _ONE_PARTICLE) if key_of_arabic(form) == key]
    if name.isascii():
        heard = dict.fromkeys((*forms, *(_ASSIMILATED.sub("", form) for form in forms)))
        return any(spelling_distance(name, form) <= farthest_spelling() for form in heard)
    return any(_alike(own, form) for own in bare_forms(name, particles=0) for form in forms)


def _alike(name: str, form: str) -> bool:
    first = _FIRST.get(name[:1], ""), _FIRST.get(form[:1], "")  # of two consonants, the key has told already
    return (not any(first) or first[0] == first[1]) and _vowels(name) == _vowels(form)


def _vowels(word: str) -> str:
    return _single("".join(_VOWEL.get(letter, "") for letter in word[1:]))


def one_apart(first: str, second: str) -> bool:
    """Tell whether one sound more, less or other turns one key into the other.

    >>> one_apart("lfsr", "lfs"), one_apart("antl", "andl"), one_apart("btn", "krb")
    (True, True, False)
    """
    if abs(len(first) - len(second)) > 1:
        return False
    same = next((at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True
    return first[same + 1 :] in (second[same:], second[same + 1 :]) or first[same:] == second[same + 1 :]
