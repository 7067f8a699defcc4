"""One phonetic key for the Arabic and the Latin spellings of a name: its consonants, by class of sound.

Two spellings are taken for the same name when they share a key. Vowels, doubled letters and the letters
that transliteration mixes up (v/f, p/b, g/j/غ/ج, th/t, q/k …) make no difference; a first vowel and a
first h are kept, as they hold short names apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.nlp.clitics import bare_forms

SHORTEST_KEY = 2  # sounds; a single one names nobody
_ONE_PARTICLE = 1  # before a name; further letters are the name's own

_ARABIC_SOUND = dict(
    zip("بپتثطجغگچخدذضظرزسصشفڤقكلمن", "bbtttgggcxddddrsss$ffkklmn", strict=True),
)
_LATIN_SOUNDS = [
    (re.compile(pattern), sounds)
    for pattern, sounds in (
        ("tsch|tch|ch", ("$", "k", "g")),
        ("sch|sh", ("$",)),
        ("kh", ("x", "k")),
        ("gh", ("g", "")),
        ("zh", ("g", "$")),
        ("dj", ("g",)),
        ("ph", ("f",)),
        ("th", ("t", "s")),
        ("dh", ("d",)),
        ("ck", ("k",)),
        ("ng(?![aeiouy])", ("ng", "n")),
        ("x", ("ks",)),
        ("c(?=[eiy])", ("s", "$")),
        ("c", ("k",)),
        ("q", ("k",)),
        ("v", ("f",)),
        ("w", ("", "f")),
        ("p", ("b",)),
        ("z", ("s", "d")),
        ("j", ("g", "")),
        ("g", ("g", "k")),
        ("[bdfklmnrst]", None),
        (".", ("",)),
    )
]
_MOST_KEYS = 12  # spellings tried for one Latin word
_LONGEST_WORD = 60  # letters of one that make its keys


@lru_cache(maxsize=1 << 17)
def key_of_arabic(word: str) -> str:
    """Return the key of a normalised Arabic word.

    >>> key_of_arabic("شويغو") == key_of_arabic("شويجو"), key_of_arabic("جاويش") == key_of_arabic("تشاووش")
    (True, True)
    """
    start = "a" if word[:1] in ("ا", "ع") else "h" if word[:1] in ("ه", "ح") else ""
    sounds = (_ARABIC_SOUND.get(letter, "") for letter in word.replace("تش", "ج"))
    return _single(start + "".join(sounds))


@lru_cache(maxsize=1 << 14)
def keys_of_latin(word: str) -> frozenset[str]:
    """Return the keys that a normalised Latin word may have, as its letters may stand for several sounds.

    >>> key_of_arabic("شويغو") in keys_of_latin("shoigu"), key_of_arabic("لافروف") in keys_of_latin("lavrov")
    (True, True)
    """
    start = "a" if word[:1] in set("aeiou") else "h" if word[:1] == "h" else ""
    keys, at = {start}, 0
    while at < min(len(word), _LONGEST_WORD):
        pattern, sounds = next((p, s) for p, s in _LATIN_SOUNDS if p.match(word, at))
        found = pattern.match(word, at)
        assert found
        options = (found.group(),) if sounds is None else sounds
        keys = {key + sound for key in sorted(keys)[:_MOST_KEYS] for sound in options}
        at = found.end()
    return frozenset(single for key in keys if len(single := _single(key)) >= SHORTEST_KEY)


def _single(key: str) -> str:
    """Return the key with doubled sounds written once."""
    return re.sub(r"(.)\1+", r"\1", key)


@lru_cache(maxsize=1 << 17)
def keys_in_text(word: str) -> frozenset[str]:
    """Return the keys under which a word of an article is found.

    >>> sorted(keys_in_text("وبوتين"))
    ['btn']
    """
    return frozenset(key for form in bare_forms(word, _ONE_PARTICLE) if len(key := key_of_arabic(form)) >= SHORTEST_KEY)


_VOWEL = {"ا": "a", "و": "w", "ي": "y", "a": "a", "e": "y", "i": "y", "y": "y", "j": "y", "o": "w", "u": "w", "w": "w"}
_FIRST = {
    "ا": "a", "ع": "a", "a": "a", "e": "a", "i": "a", "o": "a", "u": "a", "و": "w", "w": "w", "ي": "y", "y": "y",
    "j": "jy", "ج": "j", "غ": "j",
}  # fmt: skip


def alike(name: str, word: str, key: str) -> bool:
    """Tell whether a name and a word of an article, which share a key of few sounds, are alike in their vowels too.

    Both are normalised, the name Arabic or Latin. An o or u of a Latin name is written in Arabic, an a, e or i
    need not be.

    >>> alike("shoygu", "شويغو", "$g"), alike("شويجو", "وشويغو", "$g"), alike("yemen", "من", "mn")
    (True, True, False)
    """
    forms = [form for form in bare_forms(word, _ONE_PARTICLE) if key_of_arabic(form) == key]
    return any(_alike(own, form) for own in bare_forms(name, particles=0) for form in forms)


def _alike(name: str, form: str) -> bool:
    own, found = _vowels(name), _vowels(form)
    first = _FIRST.get(name[:1], ""), _FIRST.get(form[:1], "")  # of two consonants, the key has told already
    if any(first) and set(first[0]).isdisjoint(first[1]):
        return False
    if not name.isascii():
        return own == found
    rest = iter(own)
    return own.count("w") == found.count("w") and all(vowel in rest for vowel in found)


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
