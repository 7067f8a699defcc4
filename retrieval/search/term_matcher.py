"""How strongly words of a text say the terms of a question; one measure for search, answerability and the answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise

from retrieval.nlp.analysis import grams, normalise, stem, tokens
from retrieval.nlp.clitics import has_article, is_inflection, without_article
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.phonetics import SHORTEST_KEY, alike, keys_in_text
from retrieval.nlp.quantities import numbers_said
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.query import Query, Term
from retrieval.search.weights import WEIGHTS
from retrieval.types import Span

CHANCE_KEY = 3  # sounds; so few are shared by chance, as «الأسد» and «الأسود» share them


class Matcher:
    """Holds a question's terms so that each word of a text is looked up once."""

    def __init__(self, question: Query) -> None:
        """Index the terms by stem, key and gram."""
        self.question = question
        self.idfs = [0.0 if term.parts else term.idf for term in question.terms]
        self.total = sum(self.idfs)
        foreign = (term.idf for term in question.terms if term.word is None and not term.parts)
        self.is_translated = 2 * sum(foreign) > self.total  # most of what is looked for was asked in English
        self._by_stem: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._by_key: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._by_gram: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._cores = [(at, core) for at, term in enumerate(question.terms) for core in term.cores]
        self._any_core = re.compile("|".join(re.escape(core) for _, core in self._cores) or r"(?!)")
        self._composed: list[tuple[int, tuple[str, ...], float]] = []
        self._values = [(at, term.value) for at, term in enumerate(question.terms) if term.value is not None]
        self._definite = {at for at, term in enumerate(question.terms) if _is_definite(term)}
        self._saying: dict[str, list[tuple[int, float]]] = {}  # the words that say a term, of those that were read
        self._silent: set[str] = set()  # and those that say none, which most do
        at_surface = {term.surface: at for at, term in enumerate(question.terms) if not term.parts}
        self._parts = [
            (at, [at_surface[part] for part in term.parts if part in at_surface])
            for at, term in enumerate(question.terms)
            if term.parts
        ]
        for at, term in enumerate(question.terms):
            for key in term.keys:
                self._by_key[key].append((at, WEIGHTS.by_key))
            for key in term.fuzzy_keys:
                self._by_key[key].append((at, WEIGHTS.by_fuzzy_key))
            for alternative in term.alternatives:
                if len(alternative.stems) == 1:
                    self._by_stem[alternative.stems[0]].append((at, alternative.weight))
                elif term.value is None:  # of a number, the value tells 25 from 15
                    self._composed.append((at, alternative.stems, alternative.weight))
            if term.word is not None and term.kind != "number":
                pieces = set(grams(without_article(term.word)))  # an article would make any two words alike
                for piece in pieces:
                    self._by_gram[piece].append((at, 1 / len(pieces)))

    def term_scores(self, found: Iterable[str]) -> list[float]:
        """Return for each term of the question how strongly some normalised words say it, 0 to 1."""
        best = [0.0] * len(self.idfs)
        found = tuple(found)
        distinct = set(found)
        saying = self._read(distinct)
        for word in distinct & saying.keys():
            for at, strength in saying[word]:
                best[at] = max(best[at], strength)
        if self._composed:
            stems = {stem(word) for word in distinct}
            for at, needed, weight in self._composed:
                if weight > best[at] and stems.issuperset(needed):
                    best[at] = weight
        if self._values:
            numbers = _numbers_in(found)
            for at, value in self._values:
                best[at] = max(best[at], WEIGHTS.spelt_out if value in numbers else 0.0)
        for at, parts in self._parts:
            for part in parts:
                best[part] = max(best[part], best[at])
        return best

    def strengths(self, word: str) -> dict[int, float]:
        """Return the terms of the question that one normalised word says by itself, each with its strength."""
        best: dict[int, float] = {}
        for at, strength in self._read({word}).get(word, ()):
            best[at] = max(best.get(at, 0.0), strength)
        return best

    def pass_over(self, silent: AbstractSet[str]) -> None:
        """Take it that some normalised words say no term."""
        self._silent |= silent

    def places(self, found: Sequence[str], at: int) -> list[int]:
        """Return where in a text, given its words in order, one term of the question is said."""
        saying = self._read(set(found))
        return [
            place
            for place, word in enumerate(found)
            if word in saying and any(term == at and strength >= WEIGHTS.said for term, strength in saying[word])
        ]

    def places_by_term(self, found: Sequence[str]) -> dict[int, list[int]]:
        """Return the same for each term that counts by itself and is said."""
        saying = self._read(set(found))
        places: dict[int, list[int]] = {}
        for place, word in enumerate(found):
            for term in {term for term, strength in saying.get(word, ()) if strength >= WEIGHTS.said}:
                if self.idfs[term]:
                    places.setdefault(term, []).append(place)
        return places

    def said_at(self, found: Sequence[str]) -> list[int]:
        """Return where in a text, given its words in order, any term of the question is said."""
        saying = self._read(set(found))
        return [
            place
            for place, word in enumerate(found)
            if word in saying and any(self.idfs[at] and strength >= WEIGHTS.said for at, strength in saying[word])
        ]

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return the words of a text that say a term of the question; neighbours are one span.

        A word that stands for a term by itself counts, and each word of an equivalent that takes several.
        """
        found = tokens(text)
        saying = self._read({word for word, _, _ in found})
        stems = {stem(word) for word, _, _ in found}
        needed = (needed for _, needed, weight in self._composed if weight >= WEIGHTS.said and stems.issuperset(needed))
        composed = {own for together in needed for own in together}
        spans: list[Span] = []
        for word, start, stop in found:
            if stem(word) not in composed and not any(one >= WEIGHTS.said for _, one in saying.get(word, ())):
                continue
            end = stop
            while end < len(text) and not normalise(text[end]):  # a word's last marks belong to it
                end += 1
            if spans and text[spans[-1].end : start] == " ":
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
        return tuple(spans)

    def coverage(self, term_scores: Sequence[float]) -> float:
        """Return the share of the question's idf that strengths cover, 0 to 1."""
        if not self.total:
            return 0.0
        return sum(idf * strength for idf, strength in zip(self.idfs, term_scores, strict=True)) / self.total

    def pairs_share(self, found: Iterable[str]) -> float:
        """Return the share of the question's word pairs that stand in a text, given its words in order."""
        if not self.question.pairs:
            return 0.0
        stems = [stem(word) for word in found]
        there = {f"{first}_{second}" for first, second in pairwise(stems)}
        return len(there.intersection(self.question.pairs)) / len(self.question.pairs)

    def _read(self, found: AbstractSet[str]) -> Mapping[str, Sequence[tuple[int, float]]]:
        """Return the words that say a term, each with the terms and how strongly; some others are now among them."""
        for word in set(found - self._silent).difference(
            self._saying
        ):  # which looks the few up, and not all that is known
            said = self._match(word)
            if self._definite and not (word.isascii() or has_article(word)):
                said = [(at, strength) for at, strength in said if at not in self._definite]
            if said:
                self._saying[word] = said
            else:
                self._silent.add(word)
        return self._saying

    def _match(self, word: str) -> list[tuple[int, float]]:
        """Return the terms that one word says, each with its strength; a particle says none, whatever its letters."""
        if word in ARABIC_STOP:
            return []
        found = list(self._by_stem.get(stem(word), ()))
        if self._by_key and not word.isascii():
            for key in self._by_key.keys() & keys_in_text(word):
                found += [
                    (at, strength) for at, strength in self._by_key[key] if _may_be(self.question.terms[at], word, key)
                ]
        if self._any_core.search(word):
            inflected = (at for at, core in self._cores if core in word and is_inflection(word, core))
            found += [(at, WEIGHTS.by_inflection) for at in inflected]
        pieces = grams(without_article(word))
        if self._by_gram.keys().isdisjoint(pieces):  # most words of a text, and thousands are read for a question
            return found
        shared: dict[int, float] = {}
        for piece in pieces:
            for at, share in self._by_gram.get(piece, ()):
                shared[at] = shared.get(at, 0.0) + share
        return found + [
            (at, WEIGHTS.by_grams * min(share, 1.0)) for at, share in shared.items() if share >= WEIGHTS.least_shared
        ]


