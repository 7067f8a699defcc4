"""What Telegram, or what stands before it, may send: each update is answered or set aside, and holds up no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import Connection
from support.builders.telegram import BRIDGE, COST, SECRET, answered, serving, settled, telegram, webhook
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import TURNS, Database
from retrieval.index.index import Index

HUGE = 2**70
ILL: dict[str, dict[str, Any]] = {
    "half a character": {"text": "\ud800"},
    "a number that no column takes": {"message_id": HUGE},
    "text that is none": {"text": ["/cancel"]},
    "a date that is none": {"date": "yesterday"},
    "a chat that is none": {"chat": 5},
    "a sender that is none": {"from": "me"},
}


def spoil(fake: FakeTelegram, chat: int, more: dict[str, Any]) -> None:
    """Have an update come that Telegram would not send."""
    number = fake.control_send_message({"chat_id": chat, "text": BRIDGE})["update_id"]
    (held,) = [held for held in fake.pending if held["update"]["update_id"] == number]
    held["update"]["message"] |= more


@pytest.mark.parametrize("kind", ILL)
def test_an_update_that_cannot_be_taken_in_holds_up_no_other(database: Database, index: Index, kind: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 6, "text": BRIDGE})
            spoil(fake, 5, ILL[kind])
            fake.control_send_message({"chat_id": 7, "text": BRIDGE})
            async with serving(fake, index, database) as service:
                for chat in (6, 7):
                    assert COST in (await answered(fake, chat))[0]
                await settled(service)
                async with asyncio.timeout(30):
                    while fake.pending:
                        await asyncio.sleep(0.02)

    asyncio.run(run())


@pytest.mark.parametrize("code", [0xD800, 0xDFFF, 0])
def test_a_question_with_a_broken_character_is_answered_and_kept(database: Database, index: Index, code: int) -> None:
    mark = chr(code)

    async def run() -> None:
        async with telegram() as fake:
            spoil(fake, 5, {"text": f"{BRIDGE} {mark}", "from": {"id": 5, "is_bot": False, "first_name": mark}})
            async with serving(fake, index, database) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)

    def kept(connection: Connection) -> list[str]:
        return list(connection.execute(TURNS.select().with_only_columns(TURNS.c.question)).scalars())

    asyncio.run(run())
    assert database.work(kept) == [f"{BRIDGE} \ufffd"]


def test_a_webhook_sets_aside_what_cannot_be_taken_in(index: Index) -> None:
    async def run() -> None:
        own = webhook()
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        async with telegram() as fake, serving(fake, index, **own), ClientSession() as client:
            await fake.control_wait({"method": "setWebhook"})
            for body in (b'{"update_id": 5, "message": "x"}', b'{"update_id": 1180591620717411303424, "message": {}}'):
                async with client.post(own["webhook_url"], data=body, headers=headers) as response:
                    assert response.status == 200
            fake.control_send_message({"chat_id": 7, "text": BRIDGE})
            assert COST in (await answered(fake, 7))[0]

    asyncio.run(run())


def test_a_server_that_does_not_wait_is_not_asked_in_haste(index: Index) -> None:
    seconds, most = 3, 20  # a bot in haste asks hundreds of times

    async def run() -> None:
        async with telegram(long_polling=False) as fake, serving(fake, index):
            await fake.control_wait({"method": "getUpdates"})
            await asyncio.sleep(seconds)
            assert len(fake.control_calls({"method": "getUpdates"})) <= most
            fake.control_send_message({"chat_id": 7, "text": BRIDGE})
            assert COST in (await answered(fake, 7))[0]

    asyncio.run(run())


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates", "sendMessage"])
@pytest.mark.parametrize(("status", "name"), [(401, "Unauthorized"), (404, "Not Found")])
def test_one_refusal_of_the_token_ends_nothing(index: Index, method: str, status: int, name: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "error", "method": method, "status": status, "description": name})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)
                fake.control_send_message({"chat_id": 5, "text": "/help"})
                await answered(fake, 5, 2)
            assert fake.faults == []

    asyncio.run(run())


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
def test_one_forbidding_ends_nothing(index: Index, method: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fault = {"kind": "error", "method": method, "status": 403, "description": "Forbidden: no"}
            fake.control_fault({**fault, "times": 99 if method == "deleteWebhook" else 1})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index):
                assert COST in (await answered(fake, 5))[0]
            assert len(fake.control_calls({"method": "deleteWebhook"})) == (4 if method == "deleteWebhook" else 1)

    asyncio.run(run())


def test_a_bot_that_is_forbidden_to_know_itself_says_so_and_stays(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fault = {"kind": "error", "method": "getMe", "status": 403, "description": "Forbidden: no"}
            fake.control_fault({**fault, "times": 99})
            async with serving(fake, index) as service:
                await fake.control_wait({"method": "getMe", "count": 4, "timeout": 60})
                await asyncio.sleep(0.2)
                assert len(fake.control_calls({"method": "getMe"})) == 4  # it rests
                assert service.ready()["telegram"] == "cannot be reached"

    asyncio.run(run())


def test_a_webhook_that_is_forbidden_to_be_set_still_listens(index: Index) -> None:
    async def run() -> None:
        own = webhook()
        async with telegram() as fake:
            fault = {"kind": "error", "method": "setWebhook", "status": 403, "description": "Forbidden: no"}
            fake.control_fault({**fault, "times": 99})
            async with serving(fake, index, **own):
                await fake.control_wait({"method": "setWebhook", "count": 4, "timeout": 60})
                fake.webhook = {"url": own["webhook_url"], "secret": SECRET, "max": 40, "error": {}}
                fake.control_send_message({"chat_id": 7, "text": BRIDGE})
                assert COST in (await answered(fake, 7))[0]

    asyncio.run(run())
