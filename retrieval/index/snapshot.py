"""The index at one generation: whoever asks sees that one from the search to the citations, whatever is written."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import UnknownArticleError
from retrieval.index.hybrid import HybridSearch, Within
from retrieval.nlp.lexicon import load_lexicon
from retrieval.reranking import Reranking
from retrieval.search.collapse import CollapseLevel, carries, outlets
from retrieval.search.filters import ArticleFacts, is_dated, narrow
from retrieval.search.name_spellings import IndexedSpellings
from retrieval.search.query import Query, analyse
from retrieval.search.vocabulary import Vocabulary
from retrieval.stores.catalog import Catalog
from retrieval.stores.generation_locks import GenerationLock
from retrieval.stores.vectors.protocol import VectorReader
from retrieval.types import Article, Filters, Hit, Narrowing, Passage, SearchResult, StoryMember

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex

log = logging.getLogger(__name__)

MOST_CACHED = 256  # articles
MOST_COPIES = 100  # of one story that are looked into
MOST_NARROWED = 64  # filters whose articles are kept


class ArticleCache:
    """The articles that were read last; at most so many."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}
        self._lock = threading.Lock()

    def get(self, article_id: str) -> Article | None:
        """Return the article with that id, if it is here."""
        return self._articles.get(article_id)

    def put(self, article: Article) -> None:
        """Take an article, in place of the oldest one where there is no room."""
        with self._lock:
            self._articles.pop(article.article_id, None)
            self._articles[article.article_id] = article
            if len(self._articles) > MOST_CACHED:
                del self._articles[next(iter(self._articles))]


