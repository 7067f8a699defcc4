"""Delivery: what Telegram confirmed is sent, what may be lost is sent again once it answers, and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from support.builders.telegram import (
    BRIDGE,
    COST,
    LENGTH,
    TOKEN,
    answered,
    said,
    serving,
    settings_for,
    settled,
    stand,
    telegram,
)
from support.servers.ports import free_port
from support.servers.telegram.server import FakeTelegram
from support.servers.telegram.spec import description

from bot.storage import inbox, outbox
from bot.storage.database import PARTS, UPDATES, Database, now
from bot.storage.inbox import Incoming
from bot.storage.outbox import Destination, Draft
from bot.telegram.app.application import build
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.rate_limiter import RateLimiter
from retrieval.index.index import Index

URL = "sqlite:///conversations.db"
BOT = 123456
ODD = {
    "no result": '{"ok":true}',
    "a bare result": '{"ok":true,"result":true}',
    "an empty message": '{"ok":true,"result":{}}',
    "a number alone": '{"ok":true,"result":{"message_id":7}}',
    "a number that is text": '{"ok":true,"result":{"message_id":"7","chat":{"id":5}}}',
    "a number too high": '{"ok":true,"result":{"message_id":99999999999999999999999999}}',
    "a chat of no type": '{"ok":true,"result":{"message_id":7,"date":0,"chat":{"id":5}}}',
    "cut off": ' {"ok": true, "result":{"message_id":',
    "too deep": '{"ok":true,"result":' + "[" * 100_000,
    "not UTF-8": '{"ok":true,"result":{"message_id":7,"text":"\udcff"}}',
}


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database(URL)) as opened:
        yield opened


def messages(chat: int, *texts: str, queue: str = "chat") -> tuple[Incoming, Destination, list[Draft]]:
    number = int(texts[0].split()[0])
    update = Incoming(number, "message", f"{queue}:{chat}", chat, chat, None, now(), {"update_id": number})
    return update, Destination(chat), [Draft(text) for text in texts]


def owe(database: Database, *owed: tuple[Incoming, Destination, Sequence[Draft]]) -> None:
    """Have messages be owed as if their updates had been answered, the first text beginning with the number of each."""
    for incoming, place, drafts in owed:
        number = incoming.telegram_id
        database.work(partial(inbox.record, bot_id=BOT, incoming=[incoming]))
        own = update(UPDATES).where(UPDATES.c.telegram_id == number).values(update_id=number)
        database.work(partial(Connection.execute, statement=own))  # known here by the same number
        database.work(partial(inbox.record_answer, update_id=number, outcome="answered"))
        database.work(partial(outbox.owe, update_id=number, place=place, drafts=drafts))


def states(database: Database) -> list[str]:
    return list(database.work(lambda connection: connection.execute(select(PARTS.c.state)).scalars().all()))


@asynccontextmanager
async def delivering(fake: FakeTelegram, database: Database) -> AsyncIterator[Delivery]:
    """Deliver without the rest of the bot."""
    limiter = RateLimiter(lambda _: None)
    application = build(settings_for(fake), limiter)
    yield Delivery(application.bot, database, limiter)
    await application.bot.request.shutdown()


def known(fake: FakeTelegram, *chats: int) -> None:
    for chat in chats:
        fake.control_send_message({"chat_id": chat, "user_id": 5, "text": "/start@fake_bot"})


def test_fake_server_numbers_the_messages_of_all_private_chats_together() -> None:
    async def run() -> None:
        async with telegram() as fake:
            chats = {5: "private", -9: "group", 6: "private", -100_5: "supergroup", 7: "private", -100_6: "channel"}
            sent = [
                fake.control_send_message({"chat_id": chat, "user_id": 5, "text": "x", "chat_type": kind})["message_id"]
                for chat, kind in chats.items()
            ]
            assert sent == [1, 2, 3, 1, 4, 1]

    asyncio.run(run())


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
@pytest.mark.parametrize("chat", [5, -9])
def test_what_telegram_confirmed_is_sent_whatever_else_it_says(index: Index, chat: int, body: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "odd_after", "method": "sendMessage", "body": body, "chat_id": chat})
            for times, question in ((1, BRIDGE), (2, LENGTH)):  # the second start owes nothing
                fake.control_send_message({"chat_id": chat, "user_id": 5, "text": f"@fake_bot {question}"})
                known(fake, 6)  # whose message has the number that would be next
                async with serving(fake, index, database_url=URL) as service:
                    await answered(fake, chat, times)
                    await answered(fake, 6, times)
                    await settled(service)
            with closing(Database(URL)) as database:
                assert states(database) == ["sent"] * 4
            assert len(said(fake, chat)) == 2
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_confirmed_edit_and_confirmed_answer_to_a_tap_are_not_repeated(index: Index, body: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "odd_after", "method": "editMessageText", "body": body})
            fake.control_fault({"kind": "odd_after", "method": "answerCallbackQuery", "body": body})
            async with serving(fake, index) as service:
                fake.control_send_message({"chat_id": 5, "text": "/language"})
                await answered(fake, 5)
                fake.control_press_button({"chat_id": 5, "user_id": 5, "text": "English"})
                await fake.control_wait({"method": "editMessageText"})
                await settled(service)
            assert fake.faults == []
            assert len(fake.control_calls({"method": "answerCallbackQuery"})) == 1
            assert len(fake.control_calls({"method": "editMessageText"})) == 1
            assert len(said(fake, 5)) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_confirmed_answer_to_an_inline_query_is_not_repeated(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "odd_after", "method": "answerInlineQuery"})
            async with serving(fake, index) as service:
                fake.control_inline_query({"user_id": 5, "query": BRIDGE})
                await fake.control_wait({"method": "answerInlineQuery"})
                await settled(service)
            assert len(fake.control_calls({"method": "answerInlineQuery"})) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize("lost", ["reset_after", "502_after", "reset", "502", "garbage"])
def test_outage_leads_to_one_repetition_and_not_to_many(database: Database, lost: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            known(fake, 5, 6, 7)
            owe(database, *(messages(chat, f"{chat} to you") for chat in (5, 6, 7)))
            fake.control_fault({"kind": lost, "method": "sendMessage", "times": 3})
            async with delivering(fake, database) as delivery:
                working = [asyncio.create_task(delivery.deliver(chat)) for chat in (5, 6, 7)]
                await fake.control_wait({"method": "sendMessage", "count": 3})
                fake.control_fault({"kind": lost, "times": 1_000_000})
                asked = await fake.control_wait({"method": "getMe", "count": 4, "timeout": 30})
                assert len(asked) == 4  # one that asks for all three
                assert len(fake.control_calls({"method": "sendMessage"})) == 3
                fake.control_fault({"kind": None})
                await asyncio.wait_for(asyncio.gather(*working), 60)
            assert len(fake.control_calls({"method": "sendMessage"})) == 6
            done = 2 if lost.endswith("after") else 1
            assert {chat: len(said(fake, chat)) for chat in (5, 6, 7)} == {5: done, 6: done, 7: done}
            assert states(database) == ["sent"] * 3

    asyncio.run(run())


def test_request_that_never_left_is_made_again_at_once_and_owed_as_before(database: Database) -> None:
    port = free_port()

    async def run() -> None:
        fake = FakeTelegram(description(), token=TOKEN)
        fake.url = f"http://127.0.0.1:{port}"
        owe(database, messages(5, "1 to you"))
        async with delivering(fake, database) as delivery:
            working = asyncio.create_task(delivery.deliver(1))
            async with asyncio.timeout(30):
                while states(database) != ["sending"]:
                    await asyncio.sleep(0.001)
                while states(database) != ["owed"]:
                    await asyncio.sleep(0.001)
            async with fake.serve(port=port):
                known(fake, 5)
                await asyncio.wait_for(working, 60)
                assert said(fake, 5) == ["1 to you"]
                assert fake.control_calls({"method": "getMe"}) == []

    asyncio.run(run())


def test_repetition_hangs_under_its_own_question(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            numbers = {}
            for chat, question in ((-8, BRIDGE), (5, BRIDGE), (-9, LENGTH), (6, LENGTH)):
                place = {"chat_id": chat, "user_id": abs(chat), "chat_type": "group" if chat < 0 else "private"}
                numbers[chat] = fake.control_send_message({**place, "text": f"/ask {question}"})["message_id"]
                fake.control_fault({"kind": "reset_after", "method": "sendMessage", "chat_id": chat})
            async with serving(fake, index) as service:
                for chat in numbers:
                    await answered(fake, chat, 2)
                await settled(service)
            for chat, number in numbers.items():
                mine = [one for one in fake.control_messages({"chat_id": chat}) if one["from"] == fake.me]
                under = [one.get("reply_to_message", {}).get("message_id") for one in mine]
                assert under == ([number, number] if chat < 0 else [None, None])
            assert fake.control_calls({"method": "deleteMessage"}) == []

    asyncio.run(run())


@pytest.mark.parametrize("fault", ["502", "reset_after", "429", "garbage"])
def test_later_message_of_a_chat_waits_for_an_earlier_one(database: Database, fault: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            known(fake, 5, 6)
            owe(database, messages(5, "1 a", "b", "c"), messages(5, "2", queue="tap"), messages(6, "3"))
            owe(database, messages(5, "4", queue="other"))
            fake.control_fault({"kind": fault, "method": "sendMessage", "chat_id": 5})
            async with delivering(fake, database) as delivery:
                later = [asyncio.create_task(delivery.deliver(number)) for number in (4, 2, 3)]
                await asyncio.wait_for(asyncio.gather(*later, delivery.deliver(1)), 60)
            copies = ["1 a"] * (2 if fault == "reset_after" else 1)
            assert said(fake, 5) == [*copies, "b", "c", "2", "4"]
            assert said(fake, 6) == ["3"]

    asyncio.run(run())


def test_order_of_a_chat_survives_a_restart(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            known(fake, 5)
            with closing(Database(URL)) as database:
                owe(database, messages(5, "1 a", "b"), messages(5, "2", queue="tap"), messages(5, "3", queue="other"))
                begun = update(PARTS).where(PARTS.c.update_id == 1, PARTS.c.position == 0).values(state="sending")
                database.work(lambda connection: connection.execute(begun))
            fake.control_fault({"kind": "502", "method": "sendMessage"})
            async with serving(fake, index, database_url=URL) as service:
                await answered(fake, 5, 4)
                await settled(service)
            assert said(fake, 5)[:4] == ["1 a", "b", "2", "3"]

    asyncio.run(run())


def test_message_that_cannot_be_read_holds_no_later_one(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            known(fake, 5)
            with closing(Database(URL)) as database:
                owe(database, messages(5, "1"), messages(5, "2", queue="tap"), messages(5, "3", queue="other"))
                spoilt = update(PARTS).where(PARTS.c.update_id == 1).values(keyboard="[")
                database.work(lambda connection: connection.execute(spoilt))
            async with serving(fake, index, database_url=URL) as service:
                fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                async with asyncio.timeout(30):
                    while not any(COST in text for text in said(fake, 5)):
                        await asyncio.sleep(0.02)
                await settled(service)
            assert [text for text in said(fake, 5) if text in ("2", "3")] == ["2", "3"]

    asyncio.run(run())


def test_message_that_was_refused_by_a_passing_error_keeps_its_place(database: Database) -> None:
    refused: dict[str, Any] = {"kind": "error", "status": 401, "description": "Unauthorized"}

    async def run() -> None:
        async with telegram() as fake:
            known(fake, 5)
            owe(database, messages(5, "1"), messages(5, "2"))
            fake.control_fault({**refused, "method": "sendMessage"})
            async with delivering(fake, database) as delivery:
                await asyncio.wait_for(asyncio.gather(delivery.deliver(1), delivery.deliver(2)), 60)
            await stand(fake, 5, "1", "2")

    asyncio.run(run())
