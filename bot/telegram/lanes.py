"""Lanes: what belongs together is worked on in order, and different lanes side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.ledger import Incoming


class Lanes:
    """Takes updates; each lane works on one at a time, and is gone when it is empty."""

    def __init__(self, attend: Callable[[Incoming], Awaitable[None]]) -> None:
        """Take what is done with an update; it handles its own failures."""
        self._attend = attend
        self._waiting: dict[str, deque[Incoming]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._waiting.values()) + len(self._workers)

    def add(self, incoming: Incoming) -> None:
        """Put an update at the end of its lane."""
        self._waiting.setdefault(incoming.lane, deque()).append(incoming)
        if incoming.lane not in self._workers:
            self._workers[incoming.lane] = asyncio.create_task(self._work(incoming.lane), name=incoming.lane)

    async def _work(self, lane: str) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting and not self._stopping:
                await self._attend(waiting.popleft())
        finally:
            del self._workers[lane]
            if not waiting or self._stopping:
                del self._waiting[lane]
            else:
                self.add(waiting.popleft())

    async def stop(self, grace: float, last: float) -> None:
        """Begin nothing more; wait so many seconds for what was begun, and so many for the rest to let go."""
        self._stopping = True
        working = list(self._workers.values())
        if working:
            _, late = await asyncio.wait(working, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=last)
