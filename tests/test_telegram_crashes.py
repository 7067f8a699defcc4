"""A crash between any two steps of an answer: the steps are the database's transactions, each may be the last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from sqlalchemy import Connection
from telegrams import BRIDGE, COST, said, serving, settled, stand, telegram

from bot.database import Database
from retrieval.index import Index

STEPS = 10  # transactions from the coming of an update to its end


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
def test_crash_loses_nothing_and_repeats_nothing(index: Index, step: int, after: bool) -> None:
    async def run() -> None:
        async with telegram() as fake:
            url = "sqlite:///conversations.db"
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            database = Mortal(url, step + 3, after=after)  # three before it begin the process
            with closing(database), suppress(KilledError):
                async with serving(fake, index, database):
                    async with asyncio.timeout(30):
                        await database.dead.wait()
            async with serving(fake, index) as service:
                await stand(fake, 5, COST)
                await settled(service)
            assert len(said(fake, 5)) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())
