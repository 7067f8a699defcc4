"""The analysis of text: normalisation, tokens, stems, character grams, language.

Everything here is pure, and Latin text passes through the same functions. Search, answerability and the
hashing embedder all see a text through this module, so a change of what it or `clitics` returns is a new
`ANALYSIS_VERSION`, which makes an index rebuild itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from retrieval.nlp.clitics import ARTICLES
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.types import Language

ANALYSIS_VERSION = 3

GRAM_SIZE = 4  # code points

_ARABIC_LETTER = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_LINK = re.compile(r"\S{1,20}://\S+|www\.\S+|\S{1,64}@\S+|@\w+")  # a mailbox has 64 letters at most (RFC 5321)
_TELLING = 2_000  # code points from which the language is told
_ENGLISH_SMALL = ENGLISH_STOP - {"al", "el", "de", "da", "s", "t", "d", "m", "a", "i"}  # which are parts of names, too
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

_SAME_LETTER = {
    "ٱ": "ا", "أ": "ا", "إ": "ا", "آ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ې": "ي",
    "ة": "ه", "ۀ": "ه", "ہ": "ه", "ە": "ه", "ھ": "ه", "ؤ": "و", "ک": "ك", "ڪ": "ك",
    "٫": ".", "٬": ",", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'",
}  # fmt: skip
_MARKS = "_#©"  # a hashtag and a copyright line are known by their mark


class _Folding(dict[int, str]):
    """The normal form of one code point, worked out when it is first met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = "".join(_fold(letter) for letter in unicodedata.normalize("NFKC", chr(code)).lower())
        self[code] = folded
        return folded


def _fold(letter: str) -> str:
    if letter in _SAME_LETTER:
        return _SAME_LETTER[letter]
    if letter == "ـ" or unicodedata.category(letter) in ("Mn", "Me", "Cf"):  # tatweel, marks, invisible characters
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    base = unicodedata.normalize("NFKD", letter)[0]
    return _SAME_LETTER.get(base, base)


_FOLDING = _Folding()


class Normalised(NamedTuple):
    """A normalised text and, for each of its code points, the offset in the original it came from.

    `offsets` has one entry more than `text`: the original's length.
    """

    text: str
    offsets: list[int]


class Token(NamedTuple):
    """A word or a number, normalised, and where it stands in the original text."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Return the text with the spellings that readers take for the same made the same.

    >>> normalise("أحمدُ الـمُصطفى في القاهـــرة")
    'احمد المصطفي في القاهره'
    >>> normalise("١٤ مايو ۲۰۱۹"), normalise("ﷲ ﻻ"), normalise("Erdoğan, Çavuşoğlu")
    ('14 مايو 2019', 'الله لا', 'erdogan, cavusoglu')
    """
    return text.translate(_FOLDING)


def bare(text: str) -> str:
    """Return a line as labels and rules compare it: normalised, single spaces, no decoration at its ends.

    >>> bare("📌  اقرأ أيضًا :"), bare("— (أ ف ب)")
    ('اقرا ايضا', 'ا ف ب')
    """
    normal = " ".join(normalise(text).split())
    start, end = 0, len(normal)
    # By hand, as a pattern for the end begins anew at each of many signs in the midst.
    while start < end and not _is_kept(normal[start]):
        start += 1
    while start < end and not _is_kept(normal[end - 1]):
        end -= 1
    return normal[start:end]


def _is_kept(letter: str) -> bool:
    return letter.isalnum() or letter in _MARKS


def normalise_with_offsets(text: str) -> Normalised:
    """Return the normalised text with its way back to the original.

    >>> normalise_with_offsets("لَـﻻ")
    Normalised(text='للا', offsets=[0, 3, 3, 4])
    """
    normal = text.translate(_FOLDING)
    if len(normal) == len(text) and all(map(_FOLDING.__getitem__, map(ord, set(text)))):  # each letter is one letter
        return Normalised(normal, list(range(len(text) + 1)))
    pieces = [_FOLDING[ord(letter)] for letter in text]
    offsets = [at for at, piece in enumerate(pieces) for _ in piece]
    return Normalised("".join(pieces), [*offsets, len(text)])


