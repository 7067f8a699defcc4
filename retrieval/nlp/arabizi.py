"""Arabizi: Arabic that is typed in Latin letters, with digits for the sounds that these lack: "shu sar bil jisr"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product

from retrieval.nlp.analysis import normalise
from retrieval.nlp.asking import load_asking_words
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ENGLISH_STOP
from retrieval.nlp.word_lists import read_word_lists

MOST_SPELLINGS_TRIED = 600  # Arabic spellings of one word that are looked up
LONGEST_ARABIZI = 16  # letters of a word

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WORD = re.compile(r"[a-z0-9']+")
# A digit that stands for a sound, at the start, between letters, or behind a vowel: not "covid19", "mp3" or "3rd".
_DIGIT_INSIDE = re.compile(
    r"[35679](?=[a-z]{2})|2(?=[aeiou][a-z])|(?<=[a-z])[35679](?=[a-z])|(?<=[aeiou])2(?=[a-z])|(?<=[a-z][aeiou])[37]$"
)
_MEASURE = re.compile(r"\d+(?:st|nd|rd|th|s|km|kg|m|cm|mm|am|pm|g|k|d|h|x|bn|mn|gb|mb|tv|hrs?|mins?|yrs?)")
_SMALL = ENGLISH_STOP - {"al", "el", "da", "de", "ma", "an", "in", "of"}  # which may be Arabizi, too


def _table(listed: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {sound: tuple(letters.strip("-") for letters in written.split()) for sound, written in listed.items()}


_DATA = read_word_lists("nlp", "arabizi")
_SOUNDS, _FIRST, _LAST, _IN_SHORT = (_table(_DATA[kind]) for kind in ("sounds", "first", "last", "in_short_words"))
_LONGEST_SOUND = max(map(len, _SOUNDS))
_SHORT = 3  # letters of a word whose vowel is long: "sar"
_ARTICLE = re.compile(r"(?P<particle>[bflwk]|3)?[aei]l-?(?=[a-z0-9']{3})")
_SHARED = frozenset(_DATA["shared"]["words"].split())
_PARTICLES: dict[str, str] = _DATA["particles"]


def is_arabizi(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a text is surely Arabizi: by words that are nothing else, which outnumber the English ones.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> texts = ("shu sar bil jisr", "7alab", "covid19 cases", "Who met Abu Ali?")
    >>> [is_arabizi(text, load_lexicon()) for text in texts]
    [True, True, False, False]
    """
    found: Sequence[str] = () if _ARABIC.search(text) else _words(text)
    english = sum(_is_english(word, lexicon) for word in found)
    digits = sum(_has_digit(word, lexicon) for word in found)
    small = [word for word in found if _is_small(word) and not _has_digit(word, lexicon)]
    surely = digits + sum(word not in lexicon.words and word not in _SHARED for word in small)
    if surely > 1:
        return surely > english
    asks = bool(small) and load_asking_words().arabizi[(small[0],)] is not None and small[0] == found[0]
    return not english and (digits == 1 or (asks and len(small) > 1 and len(small) + digits > surely))


def in_arabic(text: str, lexicon: Lexicon, is_in_use: Callable[[str], bool]) -> str:
    """Return an Arabizi text in Arabic letters; a word with no spelling in use or in the lexicon stays as it is."""
    forms = load_asking_words().arabizi
    found, said, at = _words(text), [], 0
    while at < len(found):
        size = next((size for size in (3, 2, 1) if tuple(found[at : at + size]) in forms), 0)
        if size:
            asks = forms[tuple(found[at : at + size])]
            said.append(_DATA["asks"][asks] if asks else "")
        else:
            said.append(_spelt(found[at], lexicon, is_in_use) or found[at])
        at += size or 1
    return " ".join(filter(None, said))


def _words(text: str) -> list[str]:
    return [word.strip("'") for word in _WORD.findall(normalise(text)) if word.strip("'")]


def _has_digit(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a digit stands for a sound in a word."""
    if len(word) > LONGEST_ARABIZI or re.search(r"\d\d", word) or _MEASURE.fullmatch(word):
        return False
    return _DIGIT_INSIDE.search(word) is not None and re.sub(r"\d", "", word) not in lexicon.words


def _is_english(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is English and not one of Arabizi, nor a name, which is of no language."""
    if word in _SMALL:
        return True
    known = word in lexicon.words or (len(word) > _SHORT + 1 and bool(lexicon.equivalents(word)))
    return known and word not in lexicon.names and (word,) not in load_asking_words().arabizi


def _is_small(word: str) -> bool:
    return len(word) > 1 and word not in _SMALL and (word,) in load_asking_words().arabizi


def _spelt(word: str, lexicon: Lexicon, is_in_use: Callable[[str], bool]) -> str | None:
    """Return the likeliest Arabic spelling of a word: one that is in use, or else one of the lexicon's."""
    tried = list(islice(_spellings(word), MOST_SPELLINGS_TRIED))
    in_use = next(filter(is_in_use, tried), None)
    return in_use or next((form for form in tried if form.removeprefix("ال") in lexicon.forms), None)


def _sounds(word: str) -> list[tuple[str, ...]]:
    """Return the Arabic letters that each sound of a word may be written with."""
    found, at = [], 0
    while at < len(word):
        longest = min(_LONGEST_SOUND, len(word) - at)
        size = next((size for size in range(longest, 1, -1) if word[at : at + size] in _SOUNDS), 1)
        sound = word[at : at + size]
        options = _SOUNDS.get(sound, ("",))
        if at == 0:
            options = _FIRST.get(sound, options)
        elif at + size == len(word):
            options = _LAST.get(sound, options)
        elif len(word) <= _SHORT:
            options = _IN_SHORT.get(sound, options)
        if not (at and size == 1 and word[at] == word[at - 1]):  # a doubled letter is written once
            found.append(options)
        at += size
    return found


def _spellings(word: str) -> Iterator[str]:
    """Yield the Arabic spellings that a word may have, the likeliest first."""
    article = _ARTICLE.match(word)
    if article and len(word) <= LONGEST_ARABIZI:
        before = _PARTICLES.get(article["particle"] or "", "") + "ال"
        yield from (before + "".join(letters) for letters in product(*_sounds(word[article.end() :])))
    if len(word) <= LONGEST_ARABIZI:
        yield from ("".join(letters) for letters in product(*_sounds(word)))
