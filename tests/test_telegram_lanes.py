"""Lanes: what waits in one is worked on in the order in which it came."""

from __future__ import annotations

import asyncio

from bot.database import now
from bot.ledger import Incoming
from bot.telegram.lanes import Lanes


def incoming(number: int, lane: str) -> Incoming:
    return Incoming(number, "message", lane, 5, 5, number, now(), {})


def test_lane_works_on_what_waits_in_the_order_in_which_it_came() -> None:
    begun: list[int] = []
    free = asyncio.Event()

    async def attend(one: Incoming) -> None:
        begun.append(one.update_id)
        if one.update_id == 1:
            await free.wait()

    async def run() -> None:
        lanes = Lanes(attend)
        for number in range(1, 6):
            lanes.add(incoming(number, "chat:5"))
        lanes.add(incoming(9, "chat:6"))
        while len(begun) < 2:
            await asyncio.sleep(0)
        assert sorted(begun) == [1, 9]  # another lane waits for nobody
        free.set()
        async with asyncio.timeout(30):
            while len(lanes):
                await asyncio.sleep(0)

    asyncio.run(run())
    assert [number for number in begun if number != 9] == [1, 2, 3, 4, 5]
