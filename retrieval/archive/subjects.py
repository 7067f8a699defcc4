"""What a question about the archive is about, strictly: names by their spellings, other words as they are written.

Search takes what is only near a word for it, and ranks it low. A count cannot: «كوسطي» is not «وسط», nor Obayd «أبيض».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from retrieval.archive.name_spellings import NameWord, bare_words, name_word
from retrieval.citing.passage_source import PassageSource
from retrieval.nlp.analysis import stem, tokens
from retrieval.nlp.clitics import SHORTEST_CORE
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.query import Alternative, Query, Term, analyse_statement
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.search.weights import WEIGHTS

_ENGLISH_AND, _ARABIC_AND = "and", "و"
_ACCUSATIVE = "ا"


@dataclass(frozen=True)
class Subject:
    """A subject as a query, and those of its terms that are names, by their surface."""

    query: Query
    names: Mapping[str, NameWord]

    @cached_property
    def matcher(self) -> Matcher:
        """Return what finds the other words of the subject in a text."""
        return matcher_for(self.query)

    @cached_property
    def _counting(self) -> tuple[Term, ...]:
        return tuple(term for term in self.query.terms if not term.parts)

    def is_said(self, words: Iterable[str]) -> bool:
        """Tell whether normalised words say each word of the subject; one without a word that tells is never said."""
        said = frozenset(words) - ARABIC_STOP
        stems = frozenset(map(stem, said))
        return bool(self._counting) and all(
            any(map(self.names[term.surface].stripped, said))
            if term.surface in self.names
            else any(way.weight >= WEIGHTS.said and stems.issuperset(way.stems) for way in term.alternatives)
            for term in self._counting
        )

    def spellings(self, words: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return for each name of the subject those of some words that are it."""
        said = frozenset(words) - ARABIC_STOP
        return {surface: frozenset(filter(name.stripped, said)) for surface, name in self.names.items()}


def joined_subjects(text: str) -> list[str]:
    """Return the subjects that "and" or «و» joins; an article mentions all of them, wherever in it.

    >>> joined_subjects("لافروف وبومبيو"), joined_subjects("Lavrov and Pompeo"), joined_subjects("وزير الدفاع")
    (['لافروف', 'بومبيو'], ['Lavrov', 'Pompeo'], ['وزير الدفاع'])
    """
    said = tokens(text)
    starts = [(0, said[0].start)] if said else []
    for at in range(1, len(said)):
        if said[at].text == _ENGLISH_AND and at + 1 < len(said):
            starts.append((at, said[at + 1].start))
        elif said[at].text.startswith(_ARABIC_AND) and len(list(bare_words(said[at].text))) > 1:
            starts.append((at, said[at].start + 1))
    ends = [said[at - 1].end for at, _ in starts[1:]] + ([said[-1].end] if said else [])
    return [text[start:end] for (_, start), end in zip(starts, ends, strict=True) if start < end]


def subject_of_archive(text: str, source: PassageSource) -> Subject:
    """Return what words name, as a subject whose mentions are counted."""
    query = analyse_statement(text, source.vocabulary, load_lexicon())
    query = replace(query, terms=tuple(map(_as_written, query.terms)))
    inside = {part for term in query.terms for part in term.parts}
    names = {term.surface: name_word(term.surface) for term in query.terms if _is_name(term, inside)}
    return Subject(replace(query, terms=tuple(_as_heard(term, names) for term in query.terms)), names)


def _as_written(term: Term) -> Term:
    """Return an Arabic term without the words that only share a meaning with it, in every case: «قرض» and «قرضا»."""
    if term.word is None or not term.word.isalpha():
        return term
    ways = [way for way in term.alternatives if way.weight > WEIGHTS.synonym]
    bare, lexicon = term.word.removesuffix(_ACCUSATIVE), load_lexicon()
    is_word = term.kind == "word" or (term.word not in lexicon.forms and bool(_ordinary(bare, lexicon)))
    if is_word and len(bare) >= SHORTEST_CORE:
        ways += [Alternative((stem(form),), 1.0) for form in (bare, f"{bare}{_ACCUSATIVE}")]
    kind = "word" if is_word else term.kind
    return replace(term, kind=kind, alternatives=tuple({way.stems: way for way in reversed(ways)}.values()))


def _ordinary(word: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the headwords of an Arabic word, but for names."""
    return frozenset(lexicon.forms.get(word, ())) - lexicon.names


def _as_heard(term: Term, names: Mapping[str, NameWord]) -> Term:
    """Return a name with all keys by which it may be heard, and another term with none."""
    keys = term.keys | names[term.surface].keys if term.surface in names else frozenset[str]()
    return replace(term, keys=keys, fuzzy_keys=frozenset())


def _is_name(term: Term, inside: Iterable[str]) -> bool:
    """Tell whether a term is one word of a name, which spellings tell from others that sound alike."""
    if term.kind == "number" or term.parts or term.surface in inside or not term.surface.isalpha():
        return False
    if term.word is not None:
        return term.kind == "name" and bool(term.keys)
    return bool(term.keys) and (bool(name_word(term.surface).forms) or not load_lexicon().equivalents(term.surface))
