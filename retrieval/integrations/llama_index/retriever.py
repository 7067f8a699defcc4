"""Sanad's index as a LlamaIndex retriever and its embedded model as an embedding, for the engines of that ecosystem."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from retrieval.embeddings.hashing import HashingEmbedder, embed
from retrieval.index.index import Index
from retrieval.types import Article, Hit


class EmbeddedEmbedding(BaseEmbedding):
    """The embedded embedding model as LlamaIndex has it; the vectors are the same."""

    model_name: str = HashingEmbedder.model_name

    def _get_text_embedding(self, text: str) -> list[float]:
        return embed(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return embed(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return embed(query)


class PassageRetriever(BaseRetriever):
    """Retrieves passages as text nodes whose ids, offsets and metadata are those of the index."""

    def __init__(self, index: Index, limit: int = 10, **options: Any) -> None:
        """Retrieve at most `limit` passages; the options are LlamaIndex's own."""
        self._index = index
        self._limit = limit
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search(query_bundle.query_str, self._limit, collapse="story").hits
        return [node_of(hit, self._index.article_by_id(hit.passage.article_id)) for hit in hits]


def node_of(hit: Hit, article: Article) -> NodeWithScore:
    """Return a passage as LlamaIndex has it; its offsets count code points of the article's text."""
    passage = hit.passage
    metadata = {
        "article_id": article.article_id,
        "path": article.path,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "start": passage.start,
        "end": passage.end,
    }
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["article_id", "path", "start", "end"],
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
    return NodeWithScore(node=node, score=hit.score)
