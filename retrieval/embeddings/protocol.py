"""What the core asks of an embedding model."""

from __future__ import annotations

from typing import Protocol


class Embedder(Protocol):
    """What is used of an embedding model, as LlamaIndex's `BaseEmbedding` has it."""

    model_name: str
    embed_batch_size: int  # passages

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages."""
        ...

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question."""
        ...
