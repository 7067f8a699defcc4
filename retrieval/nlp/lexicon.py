"""The English to Arabic lexicon: equivalents of a word or a term, and Arabic words that share a meaning.

The data are the project's own `lexicon/*.tsv`: `english<TAB>arabic1|arabic2|…`, the likeliest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.resources import files

import Stemmer

from retrieval.nlp.analysis import normalise, stem, words
from retrieval.nlp.clitics import bare_forms, without_affixes

FURTHER = 0.9  # the weight of an equivalent beside the one before it: the lexicon gives the likeliest first
LONGEST_TERM = 6  # words in an English term

DEMONYMS, COUNTRIES = "demonyms and country adjectives", "countries"
NAME_SECTIONS = (
    "people",
    DEMONYMS,
    COUNTRIES,
    "arab and middle eastern places",
    "capitals and big cities of the world",
)
TIME_SECTIONS = ("calendar", "relative time")
NUMBER_SECTIONS = ("cardinal numbers", "ordinals and fractions")
CARDINALS, ORDINALS = 100, 20  # how many of each the sections begin with: from zero, and from first

_english = Stemmer.Stemmer("english")


class Lexicon:
    """Looks up what an English word or term is called in Arabic, and the other way round."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the lines of a lexicon; a line that begins with # names the section that follows."""
        self.words: dict[str, list[str]] = defaultdict(list)
        self.families: dict[str, list[str]] = defaultdict(list)  # English stem -> its headwords
        self.terms: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self.sections: dict[str, dict[str, list[str]]] = defaultdict(dict)  # section -> headword -> equivalents
        section = self.sections[""]
        for line in lines:
            english, _, arabic = line.partition("\t")
            if english.startswith("#"):
                section = self.sections[english.removeprefix("#").strip()]
            elif arabic:
                section[english] = equivalents = arabic.split("|")
                if " " in english or "-" in english:
                    self.terms[tuple(english_stems(words(english)))] += equivalents
                else:
                    self.words[english] += equivalents
        for headword, english_stem in zip(self.words, english_stems(list(self.words)), strict=True):
            self.families[english_stem].append(headword)
        self.demonyms = frozenset(self.sections[DEMONYMS])
        self.countries = frozenset(self.sections[COUNTRIES])
        self.names = frozenset(headword for section in NAME_SECTIONS for headword in self.sections[section])

    def equivalents(self, word: str) -> list[str]:
        """Return the Arabic equivalents of a lower-case English word, its own before its family's, once each.

        >>> load_lexicon().equivalents("earthquakes")[:2]
        ['زلزال', 'زلازل']
        """
        family = [headword for headword in self.families.get(english_stems([word])[0], ()) if headword != word]
        found = [*self.words.get(word, ()), *(arabic for headword in family for arabic in self.words[headword])]
        return list(dict.fromkeys(found))

    def term_at(self, stems: list[str], at: int) -> tuple[int, list[str]]:
        """Return the length of the longest term that begins at a place, in words, and its equivalents.

        >>> load_lexicon().term_at(english_stems(["security", "council", "met"]), 0)
        (2, ['مجلس الأمن', 'مجلس الأمن الدولي'])
        """
        for size in range(min(LONGEST_TERM, len(stems) - at), 1, -1):
            found = self.terms.get(tuple(stems[at : at + size]))
            if found:
                return size, list(dict.fromkeys(found))
        return 0, []

    @cached_property
    def forms(self) -> dict[str, tuple[str, ...]]:
        """Return, for each Arabic word as the lexicon writes it, normalised, the headwords that it translates alone."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for headword, equivalents in self.words.items():
            for arabic in equivalents:
                if " " not in arabic:
                    found[normalise(arabic)][headword] = None
        return {form: tuple(headwords) for form, headwords in found.items()}

    @cached_property
    def concepts(self) -> dict[str, tuple[str, ...]]:
        """Return the same for each Arabic stem."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for form, headwords in self.forms.items():
            found[stem(form)].update(dict.fromkeys(headwords))
        return {arabic: tuple(headwords) for arabic, headwords in found.items()}

    def cores(self, word: str) -> frozenset[str]:
        """Return what a normalised Arabic word may be an inflection of, as far as the lexicon knows it.

        >>> "بحث" in load_lexicon().cores("وبحثا")
        True
        """
        return frozenset(core for form in bare_forms(word) for core in _cores(form) if core in self.concepts)

    def headwords(self, word: str) -> tuple[str, ...]:
        """Return the English headwords of a normalised Arabic word in whatever form; none for an unknown one.

        >>> headwords = load_lexicon().headwords
        >>> headwords("زلزال"), "agree" in headwords("سيتفقون"), headwords("ببومبيو")
        (('earthquake', 'quake'), True, ('pompeo',))
        """
        return _headwords(self, word)

    @cached_property
    def spelt_numbers(self) -> dict[str, tuple[str, ...]]:
        """Return how a number below a hundred is written out in Arabic, the cardinals before the ordinals.

        >>> load_lexicon().spelt_numbers["7"]
        ('سبعة', 'سبع', 'سابع', 'سابعة')
        """
        cardinals, ordinals = (list(self.sections[section].values()) for section in NUMBER_SECTIONS)
        spelt = {str(value): forms for value, forms in enumerate(cardinals[:CARDINALS])}
        for value, forms in enumerate(ordinals[:ORDINALS], 1):
            spelt[str(value)] = [*spelt.get(str(value), ()), *forms]
        return {digits: tuple(dict.fromkeys(forms)) for digits, forms in spelt.items()}

    @cached_property
    def digits(self) -> dict[str, str]:
        """Return the digits of a number written out: an English headword, or an Arabic word by its stem."""
        found: dict[str, str] = {}
        cardinals, ordinals = (list(self.sections[section].items()) for section in NUMBER_SECTIONS)
        for first, entries in ((0, cardinals[:CARDINALS]), (1, ordinals[:ORDINALS])):
            for value, (headword, forms) in enumerate(entries, first):
                for name in (headword, *(stem(normalise(form)) for form in forms if " " not in form)):
                    found.setdefault(name, str(value))
        return found

    @cached_property
    def time_words(self) -> frozenset[str]:
        """Return the normalised Arabic words that say when: months, days, spans of time."""
        return self._single_words(TIME_SECTIONS)

    @cached_property
    def number_words(self) -> frozenset[str]:
        """Return the normalised Arabic words that are numbers."""
        return self._single_words(NUMBER_SECTIONS[:1])

    def _single_words(self, sections: Iterable[str]) -> frozenset[str]:
        equivalents = (arabic for section in sections for found in self.sections[section].values() for arabic in found)
        return frozenset(normalise(arabic) for arabic in equivalents if " " not in arabic and not arabic.isdigit())


@lru_cache(maxsize=1 << 16)
def _headwords(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    exact = next((found for form in bare_forms(word) if (found := lexicon.forms.get(form))), None)
    cores = (core for form in bare_forms(word) for core in _cores(form))
    return exact or next((found for core in cores if (found := lexicon.concepts.get(core))), ())


def _cores(word: str) -> Iterator[str]:
    """Yield a word's stem, then what is left without the affixes of verbs and pronouns, and the stem of that."""
    yield stem(word)
    for core in without_affixes(word):
        yield core
        yield stem(core)


def english_stems(found: list[str]) -> list[str]:
    """Return the Snowball stems of English words."""
    stems: list[str] = _english.stemWords(found)
    return stems


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the project's lexicon, read once."""
    folder = files("retrieval.nlp") / "data"
    tables = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".tsv")), key=lambda entry: entry.name)
    return Lexicon(line for table in tables for line in table.read_text(encoding="utf-8").splitlines())
