"""Answers by a model over a real server, well behaved and not; `test_faults.py` has the failures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.servers.model import ModelServer, as_json, fails, says

from bot.config.settings import Settings
from bot.config.wiring import make_model
from retrieval.answering.sanad import Sanad
from retrieval.events import ExtractsEvent, SentenceEvent, StageEvent
from retrieval.index.index import Index
from retrieval.types import Answer, Turn

SOCHI = "أين التقى لافروف وبومبيو؟"
TRUE = "التقى لافروف وبومبيو في سوتشي {سوتشي}."
TRUE_TOO = "وبحث الوزيران الوضع في إدلب {سوتشي}."
FALSE = "التقى لافروف وبومبيو في باريس {سوتشي}."


@pytest.fixture
def sanad(index: Index, server: ModelServer) -> Iterator[Sanad]:
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=120)
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
    assert texts(answer) == ["التقى لافروف وبومبيو في سوتشي.", "وبحث الوزيران الوضع في إدلب."]
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
    server.on("answer", says(f"{TRUE_TOO}\n{FALSE}"))
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
def test_sentence_that_names_no_passage_or_a_wrong_one_is_tied_to_the_one_that_says_it(
    sanad: Sanad, server: ModelServer, marker: str
) -> None:
    server.on("answer", says(f"التقى لافروف وبومبيو في سوتشي{marker}."))
    answer = sanad.ask(SOCHI)
    assert answer.mode == "llm"
    assert ["سوتشي" in citation.quote for citation in answer.citations] == [True]


def test_sentence_that_names_a_wrong_passage_and_is_said_nowhere_is_left_out(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says("التقى لافروف وبومبيو في لندن [7]."))
    assert sanad.ask(SOCHI).mode == "extractive"


def test_rest_of_an_answer_does_not_stand_without_the_sentence_that_answers(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{FALSE}\n{TRUE_TOO}"))
    server.on("repair", says("NO_ANSWER"))
    events = list(sanad.stream(SOCHI))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.notice, answer.written) == ("extractive", "answer_unsupported", 2)
    assert not any(isinstance(event, SentenceEvent) for event in events)
    assert {sentence.readings for sentence in answer.sentences} == {("quoted",)}


def test_repair_that_finds_no_answer_does_not_hide_that_the_sentences_were_refused(
    sanad: Sanad, server: ModelServer
) -> None:
    server.on("answer", says(FALSE))
    server.on("repair", says("NO_ANSWER"))
    assert sanad.ask(SOCHI).notice == "unsupported"


def test_repair_of_another_sentence_does_not_answer_for_the_first(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(f"{FALSE}\nبحث الوزيران الوضع في درعا {{سوتشي}}."))
    server.on("repair", says("بحث الوزيران الوضع في إدلب {سوتشي}."))
    assert sanad.ask(SOCHI).notice == "answer_unsupported"


def test_repair_is_a_further_turn_of_the_same_conversation(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(FALSE))
    server.on("repair", says(TRUE))
    sanad.ask(SOCHI)
    first, second = (call.request_body["messages"] for call in server.calls)
    assert second[: len(first)] == first
    assert [message["role"] for message in second[len(first) :]] == ["assistant", "user"]
    assert "باريس" in second[-1]["content"]


def test_answer_of_a_server_that_holds_to_the_schema_cites_the_quote(sanad: Sanad, server: ModelServer) -> None:
    quote = "التقى وزير الخارجية الروسي"
    server.on("answer", says(as_json(("التقى لافروف وبومبيو في سوتشي.", "{سوتشي}", quote))))
    answer = sanad.ask(SOCHI)
    assert server.calls[0].request_body["response_format"]["json_schema"]["strict"] is True
    assert texts(answer) == ["التقى لافروف وبومبيو في سوتشي."]


def test_server_that_rejects_a_schema_is_asked_without_one_and_never_again_with_it(
    sanad: Sanad, server: ModelServer
) -> None:
    server.on("answer", fails(400), says(TRUE))
    assert [sanad.ask(SOCHI).mode for _ in range(2)] == ["llm", "llm"]
    assert ["response_format" in call.request_body for call in server.calls] == [True, False, False]


def test_passages_that_are_too_many_are_sent_once_more_as_half_as_many(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", fails(400, message="maximum context length is 4096 tokens"), says(TRUE))
    answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice, answer.server_words) == ("llm", None, None)
    first, second = (len(call.ids()) for call in server.calls)
    assert second == first // 2


def test_server_s_own_words_are_told_where_fewer_passages_do_not_help(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", fails(400, message="maximum context length is 4096 tokens"))
    answer = sanad.ask(SOCHI)
    assert (answer.mode, answer.notice) == ("extractive", "too_long")
    assert answer.server_words == "maximum context length is 4096 tokens"
    assert len(server.calls) == 2


def test_last_turns_are_told_as_messages(sanad: Sanad, server: ModelServer) -> None:
    server.on("rewrite", says(SOCHI))
    server.on("answer", says(TRUE))
    turn = Turn(SOCHI, "التقيا في مدينة سوتشي الروسية.")
    answer = sanad.ask("أقصر", history=[turn])
    messages = server.calls[-1].request_body["messages"]
    assert [(one["role"], one["content"]) for one in messages[1:3]] == [("user", SOCHI), ("assistant", turn.answer)]
    assert f"أقصر ({SOCHI})" in messages[-1]["content"]
    assert texts(answer) == ["التقى لافروف وبومبيو في سوتشي."]


def test_order_for_another_form_of_the_answer_goes_to_the_model(sanad: Sanad, server: ModelServer) -> None:
    server.on("rewrite", says(SOCHI))
    server.on("answer", says(TRUE))
    assert sanad.ask("اختصر", history=[Turn(SOCHI, "التقيا في سوتشي.")]).mode == "llm"
    assert sanad.ask("اختصر").reply == "order"


def test_system_prompt_never_changes(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    sanad.ask(SOCHI, limit=1)
    sanad.ask("كم بلغت كلفة جسر النيل؟", limit=3)
    assert len({call.request_body["messages"][0]["content"] for call in server.calls}) == 1


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
    assert purposes(server) == ["answer"]


def test_search_words_are_asked_for_only_where_nothing_answers(sanad: Sanad, server: ModelServer) -> None:
    server.on("search_words", says("لافروف، بومبيو، سوتشي، محادثات"))
    answer = sanad.ask("Where did the two envoys convene?")
    assert "search_words" in purposes(server)
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
