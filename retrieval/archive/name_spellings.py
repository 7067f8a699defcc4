"""Whether a word of an article is a name that is asked for, in whichever spelling and script.

Spellings are taken together, names are not: «شويجو» is Shoigu, and «سليم» is not «سالم», «سعيدة» not «سعيد», «الأسدي»
not «الأسد».
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import normalise
from retrieval.nlp.clitics import ARTICLE, PARTICLES, SHORTEST_CORE, without_article, without_lam
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.phonetics import (
    SHORTEST_KEY,
    alike,
    is_telling,
    key_of_arabic,
    keys_of_latin,
)
from retrieval.nlp.transliteration import farthest_spelling, graphemes, spelling_costs, spelling_distance

_SHORTEST_LATIN = 4  # letters of a Latin word that is compared with an Arabic name by its sounds
_CHANCE_KEY = 3  # sounds
_MOST_PARTICLES = 2  # before a name: «وبشويغو»
_VOWELS = "اويه"  # with which a name may end in one spelling and not in another
_FIRST = "^"  # marks a grapheme that begins a word


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name, normalised, and what is known of its spellings."""

    word: str
    forms: frozenset[str]  # Arabic spellings without their article, of which any is the name
    headwords: frozenset[str]  # English names of the lexicon that the word is
    keys: frozenset[str]
    needs_article: bool  # without one it is an ordinary word: «أسد»

    @property
    def is_latin(self) -> bool:
        """Tell whether it was asked in Latin letters."""
        return self.word.isascii()

    def stripped(self, word: str) -> str | None:
        """Return a word of an article without the particles before it where it is this name; None where it is not.

        >>> name = name_word("شويغو")
        >>> [name.stripped(word) for word in ("وشويغو", "شويجو", "shoigu", "شعب")]
        ['شويغو', 'شويجو', 'shoigu', None]
        """
        if word.isascii():
            return word if self._is_latin_spelling(word) else None
        bare = tuple(bare_words(word))
        exact = (form for form in bare if without_article(form) in self.forms)
        heard = (form for form in reversed(bare) if self._is_heard(without_article(form)))  # a «و» is hardly heard
        found = next(exact, None) or next(heard, None)
        return None if found is None or (self.needs_article and without_article(found) == found) else found

    def _is_heard(self, core: str) -> bool:
        """Tell whether a form that is not listed is a spelling by its sounds."""
        key = key_of_arabic(core)
        if len(key) < SHORTEST_KEY or key not in self.keys or self._is_another(core):
            return False
        if any(_ends_otherwise(own, core) for own in self.forms):
            return False
        in_latin = {self.word} if self.is_latin else self.headwords
        return any(alike(name, core, key) for name in in_latin) or (
            not self.is_latin and any(_is_respelt(own, core) for own in self.forms)
        )

    def _is_another(self, core: str) -> bool:
        """Tell whether a form is known as another name, or as an ordinary word."""
        lexicon = load_lexicon()
        is_short = not self.is_latin and len(key_of_arabic(core)) <= _CHANCE_KEY
        # So few sounds an inflected word may share by chance; a Latin name is compared letter by letter.
        headwords = lexicon.headwords(core) if is_short else lexicon.forms.get(core, ())
        if headwords:
            return self.headwords.isdisjoint(headwords) or (is_short and not lexicon.names.issuperset(headwords))
        return not self.is_latin and core in word_table("persons", "given")

    def _is_latin_spelling(self, word: str) -> bool:
        lexicon = load_lexicon()
        if word == self.word or word in self.headwords:
            return True
        if len(word) < _SHORTEST_LATIN:
            return False
        is_ordinary = word in lexicon.words and word not in lexicon.names
        return any(
            spelling_distance(word, form) <= farthest_spelling()
            for form in self.forms
            if not is_ordinary or word in lexicon.forms.get(form, ())
        )


