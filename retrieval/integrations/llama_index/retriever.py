"""Sanad's index as a LlamaIndex retriever."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from retrieval.index.index import Index
from retrieval.index.snapshot import Snapshot
from retrieval.integrations.llama_index.nodes import node_of
from retrieval.types import Filters, Passage

SearchMode = Literal["hybrid", "lexical", "vector"]
Scored = list[tuple[Passage, float]]


class SanadRetriever(BaseRetriever):
    """Retrieves passages as text nodes: by words, by vectors or by both, within filters.

    The scores of the hybrid lie between 0 and 1; by words they are BM25, by vectors cosine similarities.
    """

    def __init__(
        self, index: Index, limit: int = 10, mode: SearchMode = "hybrid", filters: Filters | None = None, **options: Any
    ) -> None:
        """Retrieve at most `limit` passages of the articles that pass the filters; the options are LlamaIndex's own."""
        self._index, self._limit, self._mode = index, limit, mode
        self._filters = filters
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with self._index.pin() as pinned:
            found = self._found(pinned, query_bundle.query_str)
            return [node_of(passage, pinned.article_by_id(passage.article_id), score) for passage, score in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _found(self, pinned: Snapshot, text: str) -> Scored:
        query = pinned.analyse(text)
        within = pinned.narrow(self._filters)[0] if self._filters else None
        if self._mode == "hybrid":
            return [(hit.passage, hit.score) for hit in pinned.search(query, self._limit, within).hits]
        hybrid = pinned.hybrid
        vector = hybrid.embedder.get_query_embedding(query.text) if self._mode == "vector" else None
        found = hybrid.candidates(query, vector, self._limit, within)
        ranked = found.by_words if vector is None else found.by_vectors
        return [(found.passages[passage_id], score) for passage_id, score in ranked]
