"""Queues of updates: what belongs together is worked on in order, and different queues side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from bot.storage.inbox import Incoming

log = logging.getLogger(__name__)


def queue_of(chat: int | None, thread: int | None, person: int | None) -> str:
    """Return the queue of what one person writes in one topic of a chat: nobody waits there for somebody else's answer.

    >>> queue_of(-100, None, 5)
    'chat:-100:0:5'
    """
    return f"chat:{chat}:{thread or 0}:{person}"


class ChatQueues:
    """Takes updates; each queue works on one at a time, and is gone when it is empty."""

    def __init__(self, settle: Callable[[Incoming], Awaitable[None]]) -> None:
        """Take what is done with an update; it handles its own failures."""
        self._settle = settle
        self._waiting: dict[str, deque[Incoming]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._waiting.values()) + len(self._workers)

    def add(self, incoming: Incoming) -> None:
        """Put an update at the end of its queue."""
        self._waiting.setdefault(incoming.queue, deque()).append(incoming)
        if incoming.queue not in self._workers:
            self._begin(incoming.queue)

    def _begin(self, queue: str) -> None:
        self._workers[queue] = asyncio.create_task(self._work(queue), name=queue)

    async def _work(self, queue: str) -> None:
        waiting = self._waiting[queue]
        try:
            while waiting and not self._stopping:
                incoming = waiting.popleft()
                try:
                    await self._settle(incoming)
                except Exception:  # it stays owed; what waits behind it goes on
                    log.exception("Update %d ended its turn with an error.", incoming.update_id)
        finally:
            del self._workers[queue]
            if waiting and not self._stopping:  # this worker was cut off: another goes on where it stood
                self._begin(queue)
            else:
                del self._waiting[queue]

    async def stop(self, grace: float, last: float) -> None:
        """Begin nothing more; wait so many seconds for what was begun, and so many for the rest to end."""
        self._stopping = True
        working = list(self._workers.values())
        if working:
            _, late = await asyncio.wait(working, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=last)
