"""Which embedding model a setting means; each is imported only when it is chosen."""

from __future__ import annotations

import re

from pydantic import SecretStr

from retrieval.embeddings.hashing import HashingEmbedder
from retrieval.embeddings.protocol import Embedder
from retrieval.errors import SettingsError

KNOWN = ("embedded", "onnx:MODEL", "ollama:MODEL", "openai:MODEL", "openai-like:MODEL", "llama-index:CLASS:MODEL")
_PREFIXES = (  # what a model was trained to see before a question and before a passage, by its name
    (r"\be5-[\w-]+-instruct\b", "Instruct: Retrieve passages that answer the question\nQuery: ", ""),
    (r"\be5\b", "query: ", "passage: "),
    (r"\bnomic-embed-text\b", "search_query: ", "search_document: "),
)


def make_embedder(name: str, base_url: str = "", api_key: SecretStr | None = None) -> Embedder:
    """Return the embedding model of a `SANAD_EMBEDDING` value; nothing is loaded or called yet.

    Its `model_name` tells indexes apart: provider, model and prefixes, but not the server, which may move.

    Args:
        name: One of KNOWN.
        base_url: Where the server is, or the model hub's mirror; empty for the provider's own place.
        api_key: The key for that place, if it wants one.

    Raises:
        SettingsError: the name is not known, or the provider lacks a setting or a package.
    """
    if name == "embedded":
        return HashingEmbedder()
    provider, _, model = name.partition(":")
    query_prefix, passage_prefix = prefixes(model)
    described = {
        "model_name": name + (f" with {query_prefix!r} and {passage_prefix!r}" if query_prefix else ""),
        "model": model,
        "query_prefix": query_prefix,
        "passage_prefix": passage_prefix,
    }
    if model and provider == "onnx":
        from retrieval.embeddings.onnx import OnnxEmbedding

        return OnnxEmbedding.make(described, base_url, api_key)
    if model and provider in ("ollama", "openai", "openai-like"):
        from retrieval.embeddings.http import ServerEmbedding

        return ServerEmbedding.make(provider, described, base_url, api_key)
    advice = f" Write onnx:{model} for a model in the ONNX format." if model and provider == "fastembed" else ""
    raise SettingsError(f"SANAD_EMBEDDING: {name!r} is not known; known: {', '.join(KNOWN)}.{advice}")


def prefixes(model: str) -> tuple[str, str]:
    """Return what a model wants before a question and before a passage.

    >>> prefixes("intfloat/multilingual-e5-small"), prefixes("bge-m3")
    (('query: ', 'passage: '), ('', ''))
    """
    for pattern, query, passage in _PREFIXES:
        if re.search(pattern, model, re.IGNORECASE):
            return query, passage
    return "", ""
