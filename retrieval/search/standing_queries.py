"""Standing queries, pure: questions and names that wait for new texts, found from the texts' words.

One matcher holds the terms of all of them, so that each word of a text is looked up once, however many wait. What it
finds is read again, passage by passage, against the query itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.nlp.analysis import stem, tokens, words
from retrieval.nlp.asking import load_asking_words
from retrieval.nlp.clitics import inflected_cores, without_article
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.phonetics import alike, keys_in_text
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.answerability import judge
from retrieval.search.passage_scoring import Reading, ReadSentence, read
from retrieval.search.query import Query, Term
from retrieval.search.sentence_features import ReadHits, candidates_of, read_hits
from retrieval.search.sentence_ranking import rank_sentences
from retrieval.search.term_matcher import CHANCE_KEY, Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Article, Hit, Passage

SURER = 0.5  # log odds above those from which an archive answers; bench/watches.py shows what it costs
_MOST_RANKED = 20  # passages of an article, whose sentences are ranked
_QUESTION_MARKS = ("؟", "?")
_MOST_KEPT = 4_096  # texts


@lru_cache(maxsize=_MOST_KEPT)
def asks_something(text: str) -> bool:
    """Tell whether a text asks something, and does not only name it.

    >>> asks_something("من زار إدلب"), asks_something("Who met Lavrov?"), asks_something("زيارة شويغو إلى دمشق")
    (True, True, False)
    """
    return text.rstrip().endswith(_QUESTION_MARKS) or "asks" in _roles(text)


def names_something(text: str) -> bool:
    """Tell whether a text has a word to look for.

    >>> names_something("شويغو"), names_something("ما هو؟"), names_something("…")
    (True, False, False)
    """
    return not {"content", "doubtful"}.isdisjoint(_roles(text))


def _roles(text: str) -> tuple[str, ...]:
    found = tokens(text)
    return load_asking_words().read(text, found, load_lexicon().forms).roles


@dataclass(frozen=True, slots=True)
class _Need:
    """What a query needs to be said: its terms, each by any of some places in the index, with its idf."""

    asks: bool  # then most of it is enough
    terms: tuple[tuple[frozenset[int], float], ...]
    least: float  # of the idf

    def is_met(self, said: AbstractSet[int], with_headline: AbstractSet[int]) -> bool:
        """Tell whether enough is said, given the terms that a passage says, by itself and with its headline."""
        if not self.asks:
            return not any(said.isdisjoint(places) for places, _ in self.terms)
        return sum(idf for places, idf in self.terms if not with_headline.isdisjoint(places)) >= self.least


class StandingQueries:
    """Queries that wait, indexed by their terms: what a passage says leads to those of which it may say enough."""

    def __init__(self, queries: Sequence[Query]) -> None:
        """Gather the terms of all queries."""
        places: dict[Term, int] = {}
        for term in (term for query in queries for term in query.terms):
            places.setdefault(term, len(places))
        bare = tuple(replace(term, cores=frozenset()) for term in places)  # each core would be looked for in each word
        self._matcher = Matcher(replace(queries[0], terms=bare, pairs=())) if queries else None
        self._by_core: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)  # with the others needed
        for term, place in places.items():
            for core in term.cores:
                self._by_core[core].append(place)
            for first, others in _beginnings(term):
                self._by_stem[first].append((place, others))
        self._said_by: dict[str, frozenset[int]] = {}  # terms, by word
        self._hinted_by: dict[str, frozenset[int]] = {}  # those too that a word may say, and hardly does
        self._needs = [_need(query, places) for query in queries]
        self._waiting: defaultdict[int, list[int]] = defaultdict(list)  # queries, by terms of which they need one
        for at, need in enumerate(self._needs):
            for place in _rarest(need):
                self._waiting[place].append(at)
        self._places = [frozenset(place for places, _ in need.terms for place in places) for need in self._needs]

    def candidates(self, headline: Collection[str], passage: Collection[str]) -> list[int]:
        """Return the places of the queries of which a passage may say enough, given normalised words.

        That is all that a name has, and of a question most, together with the headline of the article.
        """
        said = self._terms_said(passage)
        either = said | self._terms_said(headline)
        named = {query for term in either for query in self._waiting.get(term, ())}
        return sorted(query for query in named if self._needs[query].is_met(said, either))

    def silent(self, at: int, found: Iterable[str]) -> set[str]:
        """Return which words of texts that were looked through say no term of a query."""
        own, nothing = self._places[at], frozenset[int]()
        return {word for word in found if own.isdisjoint(self._hinted_by.get(word, nothing))}

    def _terms_said(self, found: Collection[str]) -> set[int]:
        if self._matcher is None:
            return set()
        said: set[int] = set()
        for word in set(found):
            if word not in self._said_by:
                self._read(self._matcher, word)
            said |= self._said_by[word]
        stems = set(map(stem, found))
        for own in stems & self._by_stem.keys():
            said.update(place for place, needed in self._by_stem[own] if stems.issuperset(needed))
        return said

    def _read(self, matcher: Matcher, word: str) -> None:
        """Note which terms a word may say by itself."""
        strengths = matcher.strengths(word)
        inflected = () if word in ARABIC_STOP else inflected_cores(word)
        cores = frozenset(term for core in inflected for term in self._by_core.get(core, ()))
        self._said_by[word] = cores.union(term for term, one in strengths.items() if one >= WEIGHTS.said)
        if hinted := cores.union(strengths):
            self._hinted_by[word] = hinted


def _need(query: Query, places: Mapping[Term, int]) -> _Need:
    own = [term for term in query.terms if not term.parts]
    said_by = {term.surface: {places[term]} for term in own}
    for whole in query.terms:
        for part in whole.parts:
            said_by.get(part, set()).add(places[whole])
    terms = tuple((frozenset(said_by[term.surface]), term.idf) for term in own)
    return _Need(asks_something(query.text), terms, WEIGHTS.mostly * sum(term.idf for term in own))


def _rarest(need: _Need) -> frozenset[int]:
    """Return the places of the rarest terms, of which one at least is said where enough is."""
    terms = sorted(need.terms, key=lambda one: one[1])
    if not need.asks:
        terms = terms[-1:]
    others = 0.0
    while terms and need.asks and others + terms[0][1] < need.least:
        others += terms.pop(0)[1]
    return frozenset(place for places, _ in terms for place in places)


def _beginnings(term: Term) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what of a term no word says by itself: a stem, and which others it needs; of a number any of its own."""
    for way in term.alternatives:
        if term.value is not None:
            yield from ((own, ()) for own in way.stems)
        elif len(way.stems) > 1:
            yield way.stems[0], way.stems


