"""A real language model that is far too small for its task: whatever comes of it, what is shown is the articles'."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.servers.small_model import missing, small_model
from typer.testing import CliRunner

from bot.cli.main import app
from bot.rendering.texts import failure_text

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROOMY, NARROW = 8192, 512  # tokens of context: all that the model was made for, and less than the rules alone take
OVERFLOW = "exceeds the available context size (512 tokens)"  # in llama.cpp's words
SOCHI = "أين التقى لافروف وبومبيو؟"
WHERE = "Where did Lavrov meet Pompeo?"  # the rules in English take fewer of the model's tokens
FALSE = "Lavrov met Pompeo in Paris"
PLAIN = {"SANAD_LLM": "llama-index:llama_index.llms.openai_like.OpenAILike:small"}  # asked for lines, by no schema
PLAIN |= {"SANAD_LLM_OPTIONS": '{"is_chat_model": true}', "SANAD_LLM_API_KEY": "none"}


@pytest.fixture(autouse=True)
def _provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_LLM", "openai-like:small")
    monkeypatch.setenv("SANAD_LLM_TIMEOUT", "240")
    monkeypatch.setenv("SANAD_LLM_FIRST_TOKEN", "240")
    monkeypatch.setenv("SANAD_LLM_MAX_TOKENS", "40")
    monkeypatch.setenv("SANAD_LLM_PASSAGE_TOKENS", "200")  # it reads some 400 tokens a second on two cores


def ask(question: str, url: str, **more: str) -> Mapping[str, Any]:
    result = CliRunner(env={"SANAD_LLM_BASE_URL": url, **more}).invoke(app, ["ask", "--json", question])
    assert result.exit_code == 0, result.output
    answer: Mapping[str, Any] = json.loads(result.stdout)
    return answer


def assert_holds(answer: Mapping[str, Any], articles: Path) -> None:
    """Hold an answer to what every one promises: a sentence has its quotes, and a quote is the article's own words."""
    assert answer["sentences"]
    quotes = {cited["number"]: cited for cited in answer["citations"]}
    for cited in quotes.values():
        text = (articles / cited["path"]).read_text(encoding="utf-8")
        assert text[cited["start"] : cited["end"]] == cited["quote"]
    for sentence in answer["sentences"]:
        assert sentence["citations"]
        if answer["mode"] == "extractive":
            assert any(quotes[number]["quote"] == sentence["text"] for number in sentence["citations"])
    assert answer["mode"] == "llm" or answer["notice"]


@pytest.mark.parametrize("question", [SOCHI, WHERE])
def test_what_a_small_model_writes_never_spoils_an_answer(articles: Path, question: str) -> None:
    with small_model(ROOMY) as url:
        assert_holds(ask(question, url), articles)


@pytest.mark.parametrize("provider", [{}, PLAIN])
def test_context_that_is_too_small_leaves_the_quotes(articles: Path, provider: Mapping[str, str]) -> None:
    with small_model(NARROW) as url:
        answer = ask(SOCHI, url, **provider)
    assert_holds(answer, articles)
    assert answer["mode"] == "extractive"
    assert answer["notice"].startswith(failure_text("ar", "too_long"))
    assert OVERFLOW in answer["notice"]
    assert OVERFLOW in answer["server_words"]


def test_reply_without_a_word_leaves_the_quotes(articles: Path) -> None:
    with small_model(ROOMY, 'root ::= ""') as url:
        answer = ask(WHERE, url, **PLAIN)
    assert_holds(answer, articles)
    assert answer["notice"].startswith(failure_text("en", "empty"))


def test_false_sentence_is_not_shown_however_it_is_cited(articles: Path) -> None:
    with small_model(ROOMY, f'root ::= "{FALSE} [" [1-9] [0-9] "]."') as url:
        answer = ask(WHERE, url, **PLAIN)
    assert_holds(answer, articles)
    assert "Paris" not in answer["text"]
    assert answer["notice"].startswith(failure_text("en", "unsupported"))


def test_doctor_says_in_the_server_s_words_that_its_context_is_too_small(articles: Path) -> None:
    with small_model(NARROW) as url:
        result = CliRunner(env={"SANAD_LLM_BASE_URL": url, "COLUMNS": "500"}).invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert OVERFLOW in result.stdout
    assert "SANAD_LLM_PASSAGE_TOKENS" in result.stdout


def test_server_that_does_not_know_the_path_is_named(articles: Path) -> None:
    with small_model(NARROW) as url:
        answer = ask(SOCHI, f"{url}/elsewhere")
    assert_holds(answer, articles)
    assert answer["notice"].startswith(failure_text("ar", "unknown_model"))
