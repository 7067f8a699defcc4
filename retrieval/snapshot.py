"""The index at one generation: whoever asks sees that one from the search to the citations, whatever is written."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.advice import advised
from retrieval.catalog import Catalog
from retrieval.errors import EmbeddingError, UnknownArticleError, VectorsError
from retrieval.fingerprint import Embedder, check_dimensions
from retrieval.leases import Lease
from retrieval.lexicon import load
from retrieval.matching import Matcher
from retrieval.places import Reader
from retrieval.questions import Question, Vocabulary, analyse
from retrieval.search import CANDIDATES, above_lowest, fuse, weights_of
from retrieval.types import Article, Hit, Member, Passage
from retrieval.voices import Voices, carries, few_of_each, outlets

if TYPE_CHECKING:
    from retrieval.words import WordIndex

log = logging.getLogger(__name__)

MOST_CACHED = 256  # articles
MOST_COPIES = 100  # of one story that are looked into

Found = list[tuple[str, float]]  # passage ids and scores, best first


@dataclass(frozen=True, slots=True)
class Candidates:
    """What both legs found, at one generation of the index."""

    by_words: Found
    by_vectors: Found
    passages: dict[str, Passage]  # of both, by id
    members: dict[str, Member]  # those of their articles that tell a story with others, by id


@dataclass(frozen=True, slots=True)
class Findings:
    """The best passages, best first; and why only the words found them, where the vectors could not be had."""

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

    def __init__(self, catalog: Catalog, words: WordIndex, vectors: Reader, embedder: Embedder, shown: Shelf) -> None:
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
            try:
                self._lease = Lease(self._catalog.folder, self.generation)
            except OSError as error:  # reading goes on, though a refresh may take away what is being read
                log.warning("No lease could be taken in %s (%s).", self._catalog.folder, error)
            with ExitStack() as unless_held:
                unless_held.callback(self._end)
                if self._catalog.hold() != self.generation:
                    return False
                unless_held.pop_all()
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

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """Return the best passages for a question, best first."""
        return self.stories(query, limit).hits

    def stories(self, query: str, limit: int = 10) -> Findings:
        """Return the best passages for a question: one voice a story, and who else carries what it says."""
        found = self.findings(self.analyse(query), limit, "story")
        return replace(found, hits=[self._with_outlets(hit) for hit in found.hits])

    def find(self, question: Question, limit: int = 10) -> list[Hit]:
        """Return the best passages for an analysed question, best first."""
        return self.findings(question, limit).hits

    def findings(self, question: Question, limit: int = 10, voices: Voices = "statement") -> Findings:
        """Return the best passages for an analysed question, by words alone where the vectors cannot be had."""
        weights = weights_of(self._embedder.model_name)
        failure = None
        try:
            vector = self._embedder.get_query_embedding(question.text)
            check_dimensions(self._catalog.dimensions, len(vector), self._embedder.model_name, self._catalog.folder)
            found = self.candidates(question, vector, CANDIDATES)
        except (EmbeddingError, VectorsError) as error:
            weights, failure = replace(weights, vectors=0.0), str(error)
            log.warning("Searched by words alone. %s", error)
            found = self.candidates(question, None, CANDIDATES)
        by_vectors = above_lowest(found.by_vectors) if weights.above_lowest else found.by_vectors
        hits = fuse(
            Matcher(question), found.passages, found.by_words, by_vectors, weights, members=found.members, voices=voices
        )
        return Findings(hits[:limit], failure)

    def candidates(self, question: Question, vector: Sequence[float] | None, limit: int) -> Candidates:
        """Return the passages that each leg finds, at most `limit` of each; without a vector, the words alone."""
        by_words, passages = self._known(lambda asked: self._words.search(question, asked), limit)
        if vector is None:
            return Candidates(by_words, [], passages, self._members(passages))
        by_vectors, others = self._known(lambda asked: self.vectors.search(vector, asked, self.segments), limit)
        passages |= others
        return Candidates(by_words, by_vectors, passages, self._members(passages))

    def _known(self, search: Callable[[int], Found], limit: int) -> tuple[Found, dict[str, Passage]]:
        """Return the best that one leg finds among what the catalog shows, asking for more until it is enough."""
        asked = limit
        while True:
            with advised(self._catalog.folder):
                found = search(asked)
            passages = self._catalog.passages([passage_id for passage_id, _ in found])
            shown = [entry for entry in found if entry[0] in passages]
            if members := self._members(passages):
                article_of = {passage_id: passage.article_id for passage_id, passage in passages.items()}
                stories = {article_id: member.story for article_id, member in members.items()}
                few = few_of_each(shown, article_of, stories)
                shown = [entry for entry in shown if entry[0] in few]
            known = shown[:limit]
            if len(known) == limit or len(found) < asked:
                return known, passages
            asked *= 2

    def _members(self, passages: Mapping[str, Passage]) -> dict[str, Member]:
        return self._catalog.members({passage.article_id for passage in passages.values()})

    def _with_outlets(self, hit: Hit) -> Hit:
        own = self._catalog.members([hit.passage.article_id]).get(hit.passage.article_id)
        if own is None:
            return hit
        carrying = {copy.article_id for copy in self.copies(own.article_id, hit.passage.text)}
        copies = [copy for copy in self._catalog.story(own.story) if copy.article_id in carrying.union(hit.also_in)]
        also_in = tuple(copy.article_id for copy in copies)
        return replace(hit, also_in=also_in, outlets=outlets(own.source, copies))

    # Showing.

    def members(self, ids: Iterable[str]) -> dict[str, Member]:
        """Return those of some articles that tell a story with others."""
        return self._catalog.members(ids)

    def copies(self, article_id: str, text: str) -> list[Member]:
        """Return the other articles of an article's story that carry a text of it, the earliest first."""
        own = self._catalog.members([article_id]).get(article_id)
        others = self._catalog.story(own.story)[:MOST_COPIES] if own else []
        return [
            other
            for other in others
            if other.article_id != article_id and carries(self.article_by_id(other.article_id).text, text)
        ]

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
