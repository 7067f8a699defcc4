"""Answers before there are vectors: what is said of it, and who makes them meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, SentenceEmbedder, run, state, state_from_scratch
from typer.testing import CliRunner, Result

from bot.cli import archive
from bot.cli.background import vectors_in_background
from bot.cli.main import app
from bot.rendering.answer_lines import vector_lines
from retrieval.errors import EmbeddingError
from retrieval.index import vector_writer
from retrieval.index.index import Index

SOCHI = "أين التقى لافروف وبومبيو؟"
PENDING = "3 articles have no vectors yet and are searched by words alone. Make them: sanad index\n"


def sanad(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60.0
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def _patience_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody wait for vectors, however few they are."""
    monkeypatch.setattr(vector_writer, "FEW_ROWS", {"sentence": 0, "passage": 0})


@pytest.mark.usefixtures("articles", "_patience_for_none")
def test_a_question_is_answered_by_words_and_told_what_is_missing_until_the_index_is_complete() -> None:
    line = vector_lines("ar", lexical_only=False, pending=1.0)[0]
    answered = sanad("ask", SOCHI)
    assert answered.stdout.startswith(f"{line}\n«التقى")
    assert answered.stderr.endswith(PENDING)
    told = json.loads(sanad("ask", "--json", SOCHI).stdout)
    assert (told["vectors_pending"], told["lexical_only"], told["notice"]) == (1.0, False, line)
    assert sanad("search", SOCHI).stdout.startswith(f"{line}\n")
    assert json.loads(sanad("search", "--json", SOCHI).stdout)["vectors_pending"] == 1.0
    assert "3 articles, 4 passages, 3 articles without vectors" in " ".join(sanad("doctor").stdout.split())
    assert json.loads(sanad("index", "--json").stdout)["vectors_pending"] == 0
    answered = sanad("ask", SOCHI)
    assert (answered.stdout.startswith("«التقى"), answered.stderr) == (True, "")


@pytest.mark.usefixtures("articles")
def test_few_vectors_are_waited_for() -> None:
    assert json.loads(sanad("ask", "--json", SOCHI).stdout)["vectors_pending"] == 0.0


@pytest.mark.usefixtures("articles")
def test_an_index_says_when_words_are_there_if_vectors_take_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "WORTH_SAYING", 0)
    indexed = sanad("index")
    assert indexed.stderr == "The articles can be searched by their words now; their vectors follow.\n"
    assert sanad("index").stderr == ""


@pytest.mark.usefixtures("_patience_for_none")
def test_a_conversation_makes_them_meanwhile(data: Path, folder: Path) -> None:
    with Index.open(data, EMBEDDER) as index:
        index.refresh(folder, extent="few")
        assert index.catalog.pending_count() == 3
        with vectors_in_background(index, folder) as trouble:
            until(lambda: not index.catalog.pending_count())
            assert index.search("شويغو").pending == 0.0
            assert trouble() is None
    assert state(data) == state_from_scratch(folder)


class Held(SentenceEmbedder):
    """A model that takes its time: until it is let go, and then it fails."""

    embed_batch_size = 1

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:  # noqa: ARG002 - the protocol's
        self.asked.set()
        self.let_go.wait(60.0)
        raise EmbeddingError("The embedding model cannot be reached.")


def test_why_some_could_not_be_made_is_told_once(data: Path, folder: Path) -> None:
    embedder = Held()
    embedder.let_go.set()
    with Index.open(data, embedder) as index:
        index.refresh(folder, extent="none")
        with vectors_in_background(index, folder) as trouble:
            told: list[str | None] = []
            until(lambda: told.append(trouble()) or told[-1])
            assert (told[-1], trouble()) == ("The embedding model cannot be reached.", None)
            assert index.search("شويغو").hits


def test_a_conversation_that_ends_leaves_the_rest_to_the_next(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.background.JOINED_SECONDS", 0.0)
    embedder = Held()
    with Index.open(data, embedder) as index:
        index.refresh(folder, extent="none")
        with vectors_in_background(index, folder):
            embedder.asked.wait(60.0)
            assert index.search("شويغو").hits[0].lexical_rank == 1
        assert index.catalog.pending_count() == 3
        embedder.let_go.set()
    until(lambda: not [one for one in threading.enumerate() if one.name == "vectors"])
    run(data, folder, SentenceEmbedder())
    assert state(data, SentenceEmbedder()) == state_from_scratch(folder, SentenceEmbedder())
