"""The lexical side: tantivy holds the words, we decide what a word is.

Every passage is analysed in Python into four fields, split at white space by tantivy: light stems,
character 4-grams, pairs of neighbouring stems, and phonetic keys. Ranking is tantivy's BM25.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from copy import copy
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path

import tantivy

from retrieval.nlp.analysis import grams, stem, words
from retrieval.nlp.phonetics import keys_in_text, one_apart
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.name_spellings import IndexedSpellings
from retrieval.search.query import Alternative, Query, Term
from retrieval.search.weights import WEIGHTS
from retrieval.stores.lexical_checksums import check_footers
from retrieval.stores.recovery_hints import store_errors
from retrieval.types import Passage

WRITER_MEMORY = 64_000_000  # bytes
_TIE = 0.1  # what the lesser alternatives of a term add to its best one
PAIR_BOOST = 0.5
TRANSLATED_GRAM_BOOST = 0.7  # of an equivalent's grams, beside its stem
NEAR_KEY_BOOST = 0.6
SHORTEST_NEAR_KEY = 4  # sounds
MOST_KEYS = 5_000  # keys with the same two first sounds that are looked through
FEW_PASSAGES, RARE_GRAM = 100, 0.01  # passages that hold a rare gram, and their share
MOST_LATIN = 5_000  # words in Latin letters with the same beginning that are looked through
_OF_PARTICLES = frozenset(map(stem, ARABIC_STOP))  # «علي» of «عليها», too
_FIELDS = ("stem", "gram", "pair", "key")


class WordIndex:
    """The passages' words in one folder; what is added or removed counts after `commit`."""

    def __init__(self, folder: Path) -> None:
        """Open the folder's index, or make a new one; the folder stands in that of an index of articles.

        Raises:
            IndexDamagedError: what is there is damaged, or tantivy cannot read it; as does whatever reads it.
        """
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
        for field in _FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        with self._errors():
            check_footers(folder)
            self._index = tantivy.Index(self._schema, str(folder))
        self._writer: tantivy.IndexWriter | None = None
        self._is_staged = False  # anything since the last commit
        self._searcher = self._index.searcher()

    def add(self, passages: Iterable[Passage]) -> None:
        """Stage passages; each must not be in the index yet."""
        with self._errors():
            writer, self._is_staged = self._open_writer(), True
            for passage in passages:
                ids = {"passage_id": passage.passage_id, "article_id": passage.article_id}
                writer.add_document(tantivy.Document(**ids, **fields(passage.text)))

    def remove(self, article_ids: Iterable[str]) -> None:
        """Stage the removal of all passages of some articles."""
        with self._errors():
            writer, self._is_staged = self._open_writer(), True
            for article_id in article_ids:
                writer.delete_documents_by_term("article_id", article_id)

    def commit(self) -> None:
        """Make what was staged durable and visible."""
        if self._writer is not None:
            with self._errors():
                self._writer.commit()
            self._is_staged = False
            self.reload()

    def rollback(self) -> None:
        """Drop what was staged since the last commit."""
        if self._writer is not None:
            self._writer.rollback()
            self._is_staged = False

    def reload(self) -> None:
        """See what another process committed."""
        with self._errors():
            self._index.reload()
            self._searcher = self._index.searcher()

    def at_present(self) -> WordIndex:
        """Return the words as they are now, which stay so whatever is committed; to be searched alone."""
        self.reload()
        return copy(self)

    def close(self) -> None:
        """Close the folder; what was staged and not committed is rolled back.

        What a commit began to merge is waited for: a merge that is cut off begins anew with every writer and is
        never done, so that each refresh would cost more than the one before.
        """
        if self._writer is not None:
            if self._is_staged:
                self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    @property
    def passages(self) -> int:
        """Return how many passages there are."""
        return self._searcher.num_docs

    def document_frequency(self, field: str, term: str) -> int:
        """Return in how many passages a term stands."""
        with self._errors():
            return self._searcher.doc_freq(field, term)

    def fuzzy_keys(self, key: str) -> frozenset[str]:
        """Return the phonetic keys here that differ from one by a single sound at most; of a short key, none."""
        if len(key) < SHORTEST_NEAR_KEY:
            return frozenset()
        with self._errors():
            found = self._searcher.terms_with_prefix("key", key[:2], limit=MOST_KEYS)
        return frozenset(near for near, _ in found if one_apart(near, key))

    def search(self, question: Query, limit: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Return the ids of the best passages, of all articles or of some, and their BM25 scores, best first."""
        clauses = [self._term(term) for term in question.terms]
        if question.pairs:
            clauses.append(self._match("pair", question.pairs, PAIR_BOOST))
        if not question.terms or not self.passages:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        if within is not None:  # which says nothing of how well a passage fits
            listed = tantivy.Query.term_set_query(self._schema, "article_id", sorted(within))
            unscored = tantivy.Query.const_score_query(listed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        with self._errors():
            hits = self._searcher.search(query, limit, count=False).hits
            return [(self._searcher.doc(address)["passage_id"][0], score) for score, address in hits]

    def holding(self, question: Query, without: Mapping[str, AbstractSet[str]] | None = None) -> list[str]:
        """Return the ids of all passages that hold each term of a question, by its stems or its keys; in no order.

        A spelling that is only near a name's is not held to be the name; what shares a key may be another word. What
        surely says each term, by some words as in `saying`, may be left out.
        """
        holds = self._holds(question, self._held)
        says = None if without is None else self._holds(question, partial(self._said, without))
        if holds and says:
            holds = tantivy.Query.boolean_query([(tantivy.Occur.Must, holds), (tantivy.Occur.MustNot, says)])
        return self._passage_ids(holds)

    def saying(self, question: Query, spellings: Mapping[str, AbstractSet[str]]) -> list[str]:
        """Return the ids of all passages that surely say each term of a question, in no order.

        They do by one of the words that `spellings` has for a term, else by a stem of the term's.
        """
        return self._passage_ids(self._holds(question, partial(self._said, spellings)))

    def writing(self, name: Sequence[IndexedSpellings]) -> list[str]:
        """Return the ids of all passages that may write each word of a name; in no order."""
        each = [(tantivy.Occur.Must, self._written(word)) for word in name]
        return self._passage_ids(tantivy.Query.boolean_query(each) if each else None)

    def _written(self, word: IndexedSpellings) -> tantivy.Query:
        ways = [self._match("stem", sorted(word.stems), 1.0)] if word.stems else []
        if word.keys:
            heard = [self._match("key", sorted(word.keys), 1.0)]
            if word.grams:
                heard.append(self._match("gram", self._telling(word.grams), 1.0))
            ways.append(tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in heard]))
        return self._any(ways)

    def _telling(self, grams: Iterable[str]) -> list[str]:
        """Return those of some grams that few passages hold; all of them where none is rare: «تين_» tells nothing."""
        found = {gram: self.document_frequency("gram", gram) for gram in sorted(grams)}
        rare = [gram for gram, count in found.items() if count <= max(FEW_PASSAGES, RARE_GRAM * self.passages)]
        return rare or list(found)

    def latin_words(self, beginning: str) -> list[str]:
        """Return the words in Latin letters here that begin so, by their stems; not more than are looked through."""
        with self._errors():
            found = self._searcher.terms_with_prefix("stem", beginning, limit=MOST_LATIN)
        return [word for word, _ in found if word.isascii() and word.isalpha()]

    def _passage_ids(self, query: tantivy.Query | None) -> list[str]:
        if query is None or not self.passages:
            return []
        with self._errors():
            hits = self._searcher.search(query, self.passages, count=False).hits
            return [self._searcher.doc(address)["passage_id"][0] for _, address in hits]

    def _holds(self, question: Query, of_term: Callable[[Term], tantivy.Query]) -> tantivy.Query | None:
        """Return the query of the passages that each of a question's terms is in; None where it has no terms."""
        needed = [of_term(term) for term in question.terms if not term.parts]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in needed]) if needed else None

    def _held(self, term: Term) -> tantivy.Query:
        """Return the query of the passages that may say a term, by each way that counts as saying it."""
        return self._any([*(self._match("key", [key], 1.0) for key in sorted(term.keys)), *self._by_stems(term)])

    def _said(self, spellings: Mapping[str, AbstractSet[str]], term: Term) -> tantivy.Query:
        """Return the query of the passages that surely say a term: not by a stem that particles have, too.

        A word is there where its stem is and all its grams, which tells it from others of its stem.
        """
        if term.surface not in spellings:
            return self._any(list(self._by_stems(term, without=_OF_PARTICLES)))
        return self._any([self._word(word) for word in sorted(spellings[term.surface])])

    def _word(self, word: str) -> tantivy.Query:
        parts = (self._match("stem", [stem(word)], 1.0), self._match("gram", grams(word), 1.0, tantivy.Occur.Must))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _by_stems(self, term: Term, without: AbstractSet[str] = frozenset()) -> Iterator[tantivy.Query]:
        for way in term.alternatives:
            if way.weight >= WEIGHTS.subject_said and without.isdisjoint(way.stems):
                yield self._match("stem", way.stems, 1.0, tantivy.Occur.Must)

    def _any(self, ways: list[tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.disjunction_max_query(ways, 0.0) if ways else tantivy.Query.empty_query()

    def _errors(self) -> AbstractContextManager[None]:
        """Raise what tantivy raises as one of our own errors."""
        return store_errors(self._folder.parent, f"The word index in {self._folder}", ValueError)

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(WRITER_MEMORY, 1)
        return self._writer

    def _term(self, term: Term) -> tantivy.Query:
        """Return the query of one term: the best of its alternatives, and a little of the others."""
        options = [self._match("key", [key], 1.0) for key in sorted(term.keys)]
        options += [self._match("key", [key], NEAR_KEY_BOOST) for key in sorted(term.fuzzy_keys)]
        for alternative in term.alternatives:
            options += self._alternative(term, alternative)
        return tantivy.Query.disjunction_max_query(options, _TIE)

    def _alternative(self, term: Term, alternative: Alternative) -> list[tantivy.Query]:
        if len(alternative.stems) > 1:
            return [
                self._match(
                    "stem", alternative.stems, alternative.weight / len(alternative.stems) ** 0.5, tantivy.Occur.Must
                )
            ]
        (only,) = alternative.stems
        if alternative.weight == 1.0 and term.word is not None:
            return [self._as_typed(only, term.word)]
        pieces = grams(only)
        by_grams = self._match("gram", pieces, alternative.weight * TRANSLATED_GRAM_BOOST / len(pieces))
        return [self._match("stem", [only], alternative.weight), by_grams]

    def _as_typed(self, own_stem: str, word: str) -> tantivy.Query:
        """Return the query of a word in the articles' own language: its stem and all its grams add up."""
        both = [self._match("stem", [own_stem], 1.0), self._match("gram", grams(word), 1.0)]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in both])

    def _match(
        self, field: str, terms: Iterable[str], boost: float, occur: tantivy.Occur = tantivy.Occur.Should
    ) -> tantivy.Query:
        """Return the query of some terms of a field: of any, or, where they must occur, of all."""
        queries = [tantivy.Query.term_query(self._schema, field, term, "freq") for term in dict.fromkeys(terms)]
        joined = queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(occur, query) for query in queries])
        return joined if boost == 1.0 else tantivy.Query.boost_query(joined, boost)


def fields(text: str) -> dict[str, str]:
    """Return what tantivy is given of a passage, by field, its terms parted by spaces."""
    found = [_fields(word) for word in words(text)]
    stems = [own for own, _, _ in found]
    return {
        "stem": " ".join(stems),
        "gram": " ".join([pieces for _, pieces, _ in found]),
        "pair": " ".join([f"{first}_{second}" for first, second in pairwise(stems)]),
        "key": " ".join([keys for _, _, keys in found if keys]),
    }


@lru_cache(maxsize=1 << 16)
def _fields(word: str) -> tuple[str, str, str]:
    """Return a word's stem, its grams and its keys, each parted by spaces."""
    return stem(word), " ".join(grams(word)), "" if word.isascii() else " ".join(keys_in_text(word))
