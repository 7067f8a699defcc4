"""A crash between any two steps of an answer: the steps are the database's transactions, each may be the last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection
from support.builders.telegram import BRIDGE, COST, said, serving, settled, stand, telegram

from bot.storage import inbox
from bot.storage.database import Database
from retrieval.index.index import Index

STEPS = 14  # transactions from the coming of an update to its end
BOT = 123456
NOTED = 12  # the one that notes that Telegram took the answer


class Mortal(Database):
    """A database whose process dies at its n-th transaction: before it, or just after."""

    def __init__(self, url: str, steps: int, *, after: bool) -> None:
        self.left = 1_000
        self._after = after
        super().__init__(url)
        self.left = steps
        self.dead = asyncio.Event()

    def work(self, task: Callable[[Connection], Any], *, durable: bool = False) -> Any:
        self.left -= 1
        if self.left > 0:
            return super().work(task, durable=durable)
        if self._after and self.left == 0:
            super().work(task)
        self._loop.call_soon_threadsafe(self.dead.set)
        raise KilledError

    async def run(self, task: Callable[[Connection], Any], *, durable: bool = False) -> Any:
        self._loop = asyncio.get_running_loop()
        return await super().run(task, durable=durable)


class KilledError(Exception):
    """The process is no more; what it does from here on is not seen by anybody."""


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
