"""A crash between any two steps of an answer: the steps are the database's transactions, each may be the last."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from functools import partial

import pytest
from support.builders.telegram import BRIDGE, COST, said, serving, settled, stand, telegram
from support.mortal import KilledError, Mortal

from bot.storage import inbox
from bot.storage.database import Database
from retrieval.index.index import Index

STEPS = 14  # transactions from the coming of an update to its end
BOT = 123456
NOTED = 12  # the one that notes that Telegram took the answer


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_crash_loses_nothing_and_repeats_only_what_could_not_be_noted(index: Index, step: int, after: bool) -> None:
    async def run() -> None:
        async with telegram() as fake:
            url = "sqlite:///conversations.db"
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            database = Mortal(url, step + 3, after=after)  # three before it begin the process
            with closing(database), suppress(KilledError):
                async with serving(fake, index, database, telegram_watches=0):
                    async with asyncio.timeout(30):
                        await database.dead.wait()
            async with serving(fake, index) as service:
                copies = 2 if (step, after) == (NOTED, False) else 1
                await stand(fake, 5, *[COST] * copies)
                with closing(Database(url)) as looked_at:
                    async with asyncio.timeout(30):
                        while looked_at.work(partial(inbox.unfinished, bot_id=BOT)):
                            await asyncio.sleep(0.02)
                await settled(service)
            assert len(said(fake, 5)) == copies
            assert fake.control_violations({}) == []

    asyncio.run(run())
