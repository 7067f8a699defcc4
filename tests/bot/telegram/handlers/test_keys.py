"""What a button names: an answer by a key that never comes back, for the person or the group it was given to."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.builders.telegram import BRIDGE, LENGTH, answered, play, said, serving, settled, telegram, tell
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import FEEDBACK
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

FILE = "sqlite:///kept.db"
GONE = "This answer is no longer kept. Please ask again."
TALKS = "Who met Lavrov in Sochi?"


def buttons(fake: FakeTelegram, chat: int) -> dict[str, str]:
    """Return what the buttons under the newest message in a chat send, by what that means."""
    rows = fake.control_messages({"chat_id": chat})[-1]["reply_markup"]["inline_keyboard"]
    sent = (str(button["callback_data"]) for row in rows for button in row)
    return {data.partition("/")[2]: data for data in sent}


async def press(fake: FakeTelegram, chat: int, data: str, user: int | None = None) -> str | None:
    """Let somebody tap on a button that sends something, under a message of a chat, and return what shows."""
    count = len(fake.control_calls({"method": "answerCallbackQuery"}))
    number = f"q{count}"
    fake.queries[number] = {"kind": "callback query", "time": 9e9, "answered": False}
    sender = {"id": user or chat, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    kind = "private" if chat > 0 else "supergroup"
    where = {"id": chat, "type": kind, **({"first_name": "S"} if chat > 0 else {"title": "G"})}
    tapped = {"id": number, "from": sender, "chat_instance": "1", "data": data}
    fake.control_update({"callback_query": {**tapped, "message": {"chat": where, "message_id": 1, "date": 0}}})
    calls = await fake.control_wait({"method": "answerCallbackQuery", "count": count + 1})
    found: str | None = calls[-1]["args"].get("text")
    return found


async def ratings(service: BotProcess) -> int:
    await settled(service)
    rows = await service._services.database.run(lambda connection: connection.execute(select(FEEDBACK)).all())
    return len(rows)


def test_button_of_a_forgotten_answer_shows_and_rates_nobody_else_s(index: Index) -> None:
    """In a group, as a tap there comes from the chat of both answers; every button that an answer or a passage has."""

    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, -9, f"/ask {LENGTH}", user_id=5)
        old = list(buttons(fake, -9).values())
        await tell(fake, -9, "/sources", user_id=5)
        old += buttons(fake, -9).values()
        await tell(fake, -9, "/forget yes", user_id=5)
        await tell(fake, -9, f"/ask {TALKS}", user_id=6)
        before = len(said(fake, -9))
        for data in [*old, old[0].replace("source:1", "passage:1:0"), old[0].replace("source:1", "ask:0")]:
            for user in (5, 6):
                assert await press(fake, -9, data, user) == GONE, data
        assert await ratings(service) == 0
        assert len(said(fake, -9)) == before

    play(index, scenario)


def test_button_of_a_lost_database_shows_nobody_else_s(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, database_url=FILE) as service:
                await tell(fake, -9, f"/ask {LENGTH}", user_id=5)
                old = buttons(fake, -9)["source:1"]
                await settled(service)
            for path in Path().glob("kept.db*"):
                path.unlink()
            async with serving(fake, index, database_url=FILE) as service:
                await tell(fake, -9, f"/ask {TALKS}", user_id=6)
                new = buttons(fake, -9)["source:1"]
                assert await press(fake, -9, old, 6) == GONE
                assert await press(fake, -9, new, 6) is None
                await settled(service)

    asyncio.run(run())


@pytest.mark.parametrize("data", ["1/source:1", "1/good", "1/other_language", "1/ask:0", "12345/passage:1:0"])
def test_button_of_before_there_were_keys_says_so(index: Index, data: str) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        assert (await press(fake, 5, data) or "").startswith("This button is from before")
        assert await ratings(service) == 0
        assert len(said(fake, 5)) == 1

    play(index, scenario)


def test_key_works_in_its_own_chat_for_its_own_people(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        own = buttons(fake, 5)["source:1"]
        await tell(fake, -9, f"/ask {LENGTH}", user_id=5)
        group = buttons(fake, -9)["source:1"]
        rows: list[tuple[int, int, str]] = [(6, 6, own), (-9, 5, own), (-9, 6, own), (5, 5, group), (-8, 5, group)]
        for chat, user, data in rows:
            assert await press(fake, chat, data, user) == GONE
        assert "belongs to whoever asked" in (await press(fake, 5, own, 6) or "")
        assert await press(fake, 5, own) is None
        assert await press(fake, -9, group, 6) is None
        await answered(fake, 5, 2)
        await answered(fake, -9, 2)
        await settled(service)
        assert {chat: len(said(fake, chat)) for chat in (5, 6, -8, -9)} == {5: 2, 6: 0, -8: 0, -9: 2}

    play(index, scenario)


def test_what_buttons_send_is_short_and_names_no_number(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        keys: set[str] = set()
        for chat in (5, 6, 7):
            await tell(fake, chat, BRIDGE)
            sent: list[Any] = [data.partition("/") for data in buttons(fake, chat).values()]
            keys |= {key for key, _, _ in sent}
            assert all(re.fullmatch(r"[A-Za-z0-9_-]{12}", key) for key, _, _ in sent)
            longest = f"{sent[0][0]}/passage:32:{10**12}"
            assert max(map(len, [*buttons(fake, chat).values(), longest])) <= 64
        assert len(keys) == 3

    play(index, scenario)
