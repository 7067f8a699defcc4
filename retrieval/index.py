"""One door over the three stores: the catalog, the words and the vectors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from retrieval.advice import advised, damaged, unusable
from retrieval.catalog import Catalog
from retrieval.errors import EmbeddingError, EmptyIndexError, IndexDamagedError, UnknownArticleError
from retrieval.fingerprint import Embedder, check_dimensions, index_folder, made_with
from retrieval.footers import check_footers
from retrieval.lexicon import load
from retrieval.matching import Matcher
from retrieval.questions import Question, Vocabulary, analyse
from retrieval.references import resolve
from retrieval.refresh import refresh
from retrieval.search import CANDIDATES, above_lowest, fuse, weights_of
from retrieval.stores import VECTORS_NAME, WORDS_NAME
from retrieval.tables import FILE_NAME
from retrieval.types import Article, Hit, OnProgress, Passage, RefreshReport

if TYPE_CHECKING:
    from retrieval.vectors import VectorIndex
    from retrieval.words import WordIndex

log = logging.getLogger(__name__)

WAIT_SECONDS = 30.0  # for another process that writes the index
MOST_CACHED = 256  # articles
ATTEMPTS = 5  # at a search during which the index changes

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


class Index:
    """What was indexed of an articles' folder; usable from several threads, and while any process refreshes it."""

    def __init__(self, data_dir: Path, embedder: Embedder) -> None:
        """Take a data folder, which may be empty or missing yet."""
        self._data_dir = data_dir
        self._embedder = embedder
        self._folder = index_folder(data_dir, made_with(embedder))
        self._lock = threading.RLock()
        self._catalog: Catalog | None = None
        self._inode = 0  # of the catalog that is open
        self._generation = 0  # that the stores below and the cache were opened at
        self._words: WordIndex | None = None
        self._vectors: VectorIndex | None = None
        self._cache: dict[str, Article] = {}

    @classmethod
    def open(cls, data_dir: Path, embedder: Embedder) -> Self:
        """Return the index in a data folder; nothing is written before a refresh.

        Raises:
            IndexDamagedError: there is one, and it cannot be read.
        """
        index = cls(data_dir, embedder)
        index._current()
        return index

    def refresh(self, folder: Path, on_progress: OnProgress | None = None, wait: float = WAIT_SECONDS) -> RefreshReport:
        """Make the index show what an articles' folder holds; readers see the old state until it is complete.

        A file that was good and has become bad stands for nothing: the folder is the truth. A moved file is a
        new path and a deleted one, its passages are not written again. Of the same text in several files, the
        first by path is indexed.

        Args:
            folder: The articles' folder.
            on_progress: Called after each file that is read.
            wait: How long to wait for another process that writes the index, in seconds.

        Raises:
            SettingsError: a folder or its `articles.toml` cannot be used.
            IndexBusyError: another process was still writing after `wait` seconds.
            IndexDamagedError: the index cannot be read.
            EmbeddingError: the embedding model failed; the index is as it was, and the next refresh starts over.
        """
        return refresh(self._data_dir, self._embedder, folder, on_progress, wait)

    # Searching.

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """Return the best passages for a question, best first."""
        return self.find(self.analyse(query), limit)

    def analyse(self, text: str) -> Question:
        """Return what a question asks for, weighed by the collection's words.

        Raises:
            EmptyIndexError: nothing was ever indexed.
        """
        with self._pinned() as pinned, advised(self._folder):
            return analyse(text, pinned.words, load())

    @contextmanager
    def vocabulary(self) -> Iterator[Vocabulary]:
        """Give what the collection knows of its words; the index stands still meanwhile.

        Raises:
            EmptyIndexError: nothing was ever indexed.
        """
        with self._pinned() as pinned, advised(self._folder):
            yield pinned.words

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
            self._check_dimensions(vector)
        except EmbeddingError as error:
            vector, weights, failure = None, replace(weights, vectors=0.0), str(error)
            log.warning("Searched by words alone. %s", error)
        found = self.candidates(question, vector, CANDIDATES)
        by_vectors = above_lowest(found.by_vectors) if weights.above_lowest else found.by_vectors
        hits = fuse(Matcher(question), found.passages, found.by_words, by_vectors, weights)
        return Findings(hits[:limit], failure)

    def _check_dimensions(self, vector: Sequence[float]) -> None:
        catalog = self._current()
        if catalog:
            check_dimensions(catalog.dimensions, len(vector), self._embedder.model_name, catalog.folder)

    def candidates(self, question: Question, vector: Sequence[float] | None, limit: int) -> Candidates:
        """Return the passages that each leg finds, at most `limit` of each; without a vector, the words alone.

        If the index changes meanwhile, part of what was found may be new and part of it gone; so it is done again.
        """
        for _ in range(ATTEMPTS):
            with self._pinned() as pinned:
                try:
                    found = pinned.candidates(question, vector, limit)
                except IndexDamagedError:
                    if pinned.is_current:
                        raise
                    continue
                if pinned.is_current:
                    break
        return found

    # Showing.

    def articles(self) -> list[Article]:
        """Return all articles, sorted by path."""
        catalog = self._current()
        return catalog.articles() if catalog else []

    def article(self, reference: str) -> Article:
        """Return the article that a reference names.

        That is its number in `articles()`, counted from 1, its id or the beginning of it, its path or its file name.

        Raises:
            UnknownArticleError: it names none, or several.
        """
        catalog = self._current()
        return self.article_by_id(resolve(reference, catalog.paths() if catalog else []))

    def article_by_id(self, article_id: str) -> Article:
        """Return the article with that id.

        Raises:
            UnknownArticleError: there is none.
        """
        with self._lock:
            catalog = self._current()
            article = self._cache.get(article_id) or (catalog.article(article_id) if catalog else None)
            if article is None:
                raise UnknownArticleError(f"No article has the id {article_id}. List them: sanad articles")
            if len(self._cache) >= MOST_CACHED:
                self._cache.clear()
            self._cache[article_id] = article
            return article

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in its order; none if there is no such article."""
        catalog = self._current()
        return catalog.passages_of(article_id) if catalog else []

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with those ids; what the index does not hold is absent."""
        catalog = self._current()
        return catalog.passages(ids) if catalog else {}

    @property
    def article_count(self) -> int:
        """Return how many articles there are."""
        catalog = self._current()
        return catalog.article_count() if catalog else 0

    @property
    def passage_count(self) -> int:
        """Return how many passages there are."""
        catalog = self._current()
        return catalog.passage_count() if catalog else 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to search."""
        return self.article_count == 0

    # Opening and closing.

    def close(self) -> None:
        """Let go of all files; the next use opens them again."""
        with self._lock:
            for store in (self._words, self._vectors, self._catalog):
                if store:
                    store.close()
            self._words = self._vectors = self._catalog = None
            self._inode = self._generation = 0
            self._cache.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _current(self) -> Catalog | None:
        """Return the catalog if a first refresh is complete, with everything else brought to its generation."""
        with self._lock:
            try:
                inode = (self._folder / FILE_NAME).stat().st_ino
            except FileNotFoundError:
                self.close()
                return None
            except OSError as error:
                raise unusable(self._data_dir, error) from error
            if self._catalog is None or inode != self._inode:  # the folder was deleted and made again
                self.close()
                self._catalog, self._inode = Catalog(self._folder), inode
            generation = self._catalog.generation
            if generation != self._generation:
                self._follow(self._catalog)
                self._generation = generation
            return self._catalog if generation else None

    def _follow(self, catalog: Catalog) -> None:
        self._cache.clear()
        with advised(self._folder):
            if self._words:
                self._words.reload()
            if self._vectors:
                self._vectors.follow(catalog.sealed())

    @contextmanager
    def _pinned(self) -> Iterator[_Pinned]:
        """Hold all stores at one generation; opened, if this is the first search.

        Raises:
            EmptyIndexError: nothing was ever indexed.
        """
        with self._lock:
            catalog = self._current()
            if catalog is None:
                raise EmptyIndexError(f"There is no index in {self._data_dir} yet. Make it: sanad index")
            if self._words is None or self._vectors is None:
                self._words, self._vectors = _open_stores(catalog)
            yield _Pinned(catalog, self._generation, self._words, self._vectors)


@dataclass(frozen=True, slots=True)
class _Pinned:
    """The stores at one generation, while the index is locked."""

    catalog: Catalog
    generation: int
    words: WordIndex
    vectors: VectorIndex

    @property
    def is_current(self) -> bool:
        """Tell whether nobody has changed the index meanwhile."""
        return self.catalog.generation == self.generation

    def candidates(self, question: Question, vector: Sequence[float] | None, limit: int) -> Candidates:
        """Return what both legs find; consistent if `is_current` afterwards."""
        by_words, passages = self._known(lambda asked: self.words.search(question, asked), limit)
        if vector is None:
            return Candidates(by_words, [], passages)
        by_vectors, others = self._known(lambda asked: self.vectors.search(vector, asked), limit)
        return Candidates(by_words, by_vectors, passages | others)

    def _known(self, search: Callable[[int], Found], limit: int) -> tuple[Found, dict[str, Passage]]:
        """Return the best that one leg finds among what the catalog shows, asking for more until it is enough."""
        asked = limit
        while True:
            with advised(self.catalog.folder):
                found = search(asked)
            passages = self.catalog.passages([passage_id for passage_id, _ in found])
            known = [entry for entry in found if entry[0] in passages][:limit]
            if len(known) == limit or len(found) < asked:
                return known, passages
            asked *= 2


def _open_stores(catalog: Catalog) -> tuple[WordIndex, VectorIndex]:
    """Open the words and the vectors, which costs the import of both libraries."""
    from retrieval.vectors import VectorIndex
    from retrieval.words import WordIndex

    with advised(catalog.folder):
        check_footers(catalog.folder / WORDS_NAME)
        words = WordIndex(catalog.folder / WORDS_NAME)
    if words.passages < catalog.passage_count():
        words.close()
        raise damaged("The word index", catalog.folder, "it has lost passages")
    return words, VectorIndex(catalog.folder / VECTORS_NAME, catalog.sealed())
