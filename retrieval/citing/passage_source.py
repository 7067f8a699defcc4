"""Where the passages of an answer come from: what Sanad asks of an index, and any other retriever can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Protocol

from retrieval.reranking import Reranker
from retrieval.search.filters import ArticleFacts
from retrieval.search.name_spellings import IndexedSpellings
from retrieval.search.query import Query
from retrieval.search.query_plan import CollectionFacts
from retrieval.search.vocabulary import Vocabulary
from retrieval.types import Article, Passage, SearchResult, StoryMember


class PassageSource(CollectionFacts, Protocol):
    """An index at one generation, or any other retriever; it stands still while it is used.

    Only `search` and `article_by_id` need more than a constant: a source without stories has no `members` and no
    `copies`, one that knows of no days and sources has no `sources`, is not dated, and narrows to nothing.
    """

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what the collection knows of its words, by which a question's terms are weighed."""
        ...

    @property
    def article_count(self) -> int:
        """Return how many articles there are."""
        ...

    def search(self, query: Query, limit: int, within: AbstractSet[str] | None = None) -> SearchResult:
        """Return the best passages, best first; of all articles, or of those with some ids."""
        ...

    def article_by_id(self, article_id: str) -> Article:
        """Return the article that a passage is a slice of."""
        ...

    def first_articles(self, limit: int) -> Sequence[Article]:
        """Return some articles to name where none comes near to a question."""
        ...

    def members(self, ids: Iterable[str]) -> Mapping[str, StoryMember]:
        """Return those of some articles that tell a story with others, by id."""
        ...

    @property
    def reranker(self) -> Reranker | None:
        """Return what reads sentences together with a question, where that can be had."""
        ...

    @property
    def archive(self) -> ArchiveSource | None:
        """Return the collection as a whole, where it is known; None of a retriever, which knows what it finds."""
        ...

    def copies(self, article_id: str, text: str) -> Sequence[StoryMember]:
        """Return the other articles of an article's story that carry a text of it, the earliest first."""
        ...


class ArchiveSource(Protocol):
    """All articles of an index at one generation, for questions about the archive itself."""

    @property
    def held(self) -> Sequence[ArticleFacts]:
        """Return what each article states of its day and its source."""
        ...

    def passages_of(self, article_id: str) -> Sequence[Passage]:
        """Return the passages of an article, in its order."""
        ...

    def holding(self, query: Query) -> Mapping[str, Sequence[Passage]]:
        """Return all passages that may say each term of a question, in their order, by the id of their article."""
        ...

    def writing(self, name: Sequence[IndexedSpellings]) -> Mapping[str, Sequence[Passage]]:
        """Return all passages that may write each word of a name, in their order, by the id of their article."""
        ...

    def latin_words(self, beginning: str) -> Sequence[str]:
        """Return the words in Latin letters that articles write with a beginning, by their stems."""
        ...

    def passage_ids_holding(self, query: Query) -> Sequence[str]:
        """Return the ids of the passages that `holding` gives, in no order, without reading them."""
        ...

    def passage_ids_saying(self, query: Query, spellings: Mapping[str, AbstractSet[str]]) -> Sequence[str]:
        """Return the ids of those of them that surely say each term: by a word of some, else by a stem that says it.

        `spellings` has the words that count, by the surface of a term.
        """
        ...

    def passage_ids_in_doubt(self, query: Query, spellings: Mapping[str, AbstractSet[str]]) -> Sequence[str]:
        """Return the ids of all others of them."""
        ...

    def passages(self, passage_ids: Collection[str]) -> Mapping[str, Sequence[Passage]]:
        """Return the passages with some ids, in their order, by the id of their article."""
        ...


class PassageCollection(Protocol):
    """What gives a `PassageSource` for the time of one question."""

    def pin(self) -> AbstractContextManager[PassageSource]:
        """Give the source as it is now, and as it stays until that is over."""
        ...

    def article_by_id(self, article_id: str) -> Article:
        """Return an article that an answer has shown, with what is known of it now."""
        ...
