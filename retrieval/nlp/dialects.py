"""What newspapers write for the words of the dialects: «شاف» is «رأى», «قزاز» is «زجاج».

The data are the project's own `data/dialects/*.tsv`: `form|form…<TAB>equivalent|…<TAB>regions`, the likeliest first.
A form `perfect/imperfect` is a verb, whose persons are taken off by rule. A form that ends with ? is also a word of
newspapers with another meaning. `data/README.md` says more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from retrieval.nlp.clitics import ARTICLES, LONGEST_WORD, SHORTEST_CORE, bare_forms

REGIONS = ("LEV", "EGY", "GLF", "IRQ", "MAG", "SDN", "YEM", "MSA")  # MSA: everyday words that newspapers avoid

# Third persons only: what is asked of news is about others, and «نجيب» and «حسني» are names.
_TENSES = ("", "ب", "ح", "ه", "ك", "ت", "د", "س", "غ")  # «بيروح», «حيروح», «كيروح», «ديروح»
_BEFORE_IMPERFECT = frozenset(tense + person for tense in _TENSES for person in "يت")
_BEFORE_TWO_LETTERS = _BEFORE_IMPERFECT - {"تي", "تت"}
_PRONOUNS = ("", "ه", "ها", "هم", "هن", "ك", "كم")
_OBJECTS = (*_PRONOUNS, "لي", "له", "لو", "لها", "لهم", "لنا", "لك", "لكم", "لهن")
_AFTER_THIRD = frozenset(  # third persons of the perfect: «شافت», «شافوها»
    (*(person + of for person in ("", "ت", "و") for of in _OBJECTS), "وا")
)
_AFTER_OTHERS = frozenset(  # and the other ones: «شفنا», «شفتوه»
    (*(person + of for person in ("ت", "تي", "تو", "نا") for of in _OBJECTS), "توا", "تم")
)
_AFTER_IMPERFECT = frozenset((*(number + of for number in ("", "و") for of in _OBJECTS), "وا", "ون"))
_AFTER_CUT = frozenset(  # what takes the place of a last vowel: «حكت», «حكاها», «يحكوا»
    (*(person + of for person in ("ت", "و") for of in _PRONOUNS), *(f"ا{of}" for of in _PRONOUNS[1:]), "وا", "ون")
)
_AFTER_NOUN = frozenset(("ه", "و", "ها", "هم", "هن", "نا", "كم", "ات", "ين", "ون"))
_SHORTEST_NOUN = 4  # letters that a noun has without a particle or with an ending of one letter; shorter ones are names
_LONGEST_BEFORE = max(map(len, _BEFORE_IMPERFECT))
_DENIED = re.compile(r"[وف]?(?:ما|م)?(\w{4,})ش")  # «ماشافوش»


@dataclass(frozen=True, slots=True)
class DialectWord:
    """What newspapers write for a word of a dialect."""

    equivalents: tuple[str, ...]  # as newspapers spell them, the likeliest first
    regions: tuple[str, ...]
    is_ambiguous: bool  # newspapers use the same word with another meaning
    is_inflected: bool  # found by taking off affixes, which may be none


_Form = tuple[int, bool]  # a row, and whether newspapers use the same word with another meaning


class Dialects:
    """Looks up what newspapers write for a word of a dialect, in whatever form it stands."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the lines of the tables; one that begins with # is a heading."""
        self.rows: list[tuple[str, str]] = []  # equivalents and regions, as they are written
        self._exact: dict[str, _Form] = {}
        self._third: dict[str, _Form] = {}  # what stands before the endings of a verb's third persons of the perfect
        self._others: dict[str, _Form] = {}  # and before those of the other persons
        self._imperfect: dict[str, _Form] = {}
        self._cut_perfect: dict[str, _Form] = {}  # of a verb that ends in a vowel, without it
        self._cut_imperfect: dict[str, _Form] = {}
        self._longest_phrases: dict[str, int] = {}  # the first word of several -> how many words at most
        for line in lines:
            forms, tab, rest = line.partition("\t")
            if tab:
                equivalents, _, regions = rest.partition("\t")
                plain = (len(self.rows), False)
                self.rows.append((equivalents, regions))
                for form in forms.split("|"):
                    if form.isalpha():  # as most are
                        self._exact[form] = plain
                    else:
                        self._add(form, plain[0])

    def find(self, word: str) -> DialectWord | None:
        """Return what newspapers write for a normalised word, or nothing.

        >>> dialects = load_dialects()
        >>> dialects.find("القزاز").equivalents[0], dialects.find("ماشافوهاش").equivalents[:2]
        ('زجاج', ('رأى', 'شاهد'))
        >>> dialects.find("زجاج")
        """
        if len(word) > LONGEST_WORD:
            return None
        forms = [form for form in bare_forms(word, particles=1) if form == word or _may_stand_bare(word, form)]
        exact = next((found for form in forms if (found := self._exact.get(form))), None)
        if exact:
            return self._word(exact, is_inflected=word not in self._exact)
        denied = _DENIED.fullmatch(word)
        verb = self._verb(word) or self._verb(word.removeprefix("و")) or (self._verb(denied[1]) if denied else None)
        found = verb or next((noun for form in forms if (noun := self._noun(form))), None)
        return self._word(found, is_inflected=True) if found else None

    def phrase_at(self, words: Sequence[str], at: int) -> tuple[int, DialectWord | None]:
        """Return the length of the longest form of several words that begins at a place, and what it means.

        >>> load_dialects().phrase_at(["شركه", "طياره", "بدون", "طيار"], 1)[0]
        3
        """
        for size in range(self._longest_phrases.get(words[at], 0), 1, -1):
            found = self._exact.get(" ".join(words[at : at + size])) if at + size <= len(words) else None
            if found:
                return size, self._word(found, is_inflected=False)
        return 0, None

    def _add(self, form: str, row: int) -> None:
        perfect, slash, imperfect = form.partition("/")
        plain = perfect.rstrip("?-")
        known = (row, perfect.endswith("?"))
        if not perfect.endswith("-"):  # which is another row's
            self._exact[plain] = known
        if slash:
            self._add_verb(plain, known, imperfect.rstrip("?")[1:], (row, imperfect.endswith("?")))
        if " " in plain:
            first = plain.partition(" ")[0]
            self._longest_phrases[first] = max(self._longest_phrases.get(first, 0), plain.count(" ") + 1)

    def _add_verb(self, perfect: str, known: _Form, imperfect: str, verb: _Form) -> None:
        ends_in_vowel = perfect.endswith(("ي", "ا"))
        _put(self._third, perfect, known)
        if ends_in_vowel:
            _put(self._cut_perfect, perfect[:-1], known)
        _put(self._others, _before_others(perfect), known)
        _put(self._imperfect, imperfect, verb)
        if imperfect.endswith(("ي", "ا")):
            _put(self._cut_imperfect, imperfect[:-1], verb)

    def _verb(self, word: str) -> _Form | None:
        """Return the verb of which a word is a person; the one with the fewest letters taken off."""
        for left in range(len(word), 1, -1):
            found = self._perfect(word[:left], word[left:])
            for before in range(1, min(len(word) - left, _LONGEST_BEFORE) + 1):
                found = found or self._of_imperfect(word[:before], word[before : before + left], word[before + left :])
            if found:
                return found
        return None

    def _perfect(self, core: str, after: str) -> _Form | None:
        found = self._third.get(core) if after in _AFTER_THIRD else None
        found = found or (self._others.get(core) if after in _AFTER_OTHERS else None)
        return found or (self._cut_perfect.get(core) if after in _AFTER_CUT else None)

    def _of_imperfect(self, before: str, core: str, after: str) -> _Form | None:
        if before not in (_BEFORE_IMPERFECT if len(core) >= SHORTEST_CORE else _BEFORE_TWO_LETTERS):
            return None
        found = self._imperfect.get(core) if after in _AFTER_IMPERFECT else None
        return found or (self._cut_imperfect.get(core) if after in _AFTER_CUT and after[0] == "و" else None)

    def _noun(self, word: str) -> _Form | None:
        """Return the noun of which a word is a form: with a pronoun, in the plural."""
        for left in range(len(word) - 1, SHORTEST_CORE - 1, -1):
            core, suffix = word[:left], word[left:]
            of_feminine = f"{core}ه" if suffix == "ات" else f"{core[:-1]}ه" if core.endswith("ت") else ""
            is_ending = suffix in _AFTER_NOUN and (len(suffix) > 1 or left >= _SHORTEST_NOUN)
            for noun in (core, of_feminine) if is_ending else ():
                if noun in self._exact and noun not in self._third:
                    return self._exact[noun]
        return None

    def _word(self, form: _Form, *, is_inflected: bool) -> DialectWord:
        row, is_ambiguous = form
        equivalents, regions = self.rows[row]
        return DialectWord(tuple(equivalents.split("|")), tuple(regions.split()), is_ambiguous, is_inflected)


