"""Any of Sanad's embedding models as LlamaIndex has them; the vectors are the same."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.protocol import Embedder


class SanadEmbedding(BaseEmbedding):
    """An embedding model that an index is made with; the default of `make_embedder` unless another is given."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None, **fields: Any) -> None:
        """Take the model, as `make_embedder` gives it; the fields are LlamaIndex's own."""
        embedder = embedder or make_embedder()
        own = {"model_name": embedder.model_name, "embed_batch_size": embedder.embed_batch_size}
        super().__init__(**{**own, **fields})
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex stores the model."""
        return "SanadEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embedder.get_query_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.get_text_embedding_batch(texts)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)
