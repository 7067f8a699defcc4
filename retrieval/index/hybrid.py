"""Hybrid search at one generation: the words' leg and the vectors' leg, and what both found as one list."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmbeddingError, VectorsError
from retrieval.index.manifest import check_dimensions
from retrieval.search.collapse import MOST_ARTICLES, CollapseLevel, cap_per_story
from retrieval.search.fusion import CANDIDATES, above_lowest, fuse
from retrieval.search.passage_scoring import sentences_of
from retrieval.search.query import Query
from retrieval.search.term_matcher import matcher_for
from retrieval.search.weights import fusion_weights
from retrieval.stores.catalog import Catalog
from retrieval.stores.vectors.protocol import VectorReader
from retrieval.types import Passage, SearchResult, StoryMember, article_id_in

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex

log = logging.getLogger(__name__)

MOST_LISTED = 2_000  # articles that tantivy is given by name, in 2 ms; of more, it finds enough among all
MOST_COMPARED = 6_000  # rows whose vectors are compared, in 16 ms; of more, Chroma finds enough among all
MARGIN = 1.5  # how many times more rows Chroma is asked for than would do if those of some articles lay evenly
ROWS_A_PASSAGE = 2  # asked for at first: often more than one of its sentences is near

Ranked = list[tuple[str, float]]  # passage ids and scores, best first
Within = Collection[str] | None  # ids of articles; None for all


@dataclass(frozen=True, slots=True)
class Candidates:
    """What both legs found, at one generation of the index."""

    by_words: Ranked
    by_vectors: Ranked  # a passage by the nearest of its rows
    passages: dict[str, Passage]  # of both, by id
    members: dict[str, StoryMember]  # those of their articles that tell a story with others, by id
    similarities: dict[str, float]  # of the rows that the vectors' leg found, by id


class _Leg(NamedTuple):
    """What one leg found, with what the catalog knows of it."""

    ranked: Ranked
    passages: dict[str, Passage]
    members: dict[str, StoryMember]
    found: dict[str, float]  # slices of passages with their scores, by id


@dataclass(frozen=True, slots=True)
class HybridSearch:
    """The two legs over the three stores of one generation, and their fusion."""

    catalog: Catalog
    words: WordIndex
    vectors: VectorReader
    segments: list[int]  # of the vectors, at this generation
    pending: float  # the share of the articles that have no vectors yet
    embedder: Embedder

    def search(self, query: Query, limit: int, within: Within, collapse: CollapseLevel) -> SearchResult:
        """Return the best passages for a question, by words alone where the vectors cannot be had."""
        weights = fusion_weights(self.embedder.model_name)
        vector = failure = None
        try:
            vector = self.embedder.get_query_embedding(query.text)
            check_dimensions(self.catalog.dimensions, len(vector), self.embedder.model_name, self.catalog.folder)
            found = self.candidates(query, vector, CANDIDATES, within)
        except (EmbeddingError, VectorsError) as error:
            weights, vector, failure = replace(weights, vectors=0.0), None, str(error)
            log.warning("Searched by words alone. %s", error)
            found = self.candidates(query, None, CANDIDATES, within)
        by_vectors, similarities = found.by_vectors, {}
        if vector is not None and self.embedder.unit == "sentence":
            try:
                similarities = self._similarities(found.passages.values(), vector, found.similarities)
                by_vectors = _rated(found.passages.values(), similarities, weights.mean)
            except VectorsError as error:
                failure = str(error)
        by_vectors = above_lowest(by_vectors) if weights.above_lowest else by_vectors
        matcher, members = matcher_for(query), found.members
        pending = self._pending_among(found.passages.values()) if vector is not None else frozenset()
        hits = fuse(
            matcher,
            found.passages,
            found.by_words,
            by_vectors,
            weights,
            members=members,
            collapse=collapse,
            pending=pending,
        )
        shown = {own: similarities[own] for hit in hits[:limit] for own in _row_ids(hit.passage) if own in similarities}
        return SearchResult(tuple(hits[:limit]), failure, shown, self.pending)

    def candidates(self, query: Query, vector: Sequence[float] | None, limit: int, within: Within = None) -> Candidates:
        """Return the passages that each leg finds, at most `limit` of each; without a vector, the words alone."""
        listed = within if within is not None and len(within) <= MOST_LISTED else None
        by_words = self._shown(lambda asked: self.words.search(query, asked, listed), limit, within)
        if vector is None:
            return Candidates(by_words.ranked, [], by_words.passages, by_words.members, {})
        by_vectors = self._near(vector, limit, within)
        return Candidates(
            by_words.ranked,
            by_vectors.ranked,
            by_words.passages | by_vectors.passages,
            by_words.members | by_vectors.members,
            by_vectors.found,
        )

    def _near(self, vector: Sequence[float], limit: int, within: Within) -> _Leg:
        """Return the passages whose rows are the nearest, compared one by one where there are few."""
        share = 1.0 if within is None else len(within) / max(self.catalog.article_count(), 1)
        if within is not None and share * self.catalog.row_count() <= MOST_COMPARED:
            compared = self.vectors.among(vector, self.catalog.rows_of(within))
            return self._shown(lambda asked: compared[:asked], limit, within)
        rows = ROWS_A_PASSAGE if self.embedder.unit == "sentence" else 1
        first = int(rows * limit * (1.0 if within is None else MARGIN / share))
        return self._shown(lambda asked: self.vectors.search(vector, asked, self.segments), limit, within, first)

    def _similarities(
        self, passages: Collection[Passage], vector: Sequence[float], known: Mapping[str, float]
    ) -> dict[str, float]:
        """Return the similarity of each sentence of some passages, those that are not known compared one by one."""
        article_ids = {passage.article_id for passage in passages}
        wanted = {own for passage in passages for own in _row_ids(passage)}
        missing = wanted - known.keys()
        rows = self.catalog.rows_of(article_ids) if missing else {}
        asked = {segment: [own for own in ids if own in missing] for segment, ids in rows.items()}
        compared = self.vectors.among(vector, {segment: ids for segment, ids in asked.items() if ids})
        return {own: known[own] for own in wanted & known.keys()} | dict(compared)

    def _pending_among(self, passages: Collection[Passage]) -> frozenset[str]:
        """Return the ids of the passages whose articles have no vectors yet."""
        if not self.pending:
            return frozenset()
        rows = self.catalog.rows_of({passage.article_id for passage in passages})
        embedded = {article_id_in(own) for ids in rows.values() for own in ids}
        return frozenset(passage.passage_id for passage in passages if passage.article_id not in embedded)

    def _shown(self, search: Callable[[int], Ranked], limit: int, within: Within, first: int = 0) -> _Leg:
        """Return the best that one leg finds among what the catalog shows, asking for more until it is enough."""
        asked = max(limit, first)
        while True:
            found = search(asked)
            inside = [entry for entry in found if within is None or article_id_in(entry[0]) in within]
            holding = self.catalog.passages_holding(own for own, _ in inside)
            shown = {own: score for own, score in inside if own in holding}
            best: dict[str, float] = {}
            for own, score in shown.items():
                best.setdefault(holding[own].passage_id, score)
            passages = {passage.passage_id: passage for passage in holding.values()}
            members = self.catalog.members({passage.article_id for passage in passages.values()})
            few = cap_per_story(best.items(), lambda entry: article_id_in(entry[0]), members, MOST_ARTICLES)
            known = few[:limit]
            if len(known) == limit or len(found) < asked:
                return _Leg(known, passages, members, shown)
            asked *= 2


def _row_ids(passage: Passage) -> list[str]:
    """Return the ids of a passage's sentences."""
    return [f"{passage.article_id}:{one.start}-{one.end}" for one in sentences_of(passage)]


def _rated(passages: Iterable[Passage], similarities: Mapping[str, float], mean: float) -> Ranked:
    """Return passages by the nearest of their sentences, and by some share of these sentences' mean."""
    own = ((one.passage_id, [similarities[row] for row in _row_ids(one) if row in similarities]) for one in passages)
    rated = [(passage_id, max(found) + mean * sum(found) / len(found)) for passage_id, found in own if found]
    return sorted(rated, key=lambda entry: (-entry[1], entry[0]))
