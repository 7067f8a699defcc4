"""Queues: what one person asks in a chat keeps its order, and nobody waits for somebody else's answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from support.builders.telegram import BRIDGE, COST, answered, said, serving, settled, telegram
from support.servers.model import ModelServer, says, silent
from support.servers.telegram.server import FakeTelegram

from bot.telegram.transport.updates import incoming
from retrieval.index.index import Index

GROUP = -9
SAYS = says("بلغت كلفة الجسر 340 مليون جنيه {id}.")
TOPIC = {"extra": {"message_thread_id": 44, "is_topic_message": True}}


def model(server: ModelServer) -> dict[str, Any]:
    return {"llm": "openai-like:m", "llm_base_url": server.url, "llm_api_key": SecretStr("k"), "llm_timeout": 60}


def write(fake: FakeTelegram, user: int, text: str, **more: Any) -> int:
    sent = {"chat_id": GROUP, "user_id": user, "language_code": "en", "text": text, **more}
    number: int = fake.control_send_message(sent)["message_id"]
    return number


def answers_to(fake: FakeTelegram) -> list[int]:
    """Return to which messages the bot replied in the group, in order."""
    mine = [one for one in fake.control_messages({"chat_id": GROUP}) if one["from"] == fake.me]
    return [one["reply_to_message"]["message_id"] for one in mine]


async def asked(server: ModelServer, count: int = 1) -> None:
    """Wait until the model was called so often."""
    async with asyncio.timeout(60):
        while len(server.calls) < count:
            await asyncio.sleep(0.01)


def test_a_slow_answer_holds_nobody_else_in_the_group(index: Index, server: ModelServer) -> None:
    server.on("answer", silent(), SAYS)

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_streaming=False, **model(server)) as service:
            slow = write(fake, 5, f"/ask {BRIDGE}")
            await asked(server)
            own = write(fake, 5, "/privacy")
            others = [write(fake, 6, "/help"), write(fake, 7, f"/ask {BRIDGE}"), write(fake, 5, "/help", **TOPIC)]
            await answered(fake, GROUP, 3)
            assert set(answers_to(fake)) == set(others)
            server.over.set()
            await answered(fake, GROUP, 5)
            await settled(service)
            assert answers_to(fake)[3:] == [slow, own]

    asyncio.run(run())


def test_questions_of_one_person_are_answered_in_order(index: Index, server: ModelServer) -> None:
    server.on("answer", SAYS)

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_streaming=False, **model(server)):
            numbers = [write(fake, 5, text) for text in (f"/ask {BRIDGE}", "/help", f"/ask {BRIDGE}", "/privacy")]
            await answered(fake, GROUP, 4)
            assert answers_to(fake) == numbers

    asyncio.run(run())


@pytest.mark.parametrize("where", [{}, TOPIC], ids=["same topic", "another topic"])
def test_cancel_ends_what_the_same_person_asked_in_the_chat(
    index: Index, server: ModelServer, where: dict[str, Any]
) -> None:
    server.on("answer", silent())

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_streaming=False, **model(server)) as service:
            write(fake, 5, f"/ask {BRIDGE}")
            write(fake, 6, f"/ask {BRIDGE}")
            await asked(server, 2)
            write(fake, 7, "/cancel")
            assert (await answered(fake, GROUP))[-1] == "There is nothing to stop."
            fake.control_send_message({"chat_id": 5, "text": "/cancel", "language_code": "ar"})  # in another chat
            assert (await answered(fake, 5))[-1] == "ليس هناك جواب أوقفه الآن."
            write(fake, 5, "/cancel", **where)
            assert (await answered(fake, GROUP, 2))[-1] == "توقفت عن الجواب."
            server.over.set()
            await answered(fake, GROUP, 3)
            await settled(service)
            assert len(said(fake, GROUP)) == 3
            assert COST in said(fake, GROUP)[-1]  # the other's

    asyncio.run(run())


def test_replies_outside_forums_are_no_topics() -> None:
    chat, sender = {"id": GROUP, "type": "supergroup"}, {"id": 5}
    queues = {
        incoming({"update_id": 1, "message": {"chat": chat, "from": sender, "date": 1, "text": "x", **more}}).queue
        for more in ({}, {"message_thread_id": 44}, {"message_thread_id": 45, "is_topic_message": False})
    }
    assert queues == {"chat:-9:0:5"}


def test_a_button_s_question_waits_for_what_its_asker_asked_before(index: Index, server: ModelServer) -> None:
    server.on("answer", SAYS, silent(), SAYS)

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_streaming=False, **model(server)) as service:
            write(fake, 5, f"/ask {BRIDGE}", **TOPIC)
            await answered(fake, GROUP)
            slow = write(fake, 5, "/ask كم يبلغ طول جسر النيل؟", **TOPIC)
            await asked(server, 2)
            fake.control_press_button({"chat_id": GROUP, "user_id": 5, "text": "أعد السؤال بالإنجليزية"})
            await fake.control_wait({"method": "answerCallbackQuery"})
            help_ = write(fake, 5, "/privacy", **TOPIC)
            assert len(said(fake, GROUP)) == 1
            server.over.set()
            await answered(fake, GROUP, 4)
            await settled(service)
            assert answers_to(fake)[1] == slow
            assert answers_to(fake)[3] == help_

    asyncio.run(run())