def _may_stand_bare(word: str, form: str) -> bool:
    """Tell whether a word without its article or particle may be a noun: after an article, or where it is long enough.

    >>> _may_stand_bare("الريل", "ريل"), _may_stand_bare("بسبيطار", "سبيطار"), _may_stand_bare("بريل", "ريل")
    (True, True, False)
    """
    return word.startswith(ARTICLES) or len(form) >= _SHORTEST_NOUN


def _put(forms: dict[str, _Form], stem: str, verb: _Form) -> None:
    """Keep the first verb of a stem, or the first that newspapers do not use with another meaning."""
    _, is_ambiguous = forms.setdefault(stem, verb)
    if is_ambiguous:
        forms[stem] = verb


def _before_others(perfect: str) -> str:
    """Return what stands before the endings of the first and second persons of a perfect.

    >>> _before_others("شاف"), _before_others("خش"), _before_others("حكي"), _before_others("سرق")
    ('شف', 'خشي', 'حكي', 'سرق')
    """
    if perfect.endswith(("ي", "ا")):
        return f"{perfect[:-1]}ي"
    if len(perfect) == 2:
        return f"{perfect}ي"
    if len(perfect) == 3 and perfect[1] == "ا":
        return perfect[0] + perfect[2]
    return perfect


@lru_cache(maxsize=1)
def load_dialects() -> Dialects:
    """Return the project's tables of the dialects, read once."""
    folder = files("retrieval.nlp") / "data" / "dialects"
    tables = sorted(folder.iterdir(), key=lambda table: table.name)
    return Dialects(line for table in tables for line in table.read_text(encoding="utf-8").splitlines())
