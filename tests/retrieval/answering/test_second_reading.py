"""A second reading by a model: what it finds unsaid is never shown, and what it does not tell is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.servers.model import ModelServer, fails, says, silent

from bot.config.settings import Settings
from bot.config.wiring import make_sanad
from retrieval.answering.sanad import Sanad
from retrieval.answering.second_reading import parse_verdicts
from retrieval.events import SentenceEvent
from retrieval.index.index import Index

SOCHI = "أين التقى لافروف وبومبيو؟"
TRUE = "التقى لافروف وبومبيو في سوتشي {سوتشي}."
TRUE_TOO = "وبحث الوزيران الوضع في إدلب {سوتشي}."


@pytest.fixture
def sanad(index: Index, server: ModelServer) -> Iterator[Sanad]:
    server.on("answer", says(f"{TRUE}\n{TRUE_TOO}"))
    with make_sanad(index, Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=12)) as made:
        yield made


def test_sentences_that_both_readings_pass_are_read_twice_in_one_call(sanad: Sanad, server: ModelServer) -> None:
    answer = sanad.ask(SOCHI)
    assert [sentence.readings for sentence in answer.sentences] == [("compared", "read_twice")] * 2
    assert (answer.mode, answer.notice) == ("llm", None)
    assert [call.purpose for call in server.calls] == ["answer", "read"]


def test_reader_is_given_each_sentence_beside_its_quote(sanad: Sanad, server: ModelServer) -> None:
    answer = sanad.ask(SOCHI)
    read = server.calls[-1].prompt
    assert all(sentence.text in read for sentence in answer.sentences)
    assert all(" ".join(citation.quote.split()) in read for citation in answer.citations)


def test_sentence_that_the_reader_finds_unsaid_never_appears(sanad: Sanad, server: ModelServer) -> None:
    server.on("read", says("1 SAID\n2 NOT: «إدلب»"))
    *events, answer = sanad.stream(SOCHI)
    shown = [event.sentence.text for event in events if isinstance(event, SentenceEvent)]
    assert shown == [sentence.text for sentence in answer.sentences] == ["التقى لافروف وبومبيو في سوتشي."]  # type: ignore[union-attr]
    assert answer.explanation.checks[1].problems == ("read: إدلب",)  # type: ignore[union-attr]
    assert answer.explanation.checks[1].passed is False  # type: ignore[union-attr]


def test_answer_falls_with_the_sentence_that_answers(sanad: Sanad, server: ModelServer) -> None:
    server.on("read", says("1 NOT: «سوتشي»\n2 SAID"))
    answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice) == ("extractive", "answer_unsupported")


@pytest.mark.parametrize("behaviour", [says("نعم، كل شيء صحيح."), fails(500), silent()])
def test_reading_that_cannot_be_had_leaves_the_code_s_and_is_told(
    sanad: Sanad, server: ModelServer, behaviour: object
) -> None:
    server.on("read", behaviour)  # type: ignore[arg-type]
    answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice) == ("llm", "unread")
    assert {sentence.readings for sentence in answer.sentences} == {("compared",)}


def test_reading_may_be_off(index: Index, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, reader_llm="none")
    with make_sanad(index, settings) as sanad:
        assert sanad.ask(SOCHI).sentences[0].readings == ("compared",)
    assert [call.purpose for call in server.calls] == ["answer"]


def test_another_model_may_read(index: Index, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, reader_llm="openai-like:small")
    with make_sanad(index, settings) as sanad:
        assert sanad.ask(SOCHI).sentences[0].readings == ("compared", "read_twice")
    assert [call.request_body["model"] for call in server.calls] == ["m", "small"]


@pytest.mark.parametrize(
    ("reply", "outcome", "mode"),
    [
        ("1 SAID\n2 SAID", "answered", "llm"),
        ("1 SAID\n2 NOT", "nearest", "extractive"),
        ("1 SAID", "nearest", "extractive"),
    ],
)
def test_model_answers_from_what_is_only_near_where_its_reader_finds_that_it_does(
    index: Index, server: ModelServer, reply: str, outcome: str, mode: str
) -> None:
    question = "ما اسم زوجة لافروف التي رافقته إلى سوتشي؟"
    assert Sanad(index).ask(question).outcome == "nearest"
    server.on("answer", says(TRUE))
    server.on("read", says(reply))
    with make_sanad(index, Settings(llm="openai-like:m", llm_base_url=server.url)) as sanad:
        answer = sanad.ask(question)
    assert (answer.outcome, answer.mode) == (outcome, mode)
    (asked,) = (call for call in server.calls if call.purpose == "answer")
    assert "قد لا يكون في هذه المقاطع جواب" in asked.prompt


@pytest.mark.parametrize(
    ("reply", "verdicts"),
    [
        ('1 SAID\n2 NOT "three"', {1: "", 2: "three"}),
        ("1: said.\n2) Not said", {1: "", 2: "—"}),
        ("| 1 | NOT | x", {1: "x"}),
        ("<think>1 NOT</think>\n1 SAID", {1: ""}),
        ("SAID\nThe first is said.", {}),
        ("", {}),
    ],
)
def test_verdicts_are_read_from_what_small_models_write(reply: str, verdicts: dict[int, str]) -> None:
    assert parse_verdicts(reply) == verdicts