def sentence_naming(matcher: Matcher, article: Article, passages: Sequence[Passage]) -> ReadSentence | None:
    """Return the sentence of an article that names best what a query names; None where no passage names all of it.

    A name that only sounds alike is another one, and a far synonym another subject; another spelling is neither.
    """
    saying = [
        Hit(passage, read(matcher, passage).coverage)
        for passage in passages
        if _names_all(matcher, read(matcher, passage))
    ]
    found = candidates_of(read_hits(matcher, saying, {article.article_id: article}, {}))
    best = max(found, key=lambda one: (round(one.sentence.coverage, 6), not one.is_fragment), default=None)
    return best.sentence if best else None


def _names_all(matcher: Matcher, reading: Reading) -> bool:
    """Tell whether a passage names each thing that a query names."""
    terms = [(at, term) for at, term in enumerate(matcher.question.terms) if not term.parts]
    found = {word for sentence in reading.sentences for word in sentence.words}
    return bool(terms) and all(
        reading.term_scores[at] >= (WEIGHTS.own_word if _is_name(term) else WEIGHTS.subject_said)
        or any(_is_spelt_so(term, word, matcher.strengths(word).get(at, 0.0)) for word in found)
        for at, term in terms
    )


def _is_name(term: Term) -> bool:
    return term.kind == "name" or term.is_named_entity


def _is_spelt_so(term: Term, word: str, strength: float) -> bool:
    """Tell whether a word that may say a term is another spelling of it: by the lexicon of a name, else by its sounds.

    Few sounds are shared by chance, where the words share few letters and their vowels differ.
    """
    if strength < WEIGHTS.said:
        return False
    if _is_name(term):
        return any(way.stems == (stem(word),) for way in term.alternatives)
    shared = keys_in_text(without_article(term.word)) & keys_in_text(word) if term.word else ()
    is_like = strength > WEIGHTS.synonym
    return any(is_like or len(key) > CHANCE_KEY or alike(term.surface, word, key) for key in shared)


def sentence_answering(
    matcher: Matcher, article: Article, passages: Sequence[Passage], lexicon: Lexicon
) -> ReadSentence | None:
    """Return the sentence of an article that would answer a question; None where its passages do not.

    No other article's sentences are its rivals here. So it must be the surer, and a passage with its headline must say
    most of the question. Nothing is searched: BM25 gives a term its idf where a passage of mean length says it once.
    """
    readings = ((passage, read(matcher, passage).coverage) for passage in passages)
    hits = [Hit(passage, own, lexical_score=own * matcher.total) for passage, own in readings if own]
    found = read_hits(
        matcher, sorted(hits, key=lambda hit: -hit.score)[:_MOST_RANKED], {article.article_id: article}, {}
    )
    ranking = rank_sentences(found, lexicon)
    judged = judge(found, ranking)
    if not judged.covered or judged.score < judged.threshold + SURER or not _says_most(found, article):
        return None
    whole = (one for one in ranking.sentences if not one.is_fragment)
    return next(whole, ranking.sentences[0]).sentence


def _says_most(found: ReadHits, article: Article) -> bool:
    """Tell whether a passage, with the headline of its article, says most of a question by itself."""
    matcher = found.matcher
    headline = matcher.term_scores(words(article.title or ""))
    said = (
        sum(
            idf
            for idf, *scores in zip(matcher.idfs, reading.term_scores, headline, strict=True)
            if max(scores) >= WEIGHTS.said
        )
        for reading in found.readings
    )
    return max(said, default=0.0) >= WEIGHTS.mostly * matcher.total
