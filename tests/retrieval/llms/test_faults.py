"""What breaks on the way to a model: each ends in time, in a verified or an extractive answer with an honest notice."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.servers.model import Behaviour, ModelServer, cut, drips, fails, says, says_as_ollama, sends, silent
from support.servers.ports import free_port

from bot.config.settings import Settings
from bot.config.wiring import make_model
from prompts import Prompt
from retrieval.answering.sanad import Sanad
from retrieval.errors import ModelError, SettingsError
from retrieval.index.index import Index
from retrieval.llms.client import LLMClient
from retrieval.llms.providers import make_llm
from retrieval.types import Answer, LLMFailure

SOCHI = "أين التقى لافروف وبومبيو؟"
TRUE = "التقى لافروف وبومبيو في سوتشي {سوتشي}."
KEY = "sk-secret"


def ask(index: Index, url: str, question: str = SOCHI, timeout: float = 20.0) -> Answer:
    settings = Settings(llm="openai-like:m", llm_base_url=url, llm_api_key=KEY, llm_timeout=timeout)
    with Sanad(index, model=make_model(settings)) as sanad:
        return sanad.ask(question)


def model_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sanad-model"]


@pytest.mark.parametrize(
    ("behaviour", "notice"),
    [
        (fails(401), "refused"),
        (fails(403), "refused"),
        (fails(404), "unknown_model"),
        (fails(429), "busy"),
        (fails(429, Retry_After="3600"), "busy"),
        (fails(500), "broken"),
        (fails(503), "busy"),
        (sends("data: {not json\n\n"), "broken"),
        (sends('data: {"error": {"message": "overloaded"}}\n\n'), "broken"),
        (sends("<html>hello</html>"), "empty"),
        (sends(), "empty"),
        (says(""), "empty"),
        (says("  \n"), "empty"),
        (cut(""), "cut"),
        (cut("التقى لافروف"), "cut"),
        (says("التقى لافروف", finish=None), "cut"),
        (says("", finish="content_filter"), "declined"),
        (says("عذرًا، لا يمكنني الإجابة عن هذا السؤال."), "declined"),
        (says("I'm sorry, but I can't help with that."), "declined"),
        (says("Lavrov met Pompeo in Sochi {سوتشي}."), "language"),
    ],
)
def test_failure_leaves_the_extract_and_is_named(
    index: Index, server: ModelServer, behaviour: Behaviour, notice: LLMFailure
) -> None:
    server.on("answer", behaviour)
    server.on("repair", behaviour)
    answer = ask(index, server.url)
    assert (answer.found, answer.mode, answer.notice) == (True, "extractive", notice)
    assert "سوتشي" in answer.sentences[0].text
    assert model_threads() == []


@pytest.mark.parametrize("behaviour", [silent(), silent("التقى لافروف"), drips])
def test_silence_ends_when_the_time_is_up(index: Index, server: ModelServer, behaviour: Behaviour) -> None:
    server.on("answer", behaviour)
    answer = ask(index, server.url, timeout=0.5)
    assert (answer.mode, answer.notice) == ("extractive", "slow")
    assert model_threads() == []


@pytest.mark.parametrize(("behaviour", "notice"), [(cut(f"{TRUE}\nوبحث"), "cut"), (silent(f"{TRUE}\nوبحث"), "slow")])
def test_what_was_verified_before_the_failure_stays(
    index: Index, server: ModelServer, behaviour: Behaviour, notice: LLMFailure
) -> None:
    server.on("answer", behaviour)
    answer = ask(index, server.url, timeout=2.0)
    assert (answer.mode, answer.notice) == ("llm", notice)
    assert [sentence.text for sentence in answer.sentences] == ["التقى لافروف وبومبيو في سوتشي."]


def test_last_sentence_that_was_whole_stays_though_the_line_broke(index: Index, server: ModelServer) -> None:
    server.on("answer", cut(TRUE))
    answer = ask(index, server.url)
    assert (answer.mode, answer.notice, len(answer.sentences)) == ("llm", "cut", 1)


def test_reply_at_its_bound_keeps_its_whole_sentences(index: Index, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\nوبحث الوزيران", finish="length"))
    answer = ask(index, server.url)
    assert (answer.notice, len(answer.sentences)) == ("cut", 1)


@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_is_asked_again_when_it_says(index: Index, server: ModelServer, status: int) -> None:
    server.on("answer", fails(status, Retry_After="0"), says(TRUE))
    answer = ask(index, server.url)
    assert (answer.mode, answer.notice, len(server.calls)) == ("llm", None, 2)


def test_failed_repair_loses_nothing(index: Index, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\nالتقى لافروف وبومبيو في باريس {{سوتشي}}."))
    server.on("repair", fails(500))
    answer = ask(index, server.url)
    assert (answer.mode, len(answer.sentences), answer.written) == ("llm", 1, 2)


def test_failed_search_words_lose_nothing(index: Index, server: ModelServer) -> None:
    server.on("search_words", fails(500))
    server.on("answer", says("Lavrov met Pompeo in Sochi {سوتشي}."))
    assert ask(index, server.url, "Where did Lavrov meet Pompeo?").mode == "llm"


def test_refused_connection_is_named(index: Index) -> None:
    assert ask(index, f"http://127.0.0.1:{free_port()}/v1").notice == "unreachable"


def test_name_that_does_not_resolve_is_named(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # what the system says of such a name, without the network
    assert ask(index, "http://no-such-host.invalid/v1").notice == "unreachable"


def test_key_stands_in_no_error(server: ModelServer) -> None:
    model = LLMClient(make_llm("openai-like:m", server.url, KEY, 5, 100), 5, 1)
    server.on("other", fails(401))
    with pytest.raises(ModelError) as caught:
        model.complete(Prompt("x", "y"), model.deadline())
    model.close()
    assert KEY not in f"{caught.value} {caught.value!r} {caught.value.__cause__}"
    assert caught.value.__suppress_context__


def test_fifty_questions_at_once_are_all_answered(index: Index, server: ModelServer) -> None:
    server.on("answer", says(TRUE, wait=0.2))
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=60)
    with Sanad(index, model=make_model(settings)) as sanad, ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(sanad.ask, [SOCHI] * 50))
        assert len(model_threads()) == 1
    assert {(answer.mode, answer.notice) for answer in answers} == {("llm", None)}
    assert model_threads() == []


def test_wait_for_a_place_counts_as_time(index: Index, server: ModelServer) -> None:
    server.on("answer", silent())
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=0.5, llm_concurrency=1)
    with Sanad(index, model=make_model(settings)) as sanad, ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(sanad.ask, [SOCHI] * 3))
    assert [answer.notice for answer in answers] == ["slow"] * 3


def test_answer_that_nobody_reads_to_its_end_gives_its_place_back(index: Index, server: ModelServer) -> None:
    server.on("answer", silent(f"{TRUE}\nوبحث"), says(TRUE))
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=20, llm_concurrency=1)
    with Sanad(index, model=make_model(settings)) as sanad:
        events = sanad.stream(SOCHI)
        for _ in range(5):
            next(events)
        events.close()
        assert sanad.ask(SOCHI).mode == "llm"


@pytest.mark.parametrize(
    ("name", "url", "key", "message"),
    [
        ("openai:gpt", "", "", "Set SANAD_LLM_API_KEY"),
        ("openai-like:m", "", "", "Set SANAD_LLM_BASE_URL"),
        ("gemini:m", "", "", "known: none, openai:MODEL, ollama:MODEL"),
        ("anthropic:m", "", "k", r"\.venv/bin/pip install -e '\.\[anthropic\]'"),
    ],
)
def test_model_that_cannot_be_made_says_what_to_set(name: str, url: str, key: str, message: str) -> None:
    if name.startswith("anthropic"):
        from importlib.util import find_spec

        if find_spec("anthropic"):
            pytest.skip("it is installed here")
    with pytest.raises(SettingsError, match=message):
        make_llm(name, url, key, 5, 100)


def test_ollama_answers_by_its_own_protocol(index: Index, server: ModelServer) -> None:
    server.on("answer", says_as_ollama(TRUE))
    settings = Settings(llm="ollama:m", llm_base_url=server.url.removesuffix("/v1"), llm_timeout=20)
    with Sanad(index, model=make_model(settings)) as sanad:
        answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice, server.calls[0].path) == ("llm", None, "/api/chat")


@pytest.mark.parametrize(
    ("behaviour", "notice"),
    [(fails(404), "unknown_model"), (fails(500), "broken"), (silent(), "slow")],
)
def test_ollama_s_failures_are_named_too(
    index: Index, server: ModelServer, behaviour: Behaviour, notice: LLMFailure
) -> None:
    server.on("answer", behaviour)
    settings = Settings(llm="ollama:m", llm_base_url=server.url, llm_timeout=0.7)
    with Sanad(index, model=make_model(settings)) as sanad:
        assert sanad.ask(SOCHI).notice == notice
    assert model_threads() == []


def test_ollama_that_is_not_running_is_named(index: Index) -> None:
    settings = Settings(llm="ollama:m", llm_base_url="http://127.0.0.1:9", llm_timeout=5)
    with Sanad(index, model=make_model(settings)) as sanad:
        assert sanad.ask(SOCHI).notice == "unreachable"