class Snapshot:
    """The three stores at one generation; `Index.pin` gives it, and several threads may use it at once."""

    def __init__(
        self, catalog: Catalog, words: WordIndex, vectors: VectorReader, embedder: Embedder, shown: ArticleCache
    ) -> None:
        """Take a catalog of its own, and what the other stores hold; what it shows of articles is kept for it too."""
        self.generation = catalog.generation
        self.segments = catalog.sealed()
        self._catalog = catalog
        self._words = words
        self.vectors = vectors
        pending = catalog.pending_count()
        share = pending / max(catalog.article_count(), 1) if pending else 0.0
        self.hybrid = HybridSearch(catalog, words, vectors, self.segments, share, embedder)
        self.reranker = embedder.reranker if isinstance(embedder, Reranking) else None
        self._shown = shown
        self._cache = ArticleCache()
        self._narrowed: dict[Filters, tuple[frozenset[str], Narrowing]] = {}
        self._users = 0
        self._lock: GenerationLock | None = None

    # Holding still.

    @property
    def is_used(self) -> bool:
        """Tell whether somebody reads it."""
        return self._users > 0

    def hold(self) -> bool:
        """Have the generation stand still for one user more; False where it has been replaced meanwhile."""
        if not self._users:
            try:
                self._lock = GenerationLock(self._catalog.folder, self.generation)
            except OSError as error:  # reading goes on, though a refresh may take away what is being read
                log.warning("No generation could be locked in %s (%s).", self._catalog.folder, error)
            with ExitStack() as unless_held:
                unless_held.callback(self._end)
                if self._catalog.hold() != self.generation:
                    return False
                unless_held.pop_all()
        self._users += 1
        return True

    def release(self) -> None:
        """Release it for one user."""
        self._users -= 1
        if not self._users:
            self._end()

    def close(self) -> None:
        """Close the catalog's file."""
        self._catalog.close()

    def _end(self) -> None:
        self._catalog.release()
        if self._lock:
            self._lock.release()
        self._lock = None

    # Searching.

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what the collection knows of its words."""
        return self._words

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the collection's words."""
        return analyse(text, self._words, load_lexicon())

    @cached_property
    def held(self) -> list[ArticleFacts]:
        """Return what each article states of its day and its source."""
        return self._catalog.article_facts()

    @cached_property
    def is_dated(self) -> bool:
        """Tell whether any article states of which day, month or year it is."""
        return any(map(is_dated, self.held))

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:
        """Return the ids of the articles that pass filters, and what to say of it."""
        known = self._narrowed.get(filters)
        if known is None:
            if len(self._narrowed) >= MOST_NARROWED:
                self._narrowed.clear()
            known = self._narrowed[filters] = narrow(filters, self.held)
        return known

    @cached_property
    def sources(self) -> list[str]:
        """Return the sources that articles state, each once."""
        return list(dict.fromkeys(one.source for one in self.held if one.source))

    def search(
        self, query: Query, limit: int = 10, within: Within = None, collapse: CollapseLevel = "statement"
    ) -> SearchResult:
        """Return the best passages for a question, best first; of all articles, or of those with some ids.

        By story, one hit stands for all that carry what it says, and names them: of some articles only, the hit is
        from one of them, and who else carries it may be any. By statement, a copy that says more is kept.
        """
        found = self.hybrid.search(query, limit, within, collapse)
        return found if collapse == "statement" else replace(found, hits=tuple(map(self._with_outlets, found.hits)))

    @property
    def archive(self) -> Snapshot:
        """Return this: all articles are known."""
        return self

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in its order."""
        return self._catalog.passages_of(article_id)

    def holding(self, query: Query) -> dict[str, list[Passage]]:
        """Return all passages that may say each term of a question, in their order, by the id of their article."""
        return self.passages(self.passage_ids_holding(query))

    def passage_ids_holding(self, query: Query) -> list[str]:
        """Return the ids of all passages that may say each term of a question, in no order."""
        return self._words.holding(query)

    def writing(self, name: Sequence[IndexedSpellings]) -> dict[str, list[Passage]]:
        """Return all passages that may write each word of a name, in their order, by the id of their article."""
        return self.passages(self._words.writing(name))

    def passage_ids_saying(self, query: Query, spellings: Mapping[str, AbstractSet[str]]) -> list[str]:
        """Return the ids of all passages that surely say each term of a question, in no order."""
        return self._words.saying(query, spellings)

    def passage_ids_in_doubt(self, query: Query, spellings: Mapping[str, AbstractSet[str]]) -> list[str]:
        """Return the ids of all passages that may say each term of a question, and do not surely, in no order."""
        return self._words.holding(query, without=spellings)

    def passages(self, passage_ids: Collection[str]) -> dict[str, list[Passage]]:
        """Return the passages with some ids, in their order, by the id of their article; without what is not shown."""
        shown = self._catalog.passages(passage_ids).values()
        found: dict[str, list[Passage]] = {}
        for passage in sorted(shown, key=lambda one: (one.article_id, one.start)):
            found.setdefault(passage.article_id, []).append(passage)
        return found

    def latin_words(self, beginning: str) -> list[str]:
        """Return the words in Latin letters that articles write with a beginning, by their stems."""
        return self._words.latin_words(beginning)

    def _with_outlets(self, hit: Hit) -> Hit:
        own, story = self._story_of(hit.passage.article_id)
        if own is None:
            return hit
        carrying = {copy.article_id for copy in self._carrying(own, story, hit.passage.text)}
        copies = [copy for copy in story if copy.article_id in carrying.union(hit.also_in)]
        also_in = tuple(copy.article_id for copy in copies)
        return replace(hit, also_in=also_in, outlets=outlets(own.source, copies))

    # Showing.

    def members(self, ids: Iterable[str]) -> dict[str, StoryMember]:
        """Return those of some articles that tell a story with others."""
        return self._catalog.members(ids)

    def copies(self, article_id: str, text: str) -> list[StoryMember]:
        """Return the other articles of an article's story that carry a text of it, the earliest first."""
        own, story = self._story_of(article_id)
        return self._carrying(own, story, text) if own else []

    def story_beside(self, article_id: str) -> list[StoryMember]:
        """Return the other articles that tell an article's story, the earliest first."""
        return self._catalog.copies_of(article_id)

    def _story_of(self, article_id: str) -> tuple[StoryMember | None, list[StoryMember]]:
        """Return an article as a member of its story, and all of these; None and nothing where it tells none."""
        own = self._catalog.members([article_id]).get(article_id)
        return own, self._catalog.story(own.story) if own else []

    def _carrying(self, own: StoryMember, story: Sequence[StoryMember], text: str) -> list[StoryMember]:
        """Return the other members of a story whose articles carry a text, of the first that there are."""
        return [
            other
            for other in story[:MOST_COPIES]
            if other.article_id != own.article_id and carries(self.article_by_id(other.article_id).text, text)
        ]

    def article_ids(self) -> list[str]:
        """Return the ids of the articles."""
        return self._catalog.article_ids()

    @property
    def article_count(self) -> int:
        """Return how many articles there are."""
        return self._catalog.article_count()

    def first_articles(self, limit: int) -> list[Article]:
        """Return the first articles by path."""
        ids = dict.fromkeys(article_id for _, article_id in self._catalog.paths(limit))
        return [self.article_by_id(article_id) for article_id in ids]

    def article_by_id(self, article_id: str) -> Article:
        """Return the article with that id.

        Raises:
            UnknownArticleError: there is none.
        """
        article = self._cache.get(article_id) or self._catalog.article(article_id)
        if article is None:
            raise UnknownArticleError(f"No article has the id {article_id}. List them: sanad articles")
        self._cache.put(article)
        self._shown.put(article)
        return article
