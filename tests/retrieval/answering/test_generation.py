"""Answers by a model over a real server, well behaved and not; `test_faults.py` has the failures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.servers.model import ModelServer, says

from bot.config.settings import Settings
from bot.config.wiring import make_model
from retrieval.answering.sanad import Sanad
from retrieval.events import ExtractsEvent, SentenceEvent, StageEvent
from retrieval.index.index import Index
from retrieval.types import Answer

SOCHI = "أين التقى لافروف وبومبيو؟"
TRUE = "التقى لافروف وبومبيو في سوتشي {سوتشي}."
TRUE_TOO = "وبحث الوزيران الوضع في إدلب {سوتشي}."
FALSE = "التقى لافروف وبومبيو في باريس {سوتشي}."


@pytest.fixture
def sanad(index: Index, server: ModelServer) -> Iterator[Sanad]:
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=20)
    with Sanad(index, model=make_model(settings)) as made:
        yield made


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def purposes(server: ModelServer) -> list[str]:
    return [call.purpose for call in server.calls]


def test_sentences_that_hold_are_the_answer(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{TRUE_TOO}"))
    answer = sanad.ask(SOCHI)
    assert texts(answer) == ["التقى لافروف وبومبيو في سوتشي.", "وبحث الوزيران الوضع في إدلب."]
    assert (answer.mode, answer.notice, answer.written) == ("llm", None, 2)
    assert all(sentence.readings == ("compared",) for sentence in answer.sentences)


def test_quote_of_a_generated_sentence_is_a_slice_of_its_article(
    sanad: Sanad, server: ModelServer, index: Index
) -> None:
    server.on("answer", says(TRUE))
    (citation,) = sanad.ask(SOCHI).citations
    article = index.article_by_id(citation.article_id)
    assert article.text[citation.start : citation.end] == citation.quote
    assert "سوتشي" in citation.quote


def test_same_place_keeps_its_number(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\nالتقى الوزيران لافروف وبومبيو في سوتشي {{سوتشي}}."))
    answer = sanad.ask(SOCHI)
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (1,)]
    assert len(answer.citations) == 1


def test_false_sentence_is_sent_back_once_and_the_correction_counts(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{FALSE}\n{TRUE_TOO}"))
    server.on("repair", says(TRUE))
    answer = sanad.ask(SOCHI)
    assert texts(answer) == ["وبحث الوزيران الوضع في إدلب.", "التقى لافروف وبومبيو في سوتشي."]
    assert purposes(server) == ["answer", "repair"]
    assert answer.written == 2


def test_repair_brings_no_more_sentences_than_had_failed(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(FALSE))
    server.on("repair", says(f"{TRUE}\n{TRUE_TOO}\nوبحثا تشكيل اللجنة الدستورية {{سوتشي}}."))
    answer = sanad.ask(SOCHI)
    assert texts(answer) == ["التقى لافروف وبومبيو في سوتشي."]
    assert answer.explanation is not None
    assert [(checked.passed, checked.repaired) for checked in answer.explanation.checks] == [
        (False, False),
        (True, True),
    ]


def test_sentence_that_fails_twice_is_left_out(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{FALSE}\n{TRUE_TOO}"))
    server.on("repair", says("التقى لافروف وبومبيو في لندن {سوتشي}."))
    answer = sanad.ask(SOCHI)
    assert texts(answer) == ["وبحث الوزيران الوضع في إدلب."]
    assert purposes(server) == ["answer", "repair"]


def test_nothing_that_holds_gives_the_extract_and_says_why(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(FALSE))
    server.on("repair", says(FALSE))
    answer = sanad.ask(SOCHI)
    assert (answer.found, answer.mode, answer.notice) == (True, "extractive", "unsupported")
    assert "سوتشي" in texts(answer)[0]


@pytest.mark.parametrize("marker", ["", " [7]", " [7][8]", " {سوتشي}[7]"])
def test_sentence_that_names_no_passage_or_a_wrong_one_is_left_out(
    sanad: Sanad, server: ModelServer, marker: str
) -> None:
    server.on("answer", says(f"التقى لافروف وبومبيو في سوتشي{marker}."))
    assert sanad.ask(SOCHI).mode == "extractive"


def test_model_that_finds_no_answer_leaves_the_extract(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says("NO_ANSWER"))
    answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice, purposes(server)) == ("extractive", "no_answer", ["answer"])


def test_gate_decides_before_anything_is_written(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    answer = sanad.ask("ماذا قال ترامب عن المريخ؟")
    assert (answer.found, answer.sentences) == (False, ())
    assert "answer" not in purposes(server)


def test_sentences_are_shown_before_the_model_is_done(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{TRUE_TOO}"))
    events = list(sanad.stream(SOCHI))
    assert [event.name for event in events if isinstance(event, StageEvent)] == ["searching", "reading", "writing"]
    said = [event for event in events if isinstance(event, SentenceEvent)]
    (answer,) = (event for event in events if isinstance(event, Answer))
    assert events[-1] is answer
    assert tuple(event.sentence for event in said) == answer.sentences
    assert {citation.number for event in said for citation in event.citations} == {1, 2}


def test_the_extracts_are_there_before_the_model_writes(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    events = list(sanad.stream(SOCHI))
    (at,) = (at for at, event in enumerate(events) if isinstance(event, ExtractsEvent))
    assert events[at + 1] == StageEvent("writing")
    draft = events[at].answer  # type: ignore[union-attr]
    assert (draft.found, draft.mode, draft.notice) == (True, "extractive", None)
    assert {sentence.readings for sentence in draft.sentences} == {("quoted",)}


def test_the_extracts_of_a_second_question_stand_below_the_first_answer(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    drafts = [
        event.answer for event in sanad.stream(f"{SOCHI} كم بلغت كلفة جسر النيل؟") if isinstance(event, ExtractsEvent)
    ]
    assert [len(draft.parts) for draft in drafts] == [1, 2]
    assert [citation.number for citation in drafts[1].citations] == [*range(1, len(drafts[1].citations) + 1)]


def test_without_a_model_there_is_the_answer_alone(index: Index) -> None:
    assert not any(isinstance(event, ExtractsEvent) for event in Sanad(index).stream(SOCHI))


def test_english_answer_stands_on_arabic_passages(sanad: Sanad, server: ModelServer) -> None:
    server.on("search_words", says("لافروف، بومبيو، سوتشي، محادثات"))
    server.on("answer", says("Lavrov met Pompeo in Sochi {سوتشي}."))
    answer = sanad.ask("Where did Lavrov meet Pompeo?")
    assert (answer.mode, texts(answer)) == ("llm", ["Lavrov met Pompeo in Sochi."])
    assert answer.explanation is not None
    assert "محادثات" in answer.explanation.model_words


def test_more_sentences_than_asked_for_are_not_taken(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{TRUE_TOO}"))
    assert len(sanad.ask(SOCHI, limit=1).sentences) == 1


def test_explanation_has_each_sentence_s_check(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{FALSE}"))
    explanation = sanad.ask(SOCHI).explanation
    assert explanation is not None
    first, second, *_ = explanation.checks
    assert (first.passed, first.problems, second.passed) == (True, (), False)
    assert second.problems
