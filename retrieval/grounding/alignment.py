"""A claim, which is a sentence to be checked, and texts aligned with it: which of their words say which of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from retrieval.grounding.countries import countries_in
from retrieval.grounding.names import names_among
from retrieval.grounding.negation import Negation, exclusive_cues, is_content, negations
from retrieval.nlp.analysis import Token, language_of, tokens
from retrieval.nlp.lexicon import Lexicon, english_stems
from retrieval.nlp.quantities import Quantity, quantities_and_duals_in
from retrieval.search.query import Term, analyse_statement
from retrieval.search.term_matcher import Matcher
from retrieval.search.vocabulary import Vocabulary

ENOUGH_SAID = 0.5  # the least strength at which a word says a term
BY_HEADWORD = {"ar": 0.6, "en": 0.85}  # an Arabic word of which the lexicon gives the same English headword
BY_COUNTRY = 0.8  # another word of the same country: «الروسي» says Moscow
UNTRANSLATED = 0.5  # the share of its weight that a word keeps for which the collection has nothing
_CACHE_SIZE = 4096  # texts


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text aligned with a claim; `says` holds, for each token, the terms that it says and how strongly."""

    text: str
    tokens: tuple[Token, ...]
    says: tuple[Mapping[int, float], ...]
    quantities: tuple[Quantity, ...]
    negations: tuple[Negation, ...]
    exclusives: tuple[int, ...]  # tokens by which it says what holds by what does not
    countries: Mapping[int, str]  # by token

    def terms_at(self, at: int) -> set[int]:
        """Return the terms that a token says well enough."""
        return {term for term, strength in self.says[at].items() if strength >= ENOUGH_SAID}

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
        self.quantities = quantities_and_duals_in(sentence)
        self.quantity_tokens = {at for quantity in self.quantities for at in range(quantity.first, quantity.last + 1)}
        exact = {self.tokens[at].text for at in self.quantity_tokens}
        self.weights = [0.0 if term.surface in exact else self._weight(at) for at, term in enumerate(self.terms)]
        self.total = sum(self.weights)
        self.of_surface = {term.surface: at for at, term in enumerate(self.terms)}
        self.countries = countries_in([token.text for token in self.tokens], lexicon)
        self.country_of = {
            self.of_surface[self.tokens[at].text]: country
            for at, country in self.countries.items()
            if self.tokens[at].text in self.of_surface
        }
        self.names = self._names()
        self._by_headword = self._headwords_of_terms()
        self._says: dict[str, Mapping[int, float]] = {}

    def _weight(self, at: int) -> float:
        idf = self.matcher.idfs[at]
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
            return self.lexicon.headwords(term.word)
        return dict.fromkeys((term.surface, *self.lexicon.families.get(english_stems([term.surface])[0], ())))

    def _names(self) -> dict[int, int]:
        """Return the terms that are names, each with its first token."""
        by_surface = {surface: self.terms[at] for surface, at in self.of_surface.items()}
        found: dict[int, int] = {}
        for at in names_among(self.text, self.tokens, by_surface, self.lexicon, self.quantity_tokens):
            found.setdefault(self.of_surface[self.tokens[at].text], at)
        for number, composed in enumerate(self.terms):
            if composed.parts and composed.is_named_entity:
                found[number] = next(at for at, token in enumerate(self.tokens) if token.text == composed.parts[0])
        return found

    def coverage(self, term_scores: Sequence[float]) -> float:
        """Return the share of the content that term scores cover; all of it where there is none."""
        if not self.total:
            return 1.0
        return sum(weight * strength for weight, strength in zip(self.weights, term_scores, strict=True)) / self.total

    def weight_of(self, terms: Iterable[int]) -> float:
        """Return how much of the sentence some of its terms are, by their rarity."""
        return sum(self.weights[term] for term in terms)

    def terms_at(self, at: Iterable[int]) -> set[int]:
        """Return the terms that some tokens of the sentence are; none for those of a number or a date."""
        surfaces = (self.tokens[token].text for token in at if token not in self.quantity_tokens)
        return {self.of_surface[surface] for surface in surfaces if surface in self.of_surface}

    def says(self, word: str) -> Mapping[int, float]:
        """Return the terms that a normalised word says, with the strengths."""
        known = self._says.get(word)
        if known is None:
            found = self.matcher.strengths(word)
            for at, strength in [*found.items()]:
                for part in self.terms[at].parts:  # «كفرزيتا» says both words of Kafr Zita
                    if (own := self.of_surface.get(part)) is not None:
                        found[own] = max(found.get(own, 0.0), strength)
            if not word.isascii() and word not in self.of_surface and is_content(word):
                for headword in self.lexicon.headwords(word):
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
        read = _read(text, self.lexicon)
        says = [self.says(token.text) for token in read.tokens]
        if self.country_of:
            for at, country in read.countries.items():
                own = {term: BY_COUNTRY for term, other in self.country_of.items() if other == country}
                says[at] = {**says[at], **{term: max(own[term], says[at].get(term, 0.0)) for term in own}}
        return AlignedText(
            text, read.tokens, tuple(says), read.quantities, read.negations, read.exclusives, read.countries
        )

    def shares_headword(self, term: Term, word: str) -> bool:
        """Tell whether the lexicon gives an English headword of a term for an Arabic word too."""
        at = self.of_surface.get(term.surface)
        return any(at in self._by_headword.get(headword, ()) for headword in self.lexicon.headwords(word))


class _Read(NamedTuple):
    """What a text holds, whatever it is compared with."""

    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]
    negations: tuple[Negation, ...]
    exclusives: tuple[int, ...]
    countries: Mapping[int, str]


@lru_cache(maxsize=_CACHE_SIZE)
def _read(text: str, lexicon: Lexicon) -> _Read:
    """Read a text once, as the sentences of an answer are compared with the same few passages."""
    found = tokens(text)
    countries = countries_in([token.text for token in found], lexicon)
    return _Read(tuple(found), quantities_and_duals_in(text), negations(text), exclusive_cues(text), countries)