@lru_cache(maxsize=1024)  # sentences: many queries with numbers read the same ones
def _numbers_in(found: tuple[str, ...]) -> frozenset[float]:
    return numbers_said(found)


@lru_cache(maxsize=8)
def matcher_for(question: Query) -> Matcher:
    """Return the matcher of a question, one for all that is done with it: a text's words are looked up once."""
    return Matcher(question)


def _is_definite(term: Term) -> bool:
    """Tell whether a term is a country whose name has the article, without which it is another: «الهند», not «هند»."""
    return term.is_country and has_article(term.word or normalise(load_lexicon().equivalents(term.surface)[0]))


def _may_be(term: Term, word: str, key: str) -> bool:
    """Tell whether a word that shares a key with a name may be the name: by its spelling, where that is known to tell.

    A fuzzy key is of another spelling anyway. The vowels tell an Arabic name from others where its sounds are few and
    the lexicon knows how it is written. An ordinary word is not such a name (not «قرار» for «القاهرة», «جانبه» for
    Geneva), and no Arabic one of few sounds: not «وزير» for «زهير».
    """
    is_word = term.word is not None or term.kind == "word"  # Mona, which may be a word of the lexicon too
    is_told = term.is_named_entity or (is_word and len(key) <= CHANCE_KEY)
    if is_told and _is_ordinary(word):
        return False
    if term.word is None:
        return key not in term.keys or alike(term.surface, word, key)
    farthest = CHANCE_KEY if term.is_named_entity else SHORTEST_KEY
    return len(key) > farthest or alike(term.surface, word, key)


def _is_ordinary(word: str) -> bool:
    """Tell whether the lexicon has an Arabic word, and as no name."""
    lexicon = load_lexicon()
    headwords = lexicon.headwords(word)
    return bool(headwords) and lexicon.names.isdisjoint(headwords)
