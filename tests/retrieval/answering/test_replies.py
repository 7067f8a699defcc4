from __future__ import annotations

import pytest
from support.servers.model import ModelServer

from bot.config.settings import Settings
from bot.config.wiring import make_model
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.types import Turn

COST = "كم بلغت كلفة الجسر؟"


@pytest.mark.parametrize(("message", "reply"), [("Hello!", "greeting"), ("شكرا كتير", "thanks"), ("12*7", "maths")])
def test_small_talk_gets_a_reply_and_never_a_quote(index: Index, message: str, reply: str) -> None:
    answer = Sanad(index).ask(message, history=[Turn(COST, "340 مليون")])
    assert (answer.outcome, answer.reply, answer.question) == ("reply", reply, message)
    assert (answer.found, answer.sentences, answer.citations, answer.explanation) == (False, (), (), None)


def test_who_does_not_know_what_to_ask_is_told_what_is_held(index: Index) -> None:
    covered = Sanad(index).ask("what can you do?").covered
    assert covered
    assert covered.articles == index.catalog.article_count()
    assert covered.nearest
    assert Sanad(index).ask("thanks").covered is None


def test_a_question_is_answered_whatever_courtesies_stand_beside_it(index: Index) -> None:
    plain, polite = Sanad(index).ask(COST), Sanad(index).ask(f"مرحبا، {COST} شكرا جزيلا")
    assert polite.found
    assert (polite.citations, polite.question) == (plain.citations, f"مرحبا، {COST} شكرا جزيلا")


def test_no_model_is_asked_for_a_reply(index: Index, server: ModelServer) -> None:
    with Sanad(index, model=make_model(Settings(llm="openai-like:m", llm_base_url=server.url))) as sanad:
        assert sanad.ask("how are you?").reply == "how_are_you"
    assert server.calls == []