def words(text: str) -> list[str]:
    """Return the normalised words and numbers of a text, in order; letters and digits part ways.

    >>> words("الثلاثاء14أيار، الـ17 من 1,200.5")
    ['الثلاثاء', '14', 'ايار', 'ال', '17', 'من', '1200.5']
    """
    return [_plain(found) for found in _TOKEN.findall(normalise(text))]


def tokens(text: str) -> list[Token]:
    """Return the words of a text with their places in the original.

    >>> tokens("قـال: «لَن»")
    [Token(text='قال', start=0, end=4), Token(text='لن', start=7, end=10)]
    """
    normal, offsets = normalise_with_offsets(text)
    return [
        Token(_plain(found.group()), offsets[found.start()], offsets[found.end() - 1] + 1)
        for found in _TOKEN.finditer(normal)
    ]


def _plain(token: str) -> str:
    """Return a number without its grouping commas, anything else as it is."""
    return token.replace(",", "") if "," in token and _GROUPED.fullmatch(token) else token


_NO_ARTICLE = frozenset(  # words whose own first letters look like an article
    "الماني المانيا المانيه المان البانيا الباني الله التقي التقت التقيا التقوا التقاء التقاه التقاها التزم التزمت "
    "التزام التحق التحاق الغي الغت الغاء الاف الزام الهام اليه اليات الكترون الكتروني الكترونيه الكترونيا".split()
)
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "يا", "ه", "ي")
_snowball_english = Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the light stem of a normalised Arabic word, or the Snowball stem of another one.

    The light10 family: one و, one article with its proclitics, then suffixes, never below two letters
    (Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval", 2007).

    >>> [stem(normalise(word)) for word in ("والمفاوضات", "للإرهابيين", "سوريا", "سورية", "negotiations")]
    ['مفاوض', 'ارهاب', 'سور', 'سور', 'negoti']
    """
    if not _ARABIC_LETTER.match(word):
        return str(_snowball_english.stemWord(word))
    if len(word) > 3 and word.startswith("و"):
        word = word[1:]
    for prefix in () if word in _NO_ARTICLE else ARTICLES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=1 << 17)
def grams(word: str, size: int = GRAM_SIZE) -> tuple[str, ...]:
    """Return the character n-grams of a normalised word inside its bounds, a bound written as _.

    McNamee and Mayfield, "Character N-Gram Tokenization for European Language Text Retrieval", 2004.

    >>> grams("سوريا")
    ('_سور', 'سوري', 'وريا', 'ريا_')
    >>> grams("في")
    ('_في_',)
    """
    padded = f"_{word}_"
    return tuple(padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))


def language_of(text: str) -> Language:
    """Return the language to answer in: that of the small words, however many names or links of another stand there.

    Where these do not tell, it is Arabic unless a Latin word comes first and Latin letters outnumber the Arabic ones.

    >>> language_of("ماذا قال Sergey Lavrov عن https://example.org/news?"), language_of("What is إدلب؟")
    ('ar', 'en')
    >>> language_of("مين Emmanuel Macron"), language_of("Emmanuel Macron في"), language_of("2254 😀")
    ('ar', 'ar', 'ar')
    """
    text = _LINK.sub(" ", text)
    arabic, latin = len(_ARABIC_LETTER.findall(text)), len(_LATIN_LETTER.findall(text))
    if not arabic or not latin:
        return "en" if latin else "ar"
    found = tokens(text[:_TELLING])
    in_english = sum(word in _ENGLISH_SMALL and not text[start : start + 2].isupper() for word, start, _ in found)
    in_arabic = sum(word in ARABIC_STOP for word, _, _ in found)
    if in_english != in_arabic:
        return "en" if in_english > in_arabic else "ar"
    return "en" if latin > arabic and found[:1] and found[0].text.isascii() else "ar"
