"""The inbox: what another bot brings, or Telegram after it began its numbers anew, is new; what comes twice is not."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, said, serving, settled, telegram, tell
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import UPDATES
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

FILE = "sqlite:///kept.db"
TOKEN, OTHER = "123456:TEST", "777:OTHER"
SILENCE = 8 * 86_400  # seconds; after a week of it Telegram begins its numbers anew


async def idle(fake: FakeTelegram) -> None:
    """Let a poll end with nothing, and wait for the one after it."""
    async with asyncio.timeout(30):
        while fake.poller is None or fake.pending:
            await asyncio.sleep(0.01)
        ended = fake.poller
        ended.set_result(None)
        while fake.poller in (None, ended):
            await asyncio.sleep(0.01)


async def silent(service: BotProcess) -> None:
    """Let more than a week go by for what was taken in."""
    older = update(UPDATES).values(received_at=UPDATES.c.received_at - SILENCE)
    await service._services.database.run(lambda connection: connection.execute(older))


def test_a_second_bot_with_the_same_database_is_heard(index: Index) -> None:
    async def run() -> None:
        for token in (TOKEN, OTHER):  # the fake servers of both begin with the same number
            async with telegram(token=token) as fake, serving(fake, index, database_url=FILE) as service:
                assert fake.next_update == 1000
                assert "1800" in await tell(fake, 5, LENGTH)
                await settled(service)

    asyncio.run(run())


def test_a_bot_leaves_what_another_took_in_to_it(index: Index) -> None:
    async def run() -> None:
        async with telegram(token=TOKEN) as fake, telegram(token=OTHER) as other:
            async with serving(fake, index, database_url=FILE) as service:
                fake.control_fault({"method": "sendMessage", "kind": "502", "times": 99})
                fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                await fake.control_wait({"method": "sendMessage"})
            async with serving(other, index, database_url=FILE) as service:
                assert "1800" in await tell(other, 6, LENGTH)
                await settled(service)
                assert said(other, 5) == []
            fake.control_fault({"kind": None})
            async with serving(fake, index, database_url=FILE):
                assert COST in (await answered(fake, 5))[0]

    asyncio.run(run())


@pytest.mark.parametrize("number", [1000, 995, 7], ids=["the same", "a little lower", "lower"])
@pytest.mark.parametrize("restarts", [False, True])
def test_numbers_that_begin_anew_are_of_new_messages(index: Index, number: int, restarts: bool) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, database_url=FILE) as service:
                await tell(fake, 5, BRIDGE)
                await settled(service)
                await idle(fake)
                await silent(service)
                fake.next_update = number
                if not restarts:
                    assert "1800" in await tell(fake, 5, LENGTH)
            if restarts:
                async with serving(fake, index, database_url=FILE):
                    assert "1800" in await tell(fake, 5, LENGTH)
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_an_offset_confirms_its_batch_and_is_used_no_more(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index):
            await tell(fake, 5, BRIDGE)
            await idle(fake)
            assert all(one["confirmed"] for one in fake.updates)
            await idle(fake)
            offsets = [call["args"].get("offset", 0) for call in fake.control_calls({"method": "getUpdates"})]
            assert offsets[-2:] == [1001, 0]

    asyncio.run(run())
