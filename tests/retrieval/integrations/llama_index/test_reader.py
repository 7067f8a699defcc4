"""A folder as documents, and documents as nodes."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.schema import Document, NodeRelationship, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from support.builders.folder import EMBEDDER

from retrieval.index.index import Index
from retrieval.integrations.llama_index.embedding import SanadEmbedding
from retrieval.integrations.llama_index.node_parser import ArabicNodeParser
from retrieval.integrations.llama_index.reader import ArticleReader

TEXT = "نعم. قال الوزير: «نعم.» ثم غادر؟ نعم.\n\nوهذه فقرة ثانية، فيها جملة واحدة. نعم."


def test_documents_are_the_articles_of_the_index(index: Index, articles: Path) -> None:
    documents = ArticleReader().load_data(articles)
    assert [(one.doc_id, one.text, one.metadata["path"]) for one in documents] == [
        (article.article_id, article.text, article.path) for article in index.catalog.articles()
    ]


def test_an_id_stays_when_the_file_moves(articles: Path) -> None:
    before = {one.doc_id for one in ArticleReader().load_data(articles)}
    (articles / "bridge.txt").rename(articles / "moved.txt")
    assert {one.doc_id for one in ArticleReader().load_data(articles)} == before


def test_members_of_a_table_are_documents_and_what_cannot_be_read_is_said(articles: Path) -> None:
    rows = [{"title": f"عنوان {at}", "text": f"افتتح الوزير المدرسة {at} في المدينة."} for at in (1, 2)]
    (articles / "table.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (articles / "empty.txt").write_text("", encoding="utf-8")
    reader = ArticleReader()
    assert sum("table.jsonl" in one.metadata["path"] for one in reader.load_data(articles)) == 2
    assert reader.failures == {"empty.txt": "is empty"}


@pytest.mark.parametrize("unit", ["passage", "sentence"])
def test_nodes_are_exact_slices_in_order(unit: str) -> None:
    document = Document(text=TEXT, metadata={"lang": "ar"})
    nodes = ArabicNodeParser(unit=unit).get_nodes_from_documents([document])
    assert all(isinstance(node, TextNode) for node in nodes)
    places = [(node.start_char_idx, node.end_char_idx) for node in nodes]  # type: ignore[attr-defined]
    assert [TEXT[start:end] for start, end in places] == [node.get_content() for node in nodes]
    assert places == sorted(set(places))
    assert all(node.metadata == {"lang": "ar"} and node.ref_doc_id == document.doc_id for node in nodes)


def test_a_sentence_that_repeats_keeps_its_own_place() -> None:
    nodes = ArabicNodeParser(unit="sentence").get_nodes_from_documents([Document(text=TEXT)])
    starts = [node.start_char_idx for node in nodes if node.get_content() == "نعم."]  # type: ignore[attr-defined]
    assert starts == [0, TEXT.index("نعم.\n"), TEXT.rindex("نعم.")]


def test_neighbours_name_each_other() -> None:
    nodes = ArabicNodeParser(unit="sentence").get_nodes_from_documents([Document(text=TEXT)])
    for one, following in pairwise(nodes):
        assert one.relationships[NodeRelationship.NEXT].node_id == following.node_id  # type: ignore[union-attr]
        assert following.relationships[NodeRelationship.PREVIOUS].node_id == one.node_id  # type: ignore[union-attr]


def test_passages_are_those_of_the_index(index: Index, articles: Path) -> None:
    nodes = ArabicNodeParser().get_nodes_from_documents(ArticleReader().load_data(articles))
    own = [passage for article in index.catalog.articles() for passage in index.catalog.passages_of(article.article_id)]
    assert [(node.node_id, node.get_content()) for node in nodes] == [(one.passage_id, one.text) for one in own]


def test_a_part_of_a_part_counts_from_the_document() -> None:
    passages = ArabicNodeParser().get_nodes_from_documents([Document(text=TEXT)])
    for node in ArabicNodeParser(unit="sentence")(passages):
        assert isinstance(node, TextNode)
        assert TEXT[node.start_char_idx : node.end_char_idx] == node.text


def test_a_text_without_a_body_is_cut_by_its_lines() -> None:
    nodes = ArabicNodeParser().get_nodes_from_documents([Document(text="https://example.org/a")])
    assert [node.get_content() for node in nodes] == ["https://example.org/a"]


def test_an_ingestion_pipeline_runs_it_and_takes_nothing_twice(articles: Path) -> None:
    pipeline = IngestionPipeline(
        transformations=[ArabicNodeParser(), SanadEmbedding(EMBEDDER)],
        docstore=SimpleDocumentStore(),
        docstore_strategy=DocstoreStrategy.DUPLICATES_ONLY,
    )
    nodes = pipeline.run(documents=ArticleReader().load_data(articles))
    assert all(node.embedding for node in nodes)
    searched = VectorStoreIndex(nodes, embed_model=SanadEmbedding(EMBEDDER))
    found = searched.as_retriever(similarity_top_k=1).retrieve("لافروف")
    assert found[0].metadata["path"] == "talks/sochi.txt"
    assert not pipeline.run(documents=ArticleReader().load_data(articles))
