"""Which embedding model a setting means."""

from __future__ import annotations

import pytest

from retrieval.embeddings.factory import make_embedder, prefixes
from retrieval.embeddings.hashing import HashingEmbedder
from retrieval.errors import SettingsError


def test_the_embedded_model_needs_nothing_else() -> None:
    assert isinstance(make_embedder("embedded"), HashingEmbedder)


@pytest.mark.parametrize("name", ["word2vec", "", "openai", "ollama:", "huggingface:bge-m3"])
def test_an_unknown_embedder_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_embedder(name)
    assert str(caught.value) == (
        f"SANAD_EMBEDDING: {name!r} is not known; "
        "known: embedded, onnx:MODEL, ollama:MODEL, openai:MODEL, openai-like:MODEL, llama-index:CLASS:MODEL."
    )


def test_a_model_of_fastembed_is_had_without_it() -> None:
    with pytest.raises(SettingsError, match=r"Write onnx:intfloat/multilingual-e5-small for"):
        make_embedder("fastembed:intfloat/multilingual-e5-small")


@pytest.mark.parametrize(
    ("model", "query", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        (
            "intfloat/multilingual-e5-large-instruct",
            "Instruct: Retrieve passages that answer the question\nQuery: ",
            "",
        ),
        ("intfloat/e5-mistral-7b-instruct", "Instruct: Retrieve passages that answer the question\nQuery: ", ""),
        ("nomic-embed-text:v1.5", "search_query: ", "search_document: "),
        ("text-embedding-3-small", "", ""),
        ("e5x/bge-m3", "", ""),
    ],
)
def test_a_model_gets_the_prefixes_that_it_was_trained_with(model: str, query: str, passage: str) -> None:
    assert prefixes(model) == (query, passage)
