"""The commands with their vectors on a real Chroma server, while it is there and while it is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.servers.chroma import ChromaServer, Guard
from support.servers.ports import free_port
from typer.testing import CliRunner, Result

from bot.cli.main import app

SOCHI = "أين التقى لافروف وبومبيو؟"
ALONE = {
    "ar": "تعذر البحث بالمعنى الآن؛ فهذا ما وجده البحث بالكلمات وحدها.",
    "en": "The vectors could not be searched just now; this was found by words alone.",
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def bare(text: str) -> str:
    """Return a text as one line without isolates."""
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


@pytest.fixture
def url(chroma: ChromaServer, articles: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    assert articles.exists()
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("SANAD_CHROMA_URL", chroma.url)
    return chroma.url


@pytest.mark.parametrize(
    ("question", "language"), [(SOCHI, "ar"), ("Where did Lavrov meet Pompeo?", "en"), ("ماذا قال ترامب؟", "ar")]
)
def test_an_asker_is_told_that_words_alone_have_answered(
    url: str, chroma: ChromaServer, question: str, language: str
) -> None:
    before = run("ask", question)
    assert ALONE[language] not in bare(before.stdout)
    chroma.kill()
    after = run("ask", question)
    assert after.exit_code == 0
    assert bare(after.stdout).startswith(f"{ALONE[language]} {bare(before.stdout)[:40]}")
    assert f"The Chroma server {url} cannot be reached." in bare(after.stderr)
    assert "This answers by words where vectors are missing." in bare(after.stderr)
    told = json.loads(run("ask", "--json", question).stdout)
    assert (told["lexical_only"], told["notice"]) == (True, ALONE[language])
    assert ALONE[language] in bare(run("search", question).stdout)
    assert json.loads(run("search", "--json", question).stdout)["lexical_only"]


def test_the_first_index_without_the_server_is_one_of_words(url: str, chroma: ChromaServer) -> None:
    chroma.kill()
    result = run("index")
    assert result.exit_code == 1
    assert "3 new" in result.stdout
    assert f"The Chroma server {url} cannot be reached. Look whether it runs" in bare(result.stderr)
    assert "[1]" in bare(run("ask", SOCHI).stdout)


def test_the_vectors_of_a_change_wait_for_the_server(url: str, chroma: ChromaServer, articles: Path) -> None:
    assert "3 new" in run("index").stdout
    (articles / "volcano.txt").write_text("ثار بركان إتنا في صقلية صباح الأربعاء.\n", encoding="utf-8")
    chroma.kill()
    result = run("index", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["new"], told["vectors_pending"]) == (["volcano.txt"], 1)
    assert "cannot be reached" in told["failure"]
    assert "إتنا" in run("ask", "أين ثار بركان إتنا؟").stdout
    chroma.start()
    assert json.loads(run("index", "--json").stdout)["vectors_pending"] == 0
    assert not json.loads(run("ask", "--json", "أين ثار بركان إتنا؟").stdout)["lexical_only"]


def test_going_to_a_server_and_back_is_said(url: str, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANAD_CHROMA_URL")
    run("index")
    monkeypatch.setenv("SANAD_CHROMA_URL", url)
    assert f"made with vectors embedded, this is vectors {url}: built anew" in bare(run("ask", SOCHI).stderr)
    monkeypatch.delenv("SANAD_CHROMA_URL")
    assert f"made with vectors {url}, this is vectors embedded: built anew" in bare(run("ask", SOCHI).stderr)


def test_doctor_shows_the_server_and_no_token(url: str, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    guard.token = "s3cret"
    monkeypatch.setenv("SANAD_CHROMA_URL", guard.url)
    monkeypatch.setenv("SANAD_CHROMA_TOKEN", "s3cret")
    run("index")
    shown = bare(run("doctor").output)
    assert re.search(
        r"version 1\.\S+ answers in \d+ ms; in default_tenant/default_database: \d+ collections, 1 of", shown
    )
    monkeypatch.setenv("SANAD_CHROMA_TOKEN", "wr0ng")
    result = run("doctor")
    assert result.exit_code == 1
    assert "refuses the token (HTTP 401). Look at SANAD_CHROMA_TOKEN" in bare(result.output)
    assert "s3cret" not in shown
    assert "wr0ng" not in result.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("localhost:8000", "an address as http://localhost:8000 is needed; it is 'localhost:8000'"),
        ("http://me:hunter2@localhost", "an address without a name, password or query is needed."),
        ("http://localhost?token=hunter2", "an address without a name, password or query is needed."),
    ],
)
def test_an_address_that_cannot_work_is_refused_and_a_secret_in_it_not_shown(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("SANAD_CHROMA_URL", address)
    result = run("ask", SOCHI)
    assert result.exit_code == 1
    assert f"SANAD_CHROMA_URL: {said}" in bare(result.stderr)
    assert "hunter2" not in result.output


def test_a_server_that_is_not_there_is_named(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert articles.exists()
    monkeypatch.setenv("SANAD_CHROMA_URL", f"http://127.0.0.1:{free_port()}")
    result = run("ask", SOCHI)
    assert result.exit_code == 0
    assert "cannot be reached. Look whether it runs, and at SANAD_CHROMA_URL." in bare(result.stderr)
