"""Lanes: the order of each survives whatever happens to its worker, and one never waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product

import pytest

from bot.storage.inbox import Incoming
from bot.telegram.transport.chat_queues import ChatQueues, queue_of

Attend = Callable[[Incoming], Awaitable[None]]


def update(number: int, queue: str = "a") -> Incoming:
    return Incoming(number, "message", queue, 5, 5, number, 0.0, {"update_id": number}, update_id=number)


def cut_off(_: Incoming) -> None:
    """Cancel the worker that attends to an update, as its task would be from outside."""
    task = asyncio.current_task()
    assert task
    task.cancel()


def fail(_: Incoming) -> None:
    raise RuntimeError


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await scenario()

    asyncio.run(bounded())


async def emptied(queues: ChatQueues) -> None:
    while len(queues):
        await asyncio.sleep(0)


@pytest.mark.parametrize("happens", [None, cut_off, fail])
@pytest.mark.parametrize("where", [1, 2, 4])
def test_order_of_a_lane_survives_its_worker(happens: Callable[[Incoming], None] | None, where: int) -> None:
    begun: list[int] = []

    async def attend(incoming: Incoming) -> None:
        begun.append(incoming.update_id)
        if happens and incoming.update_id == where:
            happens(incoming)
        await asyncio.sleep(0)

    async def scenario() -> None:
        queues = ChatQueues(attend)
        for number in range(1, 6):
            queues.add(update(number))
        await emptied(queues)
        queues.add(update(6))
        await emptied(queues)

    run(scenario)
    assert begun == [1, 2, 3, 4, 5, 6]


def test_a_lane_waits_for_no_other() -> None:
    begun: list[tuple[str, int]] = []

    async def scenario() -> None:
        first = asyncio.Event()

        async def attend(incoming: Incoming) -> None:
            begun.append((incoming.queue, incoming.update_id))
            if incoming.update_id == 1:
                await first.wait()

        queues = ChatQueues(attend)
        for number, queue in enumerate(("a", "a", "b", "b"), start=1):
            queues.add(update(number, queue))
        while len(begun) < 3:
            await asyncio.sleep(0)
        assert begun == [("a", 1), ("b", 3), ("b", 4)]
        first.set()
        await emptied(queues)

    run(scenario)
    assert begun[-1] == ("a", 2)


def test_nothing_is_begun_once_lanes_stop() -> None:
    begun: list[int] = []

    async def attend(incoming: Incoming) -> None:
        begun.append(incoming.update_id)
        await asyncio.Event().wait()

    async def scenario() -> None:
        queues = ChatQueues(attend)
        queues.add(update(1))
        queues.add(update(2))
        await asyncio.sleep(0)
        await queues.stop(0.0, 1.0)
        assert len(queues) == 0

    run(scenario)
    assert begun == [1]


def test_lane_is_of_one_person_in_one_topic_of_one_chat() -> None:
    places = list(product((-1, -11, 5), (None, 1, 7), (1, 11, 5)))
    assert len({queue_of(*place) for place in places}) == len(places)
