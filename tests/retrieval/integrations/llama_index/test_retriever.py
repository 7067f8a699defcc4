"""The index as a LlamaIndex retriever, and its embedding model."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import CompactAndRefine
from llama_index.core.schema import NodeWithScore, TextNode
from support.builders.e5 import needs_e5
from support.builders.folder import EMBEDDER

from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.integrations.llama_index.embedding import SanadEmbedding
from retrieval.integrations.llama_index.retriever import SanadRetriever
from retrieval.types import Filters

BRIDGE = "كم بلغت كلفة الجسر؟"


def told(nodes: list[NodeWithScore]) -> list[tuple[str, str, float | None]]:
    return [(node.node_id, node.text, node.score) for node in nodes]


def test_nodes_are_the_passages_that_search_finds(index: Index) -> None:
    hits = index.search(BRIDGE, limit=2).hits
    nodes = SanadRetriever(index, limit=2).retrieve(BRIDGE)
    assert told(nodes) == [(hit.passage.passage_id, hit.passage.text, hit.score) for hit in hits]


def test_a_node_names_its_article_and_the_place_in_it(index: Index) -> None:
    node = SanadRetriever(index, limit=1).retrieve(BRIDGE)[0].node
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
    assert node.ref_doc_id == article.article_id


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "vector"])
def test_each_mode_finds_by_its_own_scores(index: Index, mode: Literal["hybrid", "lexical", "vector"]) -> None:
    nodes = SanadRetriever(index, limit=2, mode=mode).retrieve(BRIDGE)
    assert nodes[0].metadata["path"] == "bridge.txt"
    assert len({SanadRetriever(index, 1, one).retrieve(BRIDGE)[0].score for one in ("hybrid", mode)}) == (
        1 if mode == "hybrid" else 2
    )


def test_filters_hold(index: Index) -> None:
    filters = Filters(source="وكالة الضفة")
    for mode in ("hybrid", "lexical", "vector"):
        nodes = SanadRetriever(index, mode=mode, filters=filters).retrieve("سوريا")  # type: ignore[arg-type]
        assert {node.metadata["path"] for node in nodes} <= {"bridge.txt"}


def test_it_is_awaited_without_holding_the_loop(index: Index) -> None:
    async def both() -> tuple[list[NodeWithScore], int]:
        retriever, beats = SanadRetriever(index, limit=1), 0
        task = asyncio.create_task(retriever.aretrieve(BRIDGE))
        while not task.done():
            await asyncio.sleep(0)
            beats += 1
        return await task, beats

    nodes, beats = asyncio.run(both())
    assert told(nodes) == told(SanadRetriever(index, limit=1).retrieve(BRIDGE))
    assert beats > 1


def test_a_stock_query_engine_sits_on_it(index: Index) -> None:
    llm = MockLLM(max_tokens=8)
    engine = RetrieverQueryEngine(SanadRetriever(index, limit=2), CompactAndRefine(llm=llm))
    response = engine.query("من التقى لافروف؟")
    assert str(response)
    assert response.source_nodes[0].metadata["path"] == "talks/sochi.txt"


@pytest.mark.parametrize("name", ["hashing", pytest.param("e5", marks=needs_e5)])
def test_an_embedder_is_an_embedding_of_llamaindex_with_the_same_vectors(name: str) -> None:
    own = make_embedder(name)
    theirs = SanadEmbedding(own)
    assert theirs.get_text_embedding_batch(["إدلب", "سوتشي"]) == own.get_text_embedding_batch(["إدلب", "سوتشي"])
    assert theirs.get_query_embedding("Idlib") == own.get_query_embedding("Idlib")
    assert asyncio.run(theirs.aget_text_embedding_batch(["إدلب"])) == own.get_text_embedding_batch(["إدلب"])
    assert (theirs.model_name, theirs.embed_batch_size) == (own.model_name, own.embed_batch_size)


@needs_e5
def test_it_is_e5_unless_another_is_given() -> None:
    assert SanadEmbedding().model_name == make_embedder("e5").model_name


def test_a_vector_store_index_of_llamaindex_searches_with_it() -> None:
    nodes = [TextNode(text=text) for text in ("تراجع محصول القمح في سوريا", "افتتح الوزير جسر النيل")]
    found = (
        VectorStoreIndex(nodes, embed_model=SanadEmbedding(EMBEDDER)).as_retriever(similarity_top_k=1).retrieve("wheat")
    )
    assert found[0].text == "تراجع محصول القمح في سوريا"
