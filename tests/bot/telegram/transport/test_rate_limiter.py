from __future__ import annotations

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.telegram.transport.rate_limiter import HURRY, IN_ALL, IN_CHAT, HurriedError, RateLimiter


async def send(limiter: RateLimiter, chat: int, made: list[int], hurry: dict[str, bool] | None = None) -> None:
    async def call() -> bool:
        made.append(chat)
        return True

    await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, hurry)


def test_calls_that_wait_are_made_in_the_order_in_which_they_came() -> None:
    made: list[int] = []

    async def run() -> None:
        limiter = RateLimiter(lambda _: None)
        await asyncio.gather(*(send(limiter, chat, made) for chat in range(1, 2 * IN_ALL.calls)))

    asyncio.run(run())
    assert made == list(range(1, 2 * IN_ALL.calls))


def test_hurried_call_goes_before_nobody_who_waits() -> None:
    made: list[int] = []

    async def run() -> None:
        limiter = RateLimiter(lambda _: None)
        waiting = [asyncio.create_task(send(limiter, chat, made)) for chat in range(1, IN_ALL.calls + 2)]
        await asyncio.sleep(0.1)
        with pytest.raises(HurriedError):
            await send(limiter, 99, made, HURRY)
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert 99 not in made


def test_calls_of_one_chat_that_wait_out_a_flood_are_made_in_the_order_in_which_they_came() -> None:
    made: list[int] = []

    async def flooded() -> bool:
        raise RetryAfter(0)

    async def run() -> None:
        limiter = RateLimiter(lambda _: None)

        async def call(number: int) -> bool:
            made.append(number)
            return True

        with pytest.raises(RetryAfter):
            await limiter.process_request(flooded, (), {}, "sendMessage", {"chat_id": 5}, None)
        waiting = (
            limiter.process_request(call, (number,), {}, "sendMessage", {"chat_id": 5}, None)
            for number in range(IN_CHAT.calls - 1)
        )
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert made == list(range(IN_CHAT.calls - 1))


def test_end_of_the_process_ends_whatever_waits() -> None:
    async def run() -> None:
        limiter = RateLimiter(lambda _: None)

        async def wait_for_ever() -> None:
            with limiter.resting():
                await asyncio.Event().wait()

        waiting = [asyncio.create_task(wait_for_ever()), asyncio.create_task(limiter.rest(1e6))]
        await asyncio.sleep(0)
        limiter.stop()
        await asyncio.wait(waiting, timeout=30)
        assert [task.cancelled() for task in waiting] == [True, True]
        with pytest.raises(asyncio.CancelledError):
            await limiter.rest(0)

    asyncio.run(run())
