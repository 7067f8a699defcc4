"""Others read our rows in Chroma: its own client, and LlamaIndex's vector store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import chromadb
import pytest
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore
from support.builders.folder import EMBEDDER
from support.servers.chroma import ChromaServer

from bot.config.settings import Settings
from bot.config.wiring import open_index
from retrieval.concurrency.threads import Calls
from retrieval.index.index import Index
from retrieval.integrations.llama_index.embedding import SanadEmbedding
from retrieval.integrations.llama_index.retriever import SanadRetriever
from retrieval.stores.vectors.http_api import Connection


@pytest.fixture
def collection(index: Index) -> Iterator[Collection]:
    """Return the one segment of the index, as anybody opens it."""
    (segment,) = Path(".sanad").glob("index-*/vectors/*")
    client = chromadb.PersistentClient(str(segment.absolute()), ChromaSettings(anonymized_telemetry=False))
    yield client.get_collection("passages")
    client.close()  # type: ignore[attr-defined]


def test_a_row_holds_a_passage_and_what_is_known_of_it(index: Index, collection: Collection) -> None:
    article = index.article("bridge.txt")
    (passage, *_) = index.catalog.passages_of(article.article_id)
    found = collection.get(ids=[passage.passage_id])
    assert found["documents"] == [passage.text]
    metadata = dict((found["metadatas"] or [{}])[0])
    assert {key: metadata[key] for key in metadata if not key.startswith("_")} == {
        "article_id": article.article_id,
        "document_id": article.article_id,
        "path": "bridge.txt",
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "start": passage.start,
        "end": passage.end,
    }


def test_rows_can_be_filtered_by_metadata_and_by_text(collection: Collection) -> None:
    assert collection.get(where={"published": "2019-05-14"})["ids"]
    assert collection.get(where_document={"$contains": "لافروف"})["ids"]


def test_the_vector_store_of_llamaindex_answers_from_it(index: Index, collection: Collection) -> None:
    store = ChromaVectorStore(chroma_collection=collection)
    searched = VectorStoreIndex.from_vector_store(store, embed_model=SanadEmbedding(EMBEDDER))
    found = searched.as_retriever(similarity_top_k=1)
    (theirs,) = found.retrieve("من التقى لافروف؟")
    (ours,) = SanadRetriever(index, 1, "vector").retrieve("من التقى لافروف؟")
    assert isinstance(theirs.node, TextNode)
    assert isinstance(ours.node, TextNode)
    assert theirs.node.model_dump() == ours.node.model_dump()


def test_its_filters_work_on_our_metadata(collection: Collection) -> None:
    store = ChromaVectorStore(chroma_collection=collection)
    found = VectorStoreIndex.from_vector_store(store, embed_model=SanadEmbedding(EMBEDDER)).as_retriever(
        filters=MetadataFilters(filters=[MetadataFilter(key="path", value="bridge.txt")])
    )
    assert {node.metadata["path"] for node in found.retrieve("سوريا")} == {"bridge.txt"}


def test_the_rows_on_a_server_are_the_same(articles: Path, chroma: ChromaServer) -> None:
    connection = Connection(chroma.url, "", "default_tenant", "default_database", Calls())
    before = set(connection.names())  # other tests' indexes, on the same server
    with open_index(Settings(chroma_url=chroma.url)) as index:
        index.refresh(articles)
        (ours,) = SanadRetriever(index, 1, "vector").retrieve("من التقى لافروف؟")
        collections = map(connection.collection, set(connection.names()) - before)
        (own,) = (one for one in collections if one.get(ids=[ours.node_id])["ids"])
        store = VectorStoreIndex.from_vector_store(ChromaVectorStore(chroma_collection=own), SanadEmbedding(EMBEDDER))
        (theirs,) = store.as_retriever(similarity_top_k=1).retrieve("من التقى لافروف؟")
        assert theirs.node.model_dump() == ours.node.model_dump()
        connection.close()


def path_in_row(passage_id: str) -> object:
    (segment,) = Path(".sanad").glob("index-*/vectors/*")
    client = chromadb.PersistentClient(str(segment.absolute()), ChromaSettings(anonymized_telemetry=False))
    row = client.get_collection("passages").get(ids=[passage_id])
    client.close()  # type: ignore[attr-defined]
    return dict((row["metadatas"] or [{}])[0])["path"]


def test_a_row_learns_of_a_moved_file_when_its_segment_is_merged(index: Index, articles: Path) -> None:
    (articles / "harvest.txt").rename(articles / "moved.txt")
    index.refresh(articles)
    (node, *_) = SanadRetriever(index, 1).retrieve("محصول القمح في سوريا")
    assert node.metadata["path"] == "moved.txt"
    assert path_in_row(node.node_id) == "harvest.txt"
    for name in ("bridge.txt", "talks/sochi.txt"):
        (articles / name).unlink()
    index.refresh(articles)  # most of the segment is gone, and it is written anew
    assert path_in_row(node.node_id) == "moved.txt"
