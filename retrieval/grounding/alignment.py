"""A claim, which is a sentence to be checked, and texts aligned with it: which of their words say which of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.grounding.negation import Negation, exclusive_cues, is_content, negations
from retrieval.grounding.word_lists import normalised, read_word_lists
from retrieval.nlp.analysis import Token, language_of, tokens
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon, english_stems
from retrieval.nlp.phonetics import keys_in_text, keys_of_latin, one_apart
from retrieval.nlp.quantities import Quantity, quantities_in
from retrieval.search.query import Term, analyse_statement
from retrieval.search.term_matcher import Matcher
from retrieval.search.vocabulary import Vocabulary

PLACE_SECTIONS = ("countries", "arab and middle eastern places", "capitals and big cities of the world")

_ENOUGH = 0.5  # the least strength at which a word says a term
BY_HEADWORD = {"ar": 0.6, "en": 0.85}  # an Arabic word of which the lexicon gives the same English headword
UNTRANSLATED = 0.5  # the share of its weight that a word keeps for which the collection has nothing
SHORTEST_NAME = 4  # letters of a name that no lexicon knows
SHORTEST_CERTAIN_KEY = 3  # sounds; a shorter key is no evidence for a name that the lexicon translates
_COMMON_ENDING = re.compile(
    r"(?:tion|sion|ment|ness|ity|ism|ist|ists|ers|ing|ed|ly|cy|ics|ical|ous|ive|able|ible|oids|ological|ular|phic|"
    r"otic|etic|water|wise|ward|wards)$"
)
_WORDS = read_word_lists("names")
_OPENERS = normalised(_WORDS["openers"])
_ALSO_WRITTEN = {name: names["written"] for names in _WORDS["countries"] for name in names["english"]}
_COARSE = str.maketrans("gxkfbsdt$", "kkkbbtttt")


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text aligned with a claim; `says` holds, for each token, the terms that it says and how strongly."""

    text: str
    tokens: tuple[Token, ...]
    says: tuple[Mapping[int, float], ...]
    quantities: tuple[Quantity, ...]
    negations: tuple[Negation, ...]
    exclusives: tuple[int, ...]  # tokens by which it says what holds by what does not

    def terms_at(self, at: int) -> set[int]:
        """Return the terms that a token says well enough."""
        return {term for term, strength in self.says[at].items() if strength >= _ENOUGH}

    def terms_in(self, at: Iterable[int]) -> set[int]:
        """Return the terms that some tokens say well enough."""
        return {term for token in at for term in self.terms_at(token)}


