from __future__ import annotations

import asyncio

import pytest

from bot.telegram.pace import HURRY, IN_ALL, HurriedError, Pace


async def send(pace: Pace, chat: int, made: list[int], hurry: dict[str, bool] | None = None) -> None:
    async def call() -> bool:
        made.append(chat)
        return True

    await pace.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, hurry)


def test_calls_that_wait_are_made_in_the_order_in_which_they_came() -> None:
    made: list[int] = []

    async def run() -> None:
        pace = Pace(lambda _: None)
        await asyncio.gather(*(send(pace, chat, made) for chat in range(1, 2 * IN_ALL.calls)))

    asyncio.run(run())
    assert made == list(range(1, 2 * IN_ALL.calls))


def test_hurried_call_goes_before_nobody_who_waits() -> None:
    made: list[int] = []

    async def run() -> None:
        pace = Pace(lambda _: None)
        waiting = [asyncio.create_task(send(pace, chat, made)) for chat in range(1, IN_ALL.calls + 2)]
        await asyncio.sleep(0.1)
        with pytest.raises(HurriedError):
            await send(pace, 99, made, HURRY)
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert 99 not in made
