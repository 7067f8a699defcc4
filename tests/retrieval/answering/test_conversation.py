from __future__ import annotations

import pytest
from support.builders.answers import declined, found, replied
from support.servers.model import ModelServer, says

from bot.config.settings import Settings
from bot.config.wiring import make_model
from retrieval.answering.conversation import asked_in_full, combined_answer, renumbered, turns_in
from retrieval.answering.sanad import Sanad
from retrieval.events import ExtractsEvent, StageEvent
from retrieval.index.index import Index
from retrieval.types import Answer, Turn

COST, LENGTH = "كم بلغت كلفة جسر النيل", "وكم يبلغ طوله؟"


def test_each_question_of_a_message_has_its_answer(index: Index) -> None:
    answer = Sanad(index).ask(f"{COST} {LENGTH}")
    assert [part.question for part in answer.parts] == [COST, LENGTH]
    assert "340 مليون" in answer.parts[0].citations[0].quote
    assert "1800" in " ".join(citation.quote for citation in answer.parts[1].citations)
    assert "النيل" in asked_in_full(answer.parts[1])


def test_the_citations_of_all_parts_are_numbered_through(index: Index) -> None:
    answer = Sanad(index).ask(f"{COST}؟ من التقى لافروف؟")
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.citations == tuple(citation for part in answer.parts for citation in part.citations)
    for part in answer.parts:
        numbers = {citation.number for citation in part.citations}
        assert numbers
        assert {number for said in part.sentences for number in said.citations} == numbers


def test_one_of_them_may_be_declined(index: Index) -> None:
    answer = Sanad(index).ask(f"{COST}؟ من فاز بكأس العالم في البرازيل؟")
    assert [part.found for part in answer.parts] == [True, False]
    assert (answer.found, answer.covered) == (True, None)


def test_questions_beyond_the_third_are_named(index: Index) -> None:
    answer = Sanad(index).ask("من هو لافروف؟ من هو بومبيو؟ من هو أحمد حيدر؟ متى افتتح الجسر؟ أين التقيا؟")
    assert len(answer.parts) == 3
    assert answer.unanswered == ("متى افتتح الجسر؟", "أين التقيا؟")


def test_one_question_has_no_parts(index: Index) -> None:
    answer = Sanad(index).ask(f"{COST}؟")
    assert (answer.parts, answer.each) == ((), (answer,))


def test_stages_are_told_meanwhile_and_sentences_with_their_questions(index: Index, server: ModelServer) -> None:
    server.on("answer", says("بلغت كلفة جسر النيل 340 مليون جنيه [1]."))
    with Sanad(index, model=make_model(Settings(llm="openai-like:m", llm_base_url=server.url))) as sanad:
        *before, answer = sanad.stream(f"{COST}؟ كم يبلغ طول الجسر؟")
    assert isinstance(answer, Answer)
    assert len(answer.parts) == 2
    assert {type(event) for event in before} == {StageEvent, ExtractsEvent}


def test_a_conversation_remembers_a_turn_a_question() -> None:
    both = combined_answer("؟", [found(), renumbered(declined(), 3), replied()])
    (turn,) = turns_in(both)
    assert turn == Turn(found().question, "\n".join(said.text for said in found().sentences))
    assert turns_in(replied()) == ()


@pytest.mark.parametrize("after", [0, 4])
def test_renumbering_moves_sentences_with_their_citations(after: int) -> None:
    moved = renumbered(found(), after)
    assert [citation.number for citation in moved.citations] == [after + 1, after + 2, after + 3]
    assert [said.citations for said in moved.sentences] == [(after + 1, after + 2), (after + 3,)]
