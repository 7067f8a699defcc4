"""An index whose vectors come from a server, which dies, comes back, and changes its model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from support.builders.folder import edit, run, write
from support.servers.embedding import EmbeddingServer, serving

from retrieval.answering.sanad import Sanad
from retrieval.concurrency.retries import RetryPolicy
from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.http import ServerEmbedding
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
    return [article.path for article in index.catalog.articles()]


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


def test_a_model_that_dies_in_a_refresh_leaves_the_words_and_the_next_one_makes_the_vectors(
    server: EmbeddingServer, index: Index, folder: Path
) -> None:
    edit(folder)
    for number in range(200):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    server.dies_after = 1
    report = index.refresh(folder)
    assert report.failure == f"The embedding server {server.url} cannot answer now (503). Try again later."
    assert (report.changed, len(report.new), report.pending) == (("a.txt",), 200, 201)
    found = index.search("محصول القمح")
    assert (found.hits[0].lexical_rank, found.pending) == (1, 201 / 203)
    server.dies_after = None
    report = index.refresh(folder)
    assert (report.changed, report.new, report.pending, report.failure) == ((), (), 0, None)
    found = index.search("محصول القمح")
    assert (found.failure, found.pending) == (None, 0.0)
    assert len(found.similarities) == len(found.hits)


def test_a_new_model_leaves_the_old_index_until_its_own_is_complete(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    run(data, folder)
    server.dies_after = 0
    with Index.open(data, embedder) as index:
        assert index.refresh(folder).rebuilt == (
            "The index was made with embedding hashing-1 and rows 3, a passage each, "
            "this is embedding ollama:tiny and rows 3, a sentence each: built anew beside the old one."
        )
        assert Sanad(index).ask(QUESTION).lexical_only
        with Index.open(data, make_embedder("hashing")) as old:
            assert Sanad(old).ask(QUESTION).found
        server.dies_after = None
        assert index.refresh(folder).pending == 0
        assert not Sanad(index).ask(QUESTION).lexical_only
    assert len(list(data.glob("index-*"))) == 1


def test_another_model_by_the_same_name_is_noticed(server: EmbeddingServer, index: Index, folder: Path) -> None:
    server.dimensions = 32
    found = index.search(QUESTION)
    assert found.hits
    assert "gives vectors of 32 dimensions, and the index holds 64" in str(found.failure)
    edit(folder)
    report = index.refresh(folder)
    assert report.pending == 1
    assert re.search(r"another model by the same name\. Delete the folder .* run: sanad index", str(report.failure))


def test_a_build_that_failed_does_not_tie_the_model(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    for number in range(300):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    server.dies_after = 2
    with Index.open(data, embedder) as index:
        assert index.refresh(folder).failure
        server.dies_after, server.dimensions = None, 32
        assert index.refresh(folder).pending == 0


def test_progress_keeps_pace_with_the_model(
    server: EmbeddingServer, embedder: ServerEmbedding, data: Path, folder: Path
) -> None:
    for number in range(300):
        write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
    sent: list[int] = []

    def note(progress: Progress) -> None:
        if progress.phase == "vectors":
            sent.append(len(server.texts))

    with Index.open(data, embedder) as index:
        index.refresh(folder, note)
    assert sent[-1] == 303
    assert max(after - before for before, after in pairwise([0, *sent])) <= embedder.embed_batch_size
