"""Every failure at every method that the bot calls: each question is answered, and once where Telegram says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from support.builders.telegram import BRIDGE, COST, answered, said, serving, settled, telegram
from support.servers.model import ModelServer, says
from support.servers.telegram.server import FakeTelegram

from retrieval.index.index import Index

FAULTS: list[dict[str, Any]] = [
    {"kind": "429", "retry_after": 1},
    {"kind": "502"},
    {"kind": "reset"},
    {"kind": "reset_after"},
    {"kind": "502_after"},
    {"kind": "odd_after"},
    {"kind": "garbage"},
    {"kind": "delay", "seconds": 0.3},
    {"kind": "delay_after", "seconds": 0.3},
    {"kind": "error", "status": 400, "description": "Bad Request: can't parse entities: Unsupported start tag"},
    {"kind": "error", "status": 500, "description": "Internal Server Error"},
]
PRIVATE = dict(enumerate(FAULTS, start=5))
LOST = {"reset_after", "502_after"}  # done, and Telegram's word of it does not arrive: it can only be sent again
AT_START = [("getMe", fault) for fault in FAULTS if fault.get("status") != 400 and fault["kind"] != "odd_after"]
AT_START += [("deleteWebhook", fault) for fault in FAULTS if fault["kind"] in ("429", "reset", "garbage")]


def model(server: ModelServer) -> dict[str, Any]:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {id}."))
    return {"llm": "openai-like:m", "llm_base_url": server.url, "llm_api_key": SecretStr("k")}


def copies(method: str) -> dict[int, int]:
    """Return how often the answer stands in each chat."""
    return {chat: 2 if fault["kind"] in LOST and method == "sendMessage" else 1 for chat, fault in PRIVATE.items()}


async def ask_everywhere(fake: FakeTelegram, method: str) -> None:
    for chat, fault in PRIVATE.items():
        fake.control_fault({**fault, "method": method, "chat_id": chat})
        fake.control_send_message({"chat_id": chat, "text": BRIDGE})


@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction"])
def test_quotation_arrives_whatever_fails(index: Index, method: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index) as service:
                await ask_everywhere(fake, method)
                for chat, fault in PRIVATE.items():
                    assert COST in (await answered(fake, chat))[0], fault
                await settled(service)
            assert {chat: len(said(fake, chat)) for chat in PRIVATE} == copies(method)
            assert fake.faults == []
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize("method", ["sendMessageDraft", "sendMessage"])
def test_model_s_answer_arrives_whatever_fails(index: Index, server: ModelServer, method: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, **model(server)) as service:
                await ask_everywhere(fake, method)
                for chat, fault in PRIVATE.items():
                    assert COST in (await answered(fake, chat))[0], fault
                await settled(service)
            assert {chat: len(said(fake, chat)) for chat in PRIVATE} == copies(method)
            assert fake.faults == []
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.get("status", fault["kind"]))
def test_updates_come_in_whatever_fails(index: Index, fault: dict[str, Any]) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({**fault, "method": "getUpdates"})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)
            assert len(said(fake, 5)) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "fault"), AT_START, ids=lambda value: value if isinstance(value, str) else value["kind"]
)
def test_bot_starts_whatever_fails(index: Index, method: str, fault: dict[str, Any]) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({**fault, "method": method})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index):
                assert COST in (await answered(fake, 5))[0]
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize("description", ["Forbidden: bot was blocked by the user", "Bad Request: chat not found"])
def test_chat_that_cannot_be_written_to_is_given_up(index: Index, description: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            status = 403 if description.startswith("Forbidden") else 400
            fake.control_fault({"kind": "error", "status": status, "description": description, "chat_id": 5})
            fault = {"kind": "error", "status": status, "description": description, "method": "sendMessage"}
            fake.control_fault({**fault, "chat_id": 5})
            async with serving(fake, index) as service:
                fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                await fake.control_wait({"method": "sendMessage", "chat_id": 5})
                await settled(service)
                fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                assert len(await answered(fake, 5)) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_chat_that_moved_is_answered_where_it_went(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            moved = {"status": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}
            fake.control_fault(
                {
                    "kind": "error",
                    "method": "sendMessage",
                    "chat_id": 5,
                    "parameters": {"migrate_to_chat_id": 6},
                    **moved,
                }
            )
            fake.control_send_message({"chat_id": 6, "text": "/help"})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index):
                await answered(fake, 6, 2)
            assert said(fake, 5) == []

    asyncio.run(run())


def test_flood_in_one_chat_holds_no_other(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "429", "method": "sendMessage", "retry_after": 30, "chat_id": 5})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index):
                await fake.control_wait({"method": "sendMessage", "chat_id": 5})
                fake.control_send_message({"chat_id": 6, "text": BRIDGE})
                assert COST in (await answered(fake, 6))[0]
                assert said(fake, 5) == []

    asyncio.run(run())
