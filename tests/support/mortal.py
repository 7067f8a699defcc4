"""A database whose process dies, for tests of what a crash loses and what it repeats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.storage.database import Database


class KilledError(Exception):
    """The process is no more; what it does from here on is not seen by anybody."""


class Mortal(Database):
    """A database whose process dies at its n-th transaction: before it, or just after; all later ones fail too."""

    def __init__(self, url: str, steps: int, *, after: bool) -> None:
        self.left = 1_000
        self._after = after
        super().__init__(url)
        self.left = steps
        self.dead = asyncio.Event()  # set at once: what a process does after its end would be seen

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
