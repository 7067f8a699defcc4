"""One door over the three stores: the catalog, the words and the vectors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from retrieval.concurrency.threads import Endable
from retrieval.corpus.isolation import READING_BOUNDS, FileReader, ReadingBounds
from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmptyIndexError, IndexBusyError, UnknownArticleError
from retrieval.index.hybrid import Within
from retrieval.index.manifest import build_config, index_folder
from retrieval.index.refresh import refresh
from retrieval.index.snapshot import ArticleCache, Snapshot
from retrieval.index.writer import WORDS_NAME
from retrieval.search.collapse import CollapseLevel
from retrieval.search.query import Query
from retrieval.stores.catalog import Catalog, resolve_reference
from retrieval.stores.database import FILE_NAME
from retrieval.stores.recovery_hints import damaged, unusable
from retrieval.stores.vectors.embedded_store import EMBEDDED_STORE
from retrieval.stores.vectors.protocol import VectorReader, VectorStore
from retrieval.types import (
    Article,
    Extent,
    OnProgress,
    RefreshReport,
    SearchResult,
)

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex

log = logging.getLogger(__name__)

WAIT_SECONDS = 30.0  # for another process that writes the index
ATTEMPTS = 20  # to open the stores while a writer changes them
OPENING_PAUSE_SECONDS = 0.005  # after the first attempt, and as much longer after each one


class Index:
    """What was indexed of an articles' folder; usable from several threads, and while any process refreshes it."""

    def __init__(
        self,
        data_dir: Path,
        embedder: Embedder,
        vectors: VectorStore = EMBEDDED_STORE,
        bounds: ReadingBounds = READING_BOUNDS,
    ) -> None:
        """Take a data folder, which may be empty or missing yet, where the vectors are, and a bound for one file."""
        self._data_dir = data_dir
        self._embedder = embedder
        self._store = vectors
        self._reader = FileReader(bounds)  # another process, once there is a file to be read
        self._folder = index_folder(data_dir, build_config(embedder, vectors))
        self._lock = threading.RLock()
        self._catalog: Catalog | None = None
        self._inode = 0  # of the catalog that is open
        self._words: WordIndex | None = None
        self._vectors: VectorReader | None = None  # what all that are live have of them
        self._shown = ArticleCache()
        self._newest: Snapshot | None = None
        self._live: list[Snapshot] = []  # the newest, and older ones that somebody still reads

    @classmethod
    def open(
        cls,
        data_dir: Path,
        embedder: Embedder,
        vectors: VectorStore = EMBEDDED_STORE,
        bounds: ReadingBounds = READING_BOUNDS,
    ) -> Self:
        """Return the index in a data folder; nothing is written before a refresh.

        Raises:
            IndexDamagedError: there is one, and it cannot be read.
        """
        index = cls(data_dir, embedder, vectors, bounds)
        _ = index.catalog
        return index

    def refresh(
        self,
        folder: Path,
        on_progress: OnProgress | None = None,
        wait: float = WAIT_SECONDS,
        extent: Extent = "all",
    ) -> RefreshReport:
        """Make the index show what an articles' folder holds; readers see the old state until its words are complete.

        The vectors follow, a segment at a time, each shown when it is complete; where the model or the vectors' server
        fails, the report says why, and the next refresh goes on.

        A file that was good and has become bad stands for nothing: the folder is the truth. One that is being
        written stands for what it stood for before, and is read again at the next refresh. The passages of a moved
        file are not written again. Of the same text in several files, the first by path is indexed.

        Args:
            folder: The articles' folder.
            on_progress: Called after each file that is read, and while vectors are made.
            wait: How long to wait for another process that writes the index, in seconds.
            extent: How much to make of the vectors that are missing; of what is left, the report says how much it is.

        Raises:
            SettingsError: a folder or its `articles.toml` cannot be used.
            IndexBusyError: another process was still writing after `wait` seconds.
            IndexDamagedError: the index cannot be read.
            ReadingError: no file can be read, as the process that does so cannot be started.
        """
        return refresh(
            self._data_dir,
            self._embedder,
            folder,
            on_progress,
            wait,
            vectors=self._store,
            reader=self._reader,
            extent=extent,
        )

    def interrupt(self) -> None:
        """Have a refresh in another thread end with an `EndedError`, even in the midst of a file; then close."""
        self._reader.interrupt()

    # Searching.

    @contextmanager
    def pin(self) -> Iterator[Snapshot]:
        """Give the index as it is now, and as it stays until the context ends, whatever any process writes meanwhile.

        Raises:
            EmptyIndexError: nothing was ever indexed.
        """
        snapshot = self._pinned()
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.release()
                self._tidy()

    def search(
        self, query: Query | str, limit: int = 10, within: Within = None, collapse: CollapseLevel = "statement"
    ) -> SearchResult:
        """Return the best passages for a question, best first, as `Snapshot.search` does."""
        with self.pin() as pinned:
            asked = pinned.analyse(query) if isinstance(query, str) else query
            return pinned.search(asked, limit, within, collapse)

    # Showing.

    @property
    def catalog(self) -> Catalog:
        """Return the catalog as it is now, which shows nothing before a first refresh is complete.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        with self._lock:
            try:
                inode = (self._folder / FILE_NAME).stat().st_ino
            except FileNotFoundError:
                inode = 0
            except OSError as error:
                raise unusable(self._data_dir, error) from error
            if self._catalog is None or inode != self._inode:  # the folder was made, or deleted, or both
                self._close_stores()
                self._catalog = Catalog(self._folder) if inode else Catalog.empty(self._folder)
                self._inode = inode
            return self._catalog

    def article(self, reference: str) -> Article:
        """Return the article that a reference names.

        That is its number among all, by path, counted from 1, its id or the beginning of it, its path or its file name.

        Raises:
            UnknownArticleError: it names none, or several.
        """
        return self.article_by_id(resolve_reference(reference, self.catalog.paths()))

    def article_by_id(self, article_id: str) -> Article:
        """Return the article with that id; one that an answer has shown is still there when its file has gone since.

        Raises:
            UnknownArticleError: there is none.
        """
        article = self.catalog.article(article_id) or self._shown.get(article_id)
        if article is None:
            raise UnknownArticleError(f"No article has the id {article_id}. List them: sanad articles")
        return article

    # Opening and closing.

    def end(self) -> None:
        """Let nobody wait any longer for the embedding model or for the vectors' server; see `Endable`."""
        for part in (self._embedder, self._store):
            if isinstance(part, Endable):
                part.end()

    def close(self) -> None:
        """Close all files, those that somebody reads once they are done; the next use opens them again."""
        self._reader.close()
        self._close_stores()

    def _close_stores(self) -> None:
        with self._lock:
            self._newest = None
            self._tidy()
            for store in (self._words, self._catalog):
                if store:
                    store.close()
            self._words = self._vectors = self._catalog = None
            self._store.close()
            self._inode = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.close()

    def _pinned(self) -> Snapshot:
        """Return all stores at one generation, held for one user more; opened, if this is the first search."""
        for attempt in range(ATTEMPTS):
            with self._lock:
                catalog = self.catalog
                if not catalog.generation:
                    raise EmptyIndexError(f"There is no index in {self._data_dir} yet. Make it: sanad index")
                if self._newest is None or self._newest.generation != catalog.generation:
                    self._newest = self._at_present(catalog)
                    self._tidy()
                if self._newest.hold():
                    if self._newest.generation == catalog.generation:
                        return self._newest
                    self._newest.release()
            time.sleep(attempt * OPENING_PAUSE_SECONDS)
        raise IndexBusyError(f"The index in {self._data_dir} changes faster than it can be opened. Try again.")

    def _at_present(self, catalog: Catalog) -> Snapshot:
        """Return the stores as they are; if the catalog's generation still stands when it is held, they are of it.

        What was written for a later generation may be among the words, and is not shown; what was removed for
        one is missing, and that is done after the later generation is published.
        """
        if self._words is None:
            self._words = _open_words(catalog)
        if self._vectors is None:
            self._vectors = self._store.reader(catalog.folder)
        own = Catalog(self._folder)
        try:
            snapshot = Snapshot(own, self._words.at_present(), self._vectors, self._embedder, self._shown)
        except BaseException:
            own.close()
            raise
        self._live.append(snapshot)
        return snapshot

    def _tidy(self) -> None:
        """Close what only generations had that are neither read nor the newest."""
        for done in [old for old in self._live if old is not self._newest and not old.is_used]:
            self._live.remove(done)
            done.close()
            still = (live.segments for live in self._live if live.vectors is done.vectors)
            done.vectors.follow({segment for segments in still for segment in segments})


def _open_words(catalog: Catalog) -> WordIndex:
    """Open the words, which costs the import of a library and the reading of all their files."""
    from retrieval.stores.lexical import WordIndex

    words = WordIndex(catalog.folder / WORDS_NAME)
    if words.passages < catalog.passage_count():
        words.close()
        raise damaged("The word index", catalog.folder, "it has lost passages")
    return words
