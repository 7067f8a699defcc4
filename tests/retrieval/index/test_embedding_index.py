"""An index whose vectors come from a server, which dies, comes back, and changes its model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.builders.folder import edit, run, write
from support.servers.embedding import EmbeddingServer, serving

from retrieval.answering.sanad import Sanad
from retrieval.concurrency.retries import RetryPolicy
from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.http import ServerEmbedding
from retrieval.errors import EmbeddingError
from retrieval.index.index import Index
from retrieval.types import Progress

QUICK = RetryPolicy(tries=2, timeout=5.0, first_pause=0.001, longest_pause=0.0)
QUESTION = "أين التقى شويغو نظيره التركي؟"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as server:
        yield server


@pytest.fixture
def embedder(server: EmbeddingServer) -> ServerEmbedding:
    embedder = make_embedder("ollama:tiny", server.url)
    assert isinstance(embedder, ServerEmbedding)
    embedder.for_passages = embedder.for_question = QUICK
    return embedder


@pytest.fixture
def index(data: Path, folder: Path, embedder: ServerEmbedding) -> Iterator[Index]:
    with Index.open(data, embedder) as index:
        index.refresh(folder)
        yield index


def paths(index: Index) -> list[str]:
    return [article.path for article in index.articles()]


def test_both_legs_find_what_is_asked(index: Index) -> None:
    found = index.search(QUESTION)
    assert found.failure is None
    assert (found.hits[0].lexical_rank, found.hits[0].vector_rank) == (1, 1)
    assert index.article_by_id(found.hits[0].passage.article_id).path == "a.txt"


def test_a_passage_that_shares_no_word_is_found_by_its_vector(index: Index) -> None:
    found = index.search("شويغو")
    assert [hit.lexical_rank for hit in found.hits] == [1, None, None]
    assert all(hit.vector_rank for hit in found.hits)


def test_a_refresh_sends_only_what_is_new(server: EmbeddingServer, index: Index, folder: Path) -> None:
    sent = len(server.texts)
    edit(folder)
    index.refresh(folder)
    assert server.texts[sent:] == ["نص آخر تماما عن محصول القمح."]


def test_a_question_is_answered_by_words_alone_while_the_model_fails(
    server: EmbeddingServer, index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    server.dies_after = 0
    found = index.search(QUESTION)
    assert found.failure == f"The embedding server {server.url} cannot answer now (503). Try again later."
    assert [hit.vector_rank for hit in found.hits] == [None] * len(found.hits)
    assert index.article_by_id(found.hits[0].passage.article_id).path == "a.txt"
    assert 0 <= found.hits[0].score <= 1
    assert caplog.messages == [f"Searched by words alone. {found.failure}"]
    assert Sanad(index).ask(QUESTION).found


def test_a_model_that_dies_in_a_refresh_leaves_the_old_state(
    server: EmbeddingServer, index: Index, folder: Path
) -> None:
    edit(folder)
    for number in range(200):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    server.dies_after = 1
    with pytest.raises(EmbeddingError, match="503"):
        index.refresh(folder)
    assert paths(index) == ["a.txt", "b.txt", "deep/c.txt"]
    assert "شويغو" in index.article("a.txt").text
    server.dies_after = None
    assert index.refresh(folder).changed == ("a.txt",)
    assert len(paths(index)) == 203
    assert index.search("محصول القمح").failure is None


def test_a_new_model_leaves_the_old_index_until_its_own_is_complete(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    run(data, folder)
    server.dies_after = 0
    with Index.open(data, embedder) as index:
        with pytest.raises(EmbeddingError):
            index.refresh(folder)
        with Index.open(data, make_embedder("hashing")) as old:
            assert Sanad(old).ask(QUESTION).found
        server.dies_after = None
        rebuilt = index.refresh(folder).rebuilt
        assert rebuilt == (
            "The index was made with embedding hashing-1, this is embedding ollama:tiny: built anew beside the old one."
        )
        assert Sanad(index).ask(QUESTION).found
    assert len(list(data.glob("index-*"))) == 1


def test_another_model_by_the_same_name_is_noticed(server: EmbeddingServer, index: Index, folder: Path) -> None:
    server.dimensions = 32
    found = index.search(QUESTION)
    assert found.hits
    assert "gives vectors of 32 dimensions, and the index holds 64" in str(found.failure)
    edit(folder)
    with pytest.raises(EmbeddingError, match=r"another model by the same name\. Delete the folder .* run: sanad index"):
        index.refresh(folder)
    assert "شويغو" in index.article("a.txt").text


def test_a_build_that_failed_does_not_tie_the_model(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    for number in range(300):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    server.dies_after = 2
    with Index.open(data, embedder) as index:
        with pytest.raises(EmbeddingError):
            index.refresh(folder)
        server.dies_after, server.dimensions = None, 32
        assert len(index.refresh(folder).new) == 303


def test_progress_keeps_pace_with_the_model(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    for number in range(300):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    embedded: list[int] = []

    def note(progress: Progress) -> None:
        embedded.append(progress.done - len(server.texts))

    with Index.open(data, embedder) as index:
        index.refresh(folder, note)
    assert max(embedded) <= 2 * embedder.embed_batch_size
