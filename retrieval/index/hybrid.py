"""Hybrid search at one generation: the words' leg and the vectors' leg, and what both found as one list."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmbeddingError, VectorsError
from retrieval.index.manifest import check_dimensions
from retrieval.search.collapse import MOST_ARTICLES, CollapseLevel, cap_per_story
from retrieval.search.fusion import CANDIDATES, above_lowest, fuse
from retrieval.search.query import Query
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import fusion_weights
from retrieval.stores.catalog import Catalog
from retrieval.stores.recovery_hints import advised
from retrieval.stores.vectors.protocol import VectorReader
from retrieval.types import Passage, SearchResult, StoryMember, article_id_in

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex

log = logging.getLogger(__name__)

MOST_LISTED = 2_000  # articles that tantivy is given by name, in 2 ms; of more, it finds enough among all
MOST_COMPARED = 1_000  # passages whose vectors are compared, in 20 ms; of more, Chroma finds enough among all
MARGIN = 1.5  # how many times more passages Chroma is asked for than would do if those of some articles lay evenly

Ranked = list[tuple[str, float]]  # passage ids and scores, best first
Within = Collection[str] | None  # ids of articles; None for all


@dataclass(frozen=True, slots=True)
class Candidates:
    """What both legs found, at one generation of the index."""

    by_words: Ranked
    by_vectors: Ranked
    passages: dict[str, Passage]  # of both, by id
    members: dict[str, StoryMember]  # those of their articles that tell a story with others, by id


class _Leg(NamedTuple):
    """What one leg found, with what the catalog knows of it."""

    ranked: Ranked
    passages: dict[str, Passage]
    members: dict[str, StoryMember]


@dataclass(frozen=True, slots=True)
class HybridSearch:
    """The two legs over the three stores of one generation, and their fusion."""

    catalog: Catalog
    words: WordIndex
    vectors: VectorReader
    segments: list[int]  # of the vectors, at this generation
    embedder: Embedder

    def search(self, query: Query, limit: int, within: Within, collapse: CollapseLevel) -> SearchResult:
        """Return the best passages for a question, by words alone where the vectors cannot be had."""
        weights = fusion_weights(self.embedder.model_name)
        failure = None
        try:
            vector = self.embedder.get_query_embedding(query.text)
            check_dimensions(self.catalog.dimensions, len(vector), self.embedder.model_name, self.catalog.folder)
            found = self.candidates(query, vector, CANDIDATES, within)
        except (EmbeddingError, VectorsError) as error:
            weights, failure = replace(weights, vectors=0.0), str(error)
            log.warning("Searched by words alone. %s", error)
            found = self.candidates(query, None, CANDIDATES, within)
        by_vectors = above_lowest(found.by_vectors) if weights.above_lowest else found.by_vectors
        matcher, members = Matcher(query), found.members
        hits = fuse(matcher, found.passages, found.by_words, by_vectors, weights, members=members, collapse=collapse)
        return SearchResult(tuple(hits[:limit]), failure)

    def candidates(self, query: Query, vector: Sequence[float] | None, limit: int, within: Within = None) -> Candidates:
        """Return the passages that each leg finds, at most `limit` of each; without a vector, the words alone."""
        listed = within if within is not None and len(within) <= MOST_LISTED else None
        by_words = self._shown(lambda asked: self.words.search(query, asked, listed), limit, within)
        if vector is None:
            return Candidates(by_words.ranked, [], by_words.passages, by_words.members)
        share = 1.0 if within is None else len(within) / max(self.catalog.article_count(), 1)
        if within is not None and share * self.words.passages <= MOST_COMPARED:
            with advised(self.catalog.folder):
                compared = self.vectors.among(vector, self.catalog.passage_ids_of(within), self.segments)
            by_vectors = self._shown(lambda asked: compared[:asked], limit, within)
        else:
            first = int(MARGIN * limit / share)
            by_vectors = self._shown(
                lambda asked: self.vectors.search(vector, asked, self.segments), limit, within, first
            )
        passages = by_words.passages | by_vectors.passages
        return Candidates(by_words.ranked, by_vectors.ranked, passages, by_words.members | by_vectors.members)

    def _shown(self, search: Callable[[int], Ranked], limit: int, within: Within, first: int = 0) -> _Leg:
        """Return the best that one leg finds among what the catalog shows, asking for more until it is enough."""
        asked = max(limit, first)
        while True:
            with advised(self.catalog.folder):
                found = search(asked)
            inside = [entry for entry in found if within is None or article_id_in(entry[0]) in within]
            passages = self.catalog.passages([passage_id for passage_id, _ in inside])
            shown = [entry for entry in inside if entry[0] in passages]
            members = self.catalog.members({passage.article_id for passage in passages.values()})
            few = cap_per_story(shown, lambda entry: article_id_in(entry[0]), members, MOST_ARTICLES)
            known = few[:limit]
            if len(known) == limit or len(found) < asked:
                return _Leg(known, passages, members)
            asked *= 2
