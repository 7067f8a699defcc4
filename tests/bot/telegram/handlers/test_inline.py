from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from support.builders.telegram import BRIDGE, COST, LENGTH, play, settled
from support.servers.model import ModelServer
from support.servers.telegram.server import FakeTelegram
from support.servers.telegram.text import parse_html, tidy

from bot.config.settings import Settings
from bot.config.wiring import open_index
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

NOBODY = "ما اسم زوجة إيمانويل ماكرون؟"


async def offered(fake: FakeTelegram, query: str, language: str = "en", user: int = 5) -> dict[str, Any]:
    """Type after the bot's name, and return what is offered for it."""
    before = len(fake.control_calls({"method": "answerInlineQuery"}))
    fake.control_inline_query({"user_id": user, "query": query, "language_code": language})
    calls = await fake.control_wait({"method": "answerInlineQuery", "count": before + 1})
    found: dict[str, Any] = calls[-1]["args"]
    return found


def read(html: str) -> str:
    notes: list[str] = []
    text, _ = tidy(*parse_html(html, notes), notes)
    assert not notes
    return text


@pytest.mark.parametrize(
    ("query", "asked", "date"), [(BRIDGE, "السؤال: ", "14 مايو 2019"), (LENGTH, "Question: ", "14 May 2019")]
)
def test_sentences_are_offered_with_their_sources(index: Index, query: str, asked: str, date: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        offer = await offered(fake, query)
        best = offer["results"][0]
        assert best["type"] == "article"
        assert "جسر النيل" in best["title"]
        shared = read(best["input_message_content"]["message_text"])
        assert shared.startswith(asked)
        assert "[1]" in shared
        assert date in shared
        assert best["description"] in shared
        assert "جسر" in best["description"]
        assert offer["cache_time"] == 60
        assert offer.get("is_personal", False) is False
        assert "button" not in offer

    play(index, scenario)


@pytest.mark.parametrize(
    ("query", "settings", "arabic", "english"),
    [
        ("  ", {}, "اكتب سؤالك عن الأخبار", "Type a question about the news"),
        (NOBODY, {}, "لا جواب في المقالات", "The articles hold no answer"),
        ("x" * 51, {"telegram_longest_question": 50}, "السؤال أطول من الحد، وهو 50", "Too long: 50 characters at most"),
        (BRIDGE, {"telegram_users": "6"}, "هذا البوت لأعضاء محددين", "This bot is for its members only"),
    ],
)
def test_where_there_are_no_results_a_button_leads_to_the_bot(
    index: Index, query: str, settings: dict[str, Any], arabic: str, english: str
) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for language, words in (("ar", arabic), ("en", english)):
            offer = await offered(fake, query, language)
            assert offer["results"] == []
            assert offer["button"] == {"text": words, "start_parameter": "ask"}
            assert offer["cache_time"] == 0
            assert offer["is_personal"] is True

    play(index, scenario, **settings)


def test_results_of_a_closed_bot_are_each_person_s_own(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        offer = await offered(fake, BRIDGE, user=6)
        assert offer["results"]
        assert offer["is_personal"] is True

    play(index, scenario, telegram_users="6")


def test_limits_hold_and_typing_does_not_count(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for length in (5, 8, 20):
            await offered(fake, BRIDGE[:length])
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        await fake.control_wait({"method": "sendMessage"})
        await settled(service)
        assert COST in fake.control_messages({"chat_id": 5})[-1]["text"]
        assert (await offered(fake, LENGTH))["button"]["text"] == "أسئلة كثيرة، أعد السؤال بعد قليل"

    play(index, scenario, telegram_per_minute=1)


def test_only_the_newest_of_a_person_s_queries_is_answered(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await offered(fake, BRIDGE, user=6)
        for query in (LENGTH, LENGTH[:9], BRIDGE):
            fake.control_inline_query({"user_id": 5, "query": query})
        calls = await fake.control_wait({"method": "answerInlineQuery", "count": 4})
        *older, last = (call["args"] for call in calls[1:])
        assert [(one["results"], "button" in one) for one in older] == [([], False)] * 2
        assert last["results"]

    play(index, scenario)


def test_no_model_is_asked(index: Index, server: ModelServer) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert (await offered(fake, BRIDGE))["results"]
        assert server.calls == []

    play(index, scenario, llm="openai-like:m", llm_base_url=server.url, llm_api_key=SecretStr("key"))


def test_an_empty_collection_offers_no_answer() -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert (await offered(fake, BRIDGE))["button"]["text"] == "The articles hold no answer"

    with open_index(Settings()) as empty:
        play(empty, scenario)


def test_small_talk_offers_nothing_but_a_hint(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        offer = await offered(fake, "hello there")
        assert offer["results"] == []
        assert offer["button"]["text"] == "Type a question about the news"

    play(index, scenario)
