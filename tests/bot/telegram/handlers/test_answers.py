from __future__ import annotations

import pytest
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, play, said, settled, tell
from support.servers.telegram.server import FakeTelegram

from bot.rendering.texts import reply_text
from bot.storage.inbox import Incoming
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index


def test_question_is_answered_in_its_language(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        fake.control_send_message({"chat_id": 6, "text": LENGTH})
        (arabic,) = await answered(fake, 5)
        (english,) = await answered(fake, 6)
        assert COST in arabic
        assert english.startswith("From the articles, in their own words:")
        assert "1800 متر" in english

    play(index, scenario)


def test_typing_is_shown_before_the_answer(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        await answered(fake, 5)
        shown = [call["method"] for call in fake.control_calls({"chat_id": 5})]
        assert shown == ["sendChatAction", "sendMessage"]

    play(index, scenario)


def test_follow_up_leans_on_the_turn_before_it(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        fake.control_send_message({"chat_id": 5, "text": "وكم يبلغ طوله؟"})
        _, second = await answered(fake, 5, 2)
        assert "1800" in second

    play(index, scenario)


def test_order_is_kept_within_a_chat(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for text in (BRIDGE, "/help", LENGTH, "/start"):
            fake.control_send_message({"chat_id": 5, "text": text, "language_code": "en"})
        first, second, third, fourth = await answered(fake, 5, 4)
        assert COST in first
        assert "/sources" in second
        assert "1800" in third
        assert fourth.startswith(("Welcome", "أهلًا"))

    play(index, scenario)


def test_words_of_the_bot_are_in_the_language_of_the_client(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": "/start", "language_code": "ar-EG"})
        fake.control_send_message({"chat_id": 6, "text": "/start", "language_code": "fr"})
        assert (await answered(fake, 5))[0].startswith("أهلًا")
        assert (await answered(fake, 6))[0].startswith("Welcome")

    play(index, scenario)


def test_words_of_the_bot_follow_what_a_person_writes(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE, "language_code": "en"})
        fake.control_send_message({"chat_id": 5, "text": "/start", "language_code": "en"})
        _, greeting = await answered(fake, 5, 2)
        assert greeting.startswith("أهلًا")

    play(index, scenario)


def test_what_has_no_letters_changes_no_language(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "type your question" in await tell(fake, 5, "\N{GRINNING FACE}", "en")
        assert "type your question" in await tell(fake, 5, "؟", "en")
        assert "From the articles" in await tell(fake, 5, "340", "en")
        assert (await tell(fake, 5, "/start", "en")).startswith("Welcome")

    play(index, scenario)


def test_nobody_is_served_who_is_not_listed(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE, "language_code": "ar"})
        fake.control_send_message({"chat_id": 6, "text": BRIDGE})
        fake.control_send_message({"chat_id": 7, "text": BRIDGE})
        (refused,) = await answered(fake, 5)
        assert COST not in refused
        assert COST in (await answered(fake, 6))[0]
        assert any(COST in told for told in await answered(fake, 7, 2))  # the other asks to let somebody in

    play(index, scenario, telegram_users="6", telegram_admins="7")


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"telegram_per_minute": 1}, "That was a lot of questions in a short time. Please ask again in"),
        ({"telegram_per_day": 1}, "You have reached today’s limit of 1 question. Please ask again in 24 hours."),
    ],
)
def test_one_person_asks_so_often(index: Index, settings: dict[str, int], refusal: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat in (5, 5, 6):
            fake.control_send_message({"chat_id": chat, "text": LENGTH})
        assert (await answered(fake, 5, 2))[1].startswith(refusal)
        assert "1800" in (await answered(fake, 6))[0]

    play(index, scenario, **settings)


def test_long_question_is_refused(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": "w" * 51})
        (refusal,) = await answered(fake, 5)
        assert refusal == "The question has 51 characters, and I read 50 at most. Please shorten it."

    play(index, scenario, telegram_longest_question=50)


def test_update_that_comes_twice_is_answered_once(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        fake.control_fault({"kind": "reset_after", "method": "getUpdates", "times": 2})
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        await answered(fake, 5)
        await settled(service)
        assert len(said(fake, 5)) == 1

    play(index, scenario)


def test_old_update_that_cannot_be_read_holds_nothing_up(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        payload = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 5}}}  # of no type
        await service.take([Incoming(1, "message", "chat:5", 5, 5, 1, 0.0, payload)])
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        assert COST in (await answered(fake, 5))[0]

    play(index, scenario)


def test_backlog_gets_one_apology_a_chat(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for chat in (5, 5, 5, 6):
            fake.control_send_message({"chat_id": chat, "text": LENGTH, "extra": {"date": 1_000_000}})
        fake.control_send_message({"chat_id": 6, "text": LENGTH})
        apology, answer = await answered(fake, 6, 2)
        await settled(service)
        assert apology.startswith("Your messages came while I was out of service")
        assert "1800" in answer
        assert said(fake, 5) == [apology]

    play(index, scenario)


def test_small_talk_is_answered_and_leaves_the_last_answer_alone(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        for text in ("شكرا", "\N{FACE WITH TEARS OF JOY}", "Guten Tag", "/sources"):
            fake.control_send_message({"chat_id": 5, "text": text})
        _, thanks, laughter, foreign, sources = await answered(fake, 5, 5)
        assert thanks == reply_text("ar", "thanks")
        assert laughter == f"{reply_text('ar', 'laughter')}\n{reply_text('en', 'laughter')}"
        assert foreign == f"{reply_text('ar', 'foreign')}\n{reply_text('en', 'foreign')}"
        assert "[1]" in sources
        assert not any("reply_markup" in one for one in fake.control_messages({"chat_id": 5})[2:5])

    play(index, scenario)
