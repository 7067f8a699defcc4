"""What the core asks of an embedding model."""

from __future__ import annotations

from typing import Literal, Protocol

Unit = Literal["sentence", "passage"]  # what gets a vector of its own


class Embedder(Protocol):
    """What is used of an embedding model, as LlamaIndex's `BaseEmbedding` has it."""

    model_name: str
    embed_batch_size: int  # texts

    @property
    def unit(self) -> Unit:
        """Return what the vectors of an index stand for; a model's say more of a sentence than of a passage."""
        ...

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts of articles."""
        ...

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question."""
        ...