class Claim:
    """The sentence, its words as terms that a text may say, and what it states exactly."""

    def __init__(self, sentence: str, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        """Analyse the sentence as a question is analysed."""
        self.text = sentence
        self.language = language_of(sentence)
        self.lexicon = lexicon
        self.matcher = Matcher(analyse_statement(sentence, vocabulary, lexicon))
        self.terms = self.matcher.question.terms
        self.tokens = tokens(sentence)
        self.quantities = quantities_in(sentence)
        self.quantity_tokens = {at for quantity in self.quantities for at in range(quantity.first, quantity.last + 1)}
        exact = {self.tokens[at].text for at in self.quantity_tokens}
        self.weights = [0.0 if term.surface in exact else self._weight(at) for at, term in enumerate(self.terms)]
        self.total = sum(self.weights)
        self.of_surface = {term.surface: at for at, term in enumerate(self.terms)}
        self.names = self._names()
        self._by_headword = self._headwords_of_terms()
        self._says: dict[str, Mapping[int, float]] = {}

    def _weight(self, at: int) -> float:
        idf = self.matcher.rarities[at]
        return UNTRANSLATED * idf if idf >= self.matcher.question.max_idf - 0.01 else idf

    def _headwords_of_terms(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for at, term in enumerate(self.terms):
            if term.parts or term.kind == "number":
                continue
            for headword in self._headwords(term):
                found[headword].append(at)
        return found

    def _headwords(self, term: Term) -> Iterable[str]:
        if term.word is not None:
            return headwords(self.lexicon, term.word)
        return dict.fromkeys((term.surface, *self.lexicon.families.get(english_stems([term.surface])[0], ())))

    def _names(self) -> dict[int, int]:
        """Return the terms that are names, each with its first token."""
        found: dict[int, int] = {}
        for at, token in enumerate(self.tokens):
            term = self.of_surface.get(token.text)
            if term is None or term in found or at in self.quantity_tokens:
                continue
            if self._is_name(at, self.terms[term]):
                found[term] = at
        for number, composed in enumerate(self.terms):
            if composed.parts and composed.is_named_entity:
                found[number] = next(at for at, token in enumerate(self.tokens) if token.text == composed.parts[0])
        return found

    def _is_name(self, at: int, term: Term) -> bool:
        word, start, end = self.tokens[at]
        if not word.isascii():
            return _is_arabic_name(self.lexicon, word)
        written = self.text[start:end]
        if term.is_named_entity:
            return written[0].isupper()
        if not written[0].isupper() or not written[1:].islower() or len(word) < SHORTEST_NAME:
            return False  # an acronym may be written out in Arabic
        if self.lexicon.equivalents(word) or word in _OPENERS:
            return False
        begins = at == 0 or self.text[self.tokens[at - 1].end : start].strip()[-1:] in (".", "?", "!", ":", "“", '"')
        return not (begins and _COMMON_ENDING.search(word))

    def coverage(self, term_scores: Sequence[float]) -> float:
        """Return the share of the content that term scores cover; all of it where there is none."""
        if not self.total:
            return 1.0
        return sum(weight * strength for weight, strength in zip(self.weights, term_scores, strict=True)) / self.total

    def terms_at(self, at: Iterable[int]) -> set[int]:
        """Return the terms that some tokens of the sentence are; none for those of a number or a date."""
        surfaces = (self.tokens[token].text for token in at if token not in self.quantity_tokens)
        return {self.of_surface[surface] for surface in surfaces if surface in self.of_surface}

    def says(self, word: str) -> Mapping[int, float]:
        """Return the terms that a normalised word says, with the strengths."""
        known = self._says.get(word)
        if known is None:
            found = {at: strength for at, strength in enumerate(self.matcher.term_scores((word,))) if strength}
            if not word.isascii() and word not in self.of_surface and is_content(word):
                for headword in headwords(self.lexicon, word):
                    for at in self._by_headword.get(headword, ()):
                        found[at] = max(found.get(at, 0.0), BY_HEADWORD[self.language])
            known = self._says[word] = found
        return known

    def term_scores(self, found: Sequence[str]) -> list[float]:
        """Return for each term how strongly some normalised words say it."""
        best = self.matcher.term_scores(found)
        for word in set(found):
            for at, strength in self.says(word).items():
                best[at] = max(best[at], strength)
        return best

    def align(self, text: str) -> AlignedText:
        """Return a text aligned with the sentence."""
        found = tuple(tokens(text))
        says = tuple(self.says(token.text) for token in found)
        return AlignedText(text, found, says, quantities_in(text), negations(text), exclusive_cues(text))

    def has_name(self, text: AlignedText, term: int) -> bool:
        """Tell whether a text has a name of the sentence."""
        wanted = self.terms[term]
        stems = self.matcher.term_scores([token.text for token in text.tokens])[term] if wanted.parts else 0.0
        if stems >= _ENOUGH:
            return True
        if any(form in text.text for form in _ALSO_WRITTEN.get(wanted.surface, ())):
            return True
        if wanted.parts:
            return all(self.has_name(text, self.of_surface[p]) for p in wanted.parts if p in self.of_surface)
        keys = self._keys(wanted)
        for token, said in zip(text.tokens, text.says, strict=True):
            if said.get(term, 0.0) < _ENOUGH and not keys:
                continue
            if token.text == wanted.word or (
                said.get(term, 0.0) >= _ENOUGH and not self._only_by_key(wanted, token.text)
            ):
                return True
            if self._sounds_like(wanted, keys, token.text):
                return True
        return (
            term in self.names
            and not wanted.is_named_entity
            and wanted.word is None
            and self._beside_its_neighbour(term, text)
        )

    def _keys(self, term: Term) -> frozenset[str]:
        return term.keys or (keys_in_text(term.word) if term.word is not None else keys_of_latin(term.surface))

    def _only_by_key(self, term: Term, word: str) -> bool:
        """Tell whether nothing but the sound makes a word say a name."""
        return bool(keys_in_text(word) & self._keys(term)) and not any(
            headword in self._by_headword and self._by_headword[headword]
            for headword in headwords(self.lexicon, word)
            if self.of_surface.get(term.surface) in self._by_headword.get(headword, ())
        )

    def _sounds_like(self, term: Term, keys: frozenset[str], word: str) -> bool:
        """Tell whether a word that may be a name sounds like a name of the sentence."""
        if word.isascii() or not is_content(word):
            return False
        there = keys_in_text(word)
        if any(len(key) >= SHORTEST_CERTAIN_KEY for key in keys & there):
            return not term.is_named_entity or may_be_name(self.lexicon, word)
        if term.is_named_entity or not may_be_name(self.lexicon, word):
            return False
        return bool(keys & there) or any(_may_be_one_name(key, other) for key in keys for other in there)

    def _beside_its_neighbour(self, term: int, text: AlignedText) -> bool:
        """Tell whether a name stands, roughly spelt, beside the name that it stands beside in the sentence."""
        at = self.names[term]
        keys = self._keys(self.terms[term])
        beside = self.terms_at(other for other in (at - 1, at + 1) if 0 <= other < len(self.tokens))
        return any(
            _is_roughly_alike(key, other)
            for place, said in enumerate(text.says)
            if any(said.get(neighbour, 0.0) >= _ENOUGH for neighbour in beside)
            for near in (place - 1, place + 1)
            if 0 <= near < len(text.tokens) and not text.tokens[near].text.isascii()
            for other in keys_in_text(text.tokens[near].text)
            for key in keys
        )


def _is_roughly_alike(key: str, other: str) -> bool:
    """Tell whether two keys are alike, for a name that its neighbour already vouches for."""
    first, second = key.translate(_COARSE), other.translate(_COARSE)
    return first == second or (min(len(first), len(second)) >= 3 and one_apart(first, second))


def _may_be_one_name(key: str, other: str) -> bool:
    """Tell whether two keys may be of one name, as far as transliterations differ."""
    first, second = key.translate(_COARSE), other.translate(_COARSE)
    if min(len(first), len(second)) < 3:
        return False
    return first == second or (min(len(first), len(second)) >= 4 and one_apart(first, second))


@lru_cache(maxsize=1 << 16)
def headwords(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    """Return the English headwords of a normalised Arabic word, looked up once."""
    return lexicon.headwords(word)


@lru_cache(maxsize=8)
def _places(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(place for section in PLACE_SECTIONS for place in lexicon.sections[section])


@lru_cache(maxsize=1 << 16)
def may_be_name(lexicon: Lexicon, word: str) -> bool:
    """Tell whether a normalised Arabic word may be a name: the lexicon has it as one, or does not have it."""
    known = headwords(lexicon, word)
    return not known or any(headword in lexicon.names for headword in known)


@lru_cache(maxsize=1 << 16)
def _is_arabic_name(lexicon: Lexicon, word: str) -> bool:
    """Tell whether an Arabic word is to be checked as a name: a place, a known name, or no known word."""
    known = headwords(lexicon, word)
    if not known:
        return len(bare_forms(word)[-1]) >= SHORTEST_NAME and "\u0621" <= word[0] <= "\u064a"
    named = [headword in lexicon.names for headword in known]
    return any(headword in _places(lexicon) for headword in known) or (any(named) if len(word) > 4 else all(named))
