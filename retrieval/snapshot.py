"""The index at one generation: whoever asks sees that one from the search to the citations, whatever is written."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.advice import advised
from retrieval.catalog import Catalog
from retrieval.errors import EmbeddingError, UnknownArticleError
from retrieval.fingerprint import Embedder, check_dimensions
from retrieval.leases import Lease
from retrieval.lexicon import load
from retrieval.matching import Matcher
from retrieval.questions import Question, Vocabulary, analyse
from retrieval.search import CANDIDATES, above_lowest, fuse, weights_of
from retrieval.types import Article, Hit, Passage

if TYPE_CHECKING:
    from retrieval.vectors import VectorIndex
    from retrieval.words import WordIndex

log = logging.getLogger(__name__)

MOST_CACHED = 256  # articles

Found = list[tuple[str, float]]  # passage ids and scores, best first


@dataclass(frozen=True, slots=True)
class Candidates:
    """What both legs found, at one generation of the index."""

    by_words: Found
    by_vectors: Found
    passages: dict[str, Passage]  # of both, by id


@dataclass(frozen=True, slots=True)
class Findings:
    """The best passages, best first; and why only the words found them, where the embedding model failed."""

    hits: list[Hit]
    failure: str | None = None


class Shelf:
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
        self, catalog: Catalog, words: WordIndex, vectors: VectorIndex, embedder: Embedder, shown: Shelf
    ) -> None:
        """Take a catalog of its own, and what the other stores hold; what it shows of articles goes to a shelf too."""
        self.generation = catalog.generation
        self.segments = catalog.sealed()
        self._catalog = catalog
        self._words = words
        self.vectors = vectors
        self._embedder = embedder
        self._shown = shown
        self._cache = Shelf()
        self._users = 0
        self._lease: Lease | None = None

    # Holding still.

    @property
    def is_used(self) -> bool:
        """Tell whether somebody reads it."""
        return self._users > 0

    def hold(self) -> bool:
        """Have the generation stand still for one user more; False where it has been replaced meanwhile."""
        if not self._users:
            self._lease = Lease(self._catalog.folder, self.generation)
            if self._catalog.hold() != self.generation:
                self._end()
                return False
        self._users += 1
        return True

    def release(self) -> None:
        """Let go for one user."""
        self._users -= 1
        if not self._users:
            self._end()

    def close(self) -> None:
        """Let go of the catalog's file."""
        self._catalog.close()

    def _end(self) -> None:
        self._catalog.release()
        if self._lease:
            self._lease.end()
        self._lease = None

    # Searching.

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what the collection knows of its words."""
        return self._words

    def analyse(self, text: str) -> Question:
        """Return what a question asks for, weighed by the collection's words."""
        with advised(self._catalog.folder):
            return analyse(text, self._words, load())

    def find(self, question: Question, limit: int = 10) -> list[Hit]:
        """Return the best passages for an analysed question, best first."""
        return self.findings(question, limit).hits

    def findings(self, question: Question, limit: int = 10) -> Findings:
        """Return the best passages for an analysed question, by words alone where the embedding model fails."""
        weights = weights_of(self._embedder.model_name)
        vector: Sequence[float] | None = None
        failure = None
        try:
            vector = self._embedder.get_query_embedding(question.text)
            check_dimensions(self._catalog.dimensions, len(vector), self._embedder.model_name, self._catalog.folder)
        except EmbeddingError as error:
            vector, weights, failure = None, replace(weights, vectors=0.0), str(error)
            log.warning("Searched by words alone. %s", error)
        found = self.candidates(question, vector, CANDIDATES)
        by_vectors = above_lowest(found.by_vectors) if weights.above_lowest else found.by_vectors
        hits = fuse(Matcher(question), found.passages, found.by_words, by_vectors, weights)
        return Findings(hits[:limit], failure)

    def candidates(self, question: Question, vector: Sequence[float] | None, limit: int) -> Candidates:
        """Return the passages that each leg finds, at most `limit` of each; without a vector, the words alone."""
        by_words, passages = self._known(lambda asked: self._words.search(question, asked), limit)
        if vector is None:
            return Candidates(by_words, [], passages)
        by_vectors, others = self._known(lambda asked: self.vectors.search(vector, asked, self.segments), limit)
        return Candidates(by_words, by_vectors, passages | others)

    def _known(self, search: Callable[[int], Found], limit: int) -> tuple[Found, dict[str, Passage]]:
        """Return the best that one leg finds among what the catalog shows, asking for more until it is enough."""
        asked = limit
        while True:
            with advised(self._catalog.folder):
                found = search(asked)
            passages = self._catalog.passages([passage_id for passage_id, _ in found])
            known = [entry for entry in found if entry[0] in passages][:limit]
            if len(known) == limit or len(found) < asked:
                return known, passages
            asked *= 2

    # Showing.

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