@lru_cache(maxsize=1 << 12)
def name_word(word: str) -> NameWord:
    """Return a normalised word of a name with what the lexicon knows of it."""
    lexicon = load_lexicon()
    if word.isascii():
        forms = frozenset(without_article(form) for form in _equivalents(word, lexicon))
        headwords = frozenset({word}) if word in lexicon.words else frozenset[str]()
        return NameWord(word, forms, headwords, keys_of_latin(word), needs_article=False)
    core = without_article(word) or word
    known = frozenset(lexicon.forms.get(core, ())) | frozenset(lexicon.forms.get(word, ()))
    headwords = known & lexicon.names
    keys = frozenset({key_of_arabic(core)}).union(*map(keys_of_latin, headwords))
    needs_article = core != word and bool(known - lexicon.names)
    return NameWord(word, frozenset({core}), headwords, frozenset(filter(is_telling, keys)), needs_article)


def latin_beginnings(name: NameWord) -> frozenset[str]:
    """Return the letters with which a Latin spelling of a name may begin.

    >>> "s" in latin_beginnings(name_word("شويغو")), "m" in latin_beginnings(name_word("شويغو"))
    (True, False)
    """
    first = {form[0] for form in name.forms}
    return frozenset(
        grapheme[1]
        for grapheme, letters in spelling_costs().items()
        if grapheme.startswith(_FIRST) and any(written[:1] in first for written in letters if written)
    ) | {next(iter(graphemes(name.word)), "^ ")[1] for _ in range(name.is_latin)}


def _equivalents(word: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield how the lexicon writes an English name in Arabic, where it is one by its sounds."""
    for arabic in map(normalise, lexicon.words.get(word, ())):
        if " " not in arabic and (word in lexicon.names or key_of_arabic(arabic) in keys_of_latin(word)):
            yield arabic


def bare_words(word: str) -> Iterator[str]:
    """Yield a word, then what it is without the particles before it; a word that is known is none with a particle.

    >>> list(bare_words("وبشويغو")), list(bare_words("وسام"))
    (['وبشويغو', 'بشويغو', 'شويغو'], ['وسام'])
    """
    yield word
    lexicon, given = load_lexicon(), word_table("persons", "given")
    for _ in range(_MOST_PARTICLES):
        if word in lexicon.forms or word in given or len(word) <= SHORTEST_CORE or word[0] not in PARTICLES:
            return
        word = without_lam(word) if word[0] == "ل" else word[1:]
        yield word


def _is_respelt(own: str, other: str) -> bool:
    """Tell whether two Arabic words, of which one at most is known, are spellings of one name.

    >>> _is_respelt("نتنياهو", "نتانياهو"), _is_respelt("سعيد", "سعيده"), _is_respelt("اسد", "اسدي")
    (True, False, False)
    """
    key = key_of_arabic(other)
    if key != key_of_arabic(own) or _ends_otherwise(own, other):
        return False
    if alike(own, other, key):
        return True
    lexicon = load_lexicon()
    is_native = own in word_table("persons", "given") or not lexicon.names.intersection(lexicon.forms.get(own, own))
    least = SHORTEST_KEY + 1 + is_native  # sounds; the vowels part native names of few: «حسن», «حسين»
    return len(key) >= least and _one_vowel_apart(own, other)


def _ends_otherwise(own: str, other: str) -> bool:
    """Tell whether one word ends in the letters that make another name: of a woman, or of a family."""
    pairs = ((own, other), (other, own))
    return any(
        (one[-1] == "ه" and two[-1] not in "اه") or (one == f"{two}ي" and two[-1] not in _VOWELS) for one, two in pairs
    )


def _one_vowel_apart(own: str, other: str) -> bool:
    """Tell whether two words of one key have the same vowels but for one more or less."""
    first, second = sorted((_vowels(own), _vowels(other)), key=len)
    return first == second or any(second[:at] + second[at + 1 :] == first for at in range(len(second)))


def _vowels(word: str) -> str:
    return "".join(letter for letter in word.removeprefix(ARTICLE) if letter in "اوي")
