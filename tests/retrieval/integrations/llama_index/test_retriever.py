"""The index as a LlamaIndex retriever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import CompactAndRefine
from llama_index.core.schema import TextNode

from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.integrations.llama_index.retriever import EmbeddedEmbedding, PassageRetriever


@pytest.fixture
def index(tmp_path: Path, articles: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "data", make_embedder("embedded")) as index:
        index.refresh(articles)
        yield index


def test_nodes_are_the_passages_that_search_finds(index: Index) -> None:
    hits = index.search("كم بلغت كلفة الجسر؟", limit=2).hits
    nodes = PassageRetriever(index, limit=2).retrieve("كم بلغت كلفة الجسر؟")
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (hit.passage.passage_id, hit.passage.text, hit.score) for hit in hits
    ]


def test_a_node_names_its_article_and_the_place_in_it(index: Index) -> None:
    node = PassageRetriever(index, limit=1).retrieve("كم بلغت كلفة الجسر؟")[0].node
    assert isinstance(node, TextNode)
    article = index.article("bridge.txt")
    assert node.metadata == {
        "article_id": article.article_id,
        "path": "bridge.txt",
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "start": node.start_char_idx,
        "end": node.end_char_idx,
    }
    assert article.text[node.start_char_idx : node.end_char_idx] == node.text


def test_a_stock_query_engine_sits_on_it(index: Index) -> None:
    llm = MockLLM(max_tokens=8)
    engine = RetrieverQueryEngine(PassageRetriever(index, limit=2), CompactAndRefine(llm=llm))
    response = engine.query("من التقى لافروف؟")
    assert str(response)
    assert response.source_nodes[0].metadata["path"] == "talks/sochi.txt"


def test_the_embedded_model_is_an_embedding_of_llamaindex_with_the_same_vectors() -> None:
    own, theirs = make_embedder("embedded"), EmbeddedEmbedding()
    assert theirs.get_text_embedding_batch(["إدلب", "سوتشي"]) == own.get_text_embedding_batch(["إدلب", "سوتشي"])
    assert theirs.get_query_embedding("Idlib") == own.get_query_embedding("Idlib")
    assert theirs.model_name == own.model_name
