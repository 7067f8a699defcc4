"""A database that is away for a moment: the question is answered once it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection, event
from support.builders.telegram import BRIDGE, COST, said, serving, settled, stand, telegram, tell

from bot.storage.database import Database, DatabaseError
from retrieval.index.index import Index

STEPS = 7  # transactions from the coming of an update to the sending of its answer


class Faltering(Database):
    """A database that cannot be reached for a few transactions."""

    def __init__(self, url: str) -> None:
        self.until, self.away = 1_000, 0
        super().__init__(url)

    def work(self, task: Callable[[Connection], Any], *, durable: bool = False) -> Any:
        self.until -= 1
        if self.until <= 0 < self.away:
            self.away -= 1
            raise DatabaseError("away")
        return super().work(task, durable=durable)


@pytest.mark.parametrize(("step", "times"), [(3, 2), *((step, 1) for step in range(1, STEPS + 1))])
def test_question_outlasts_an_outage_of_the_database(index: Index, step: int, times: int) -> None:
    async def run() -> None:
        async with telegram() as fake:
            with closing(Faltering("sqlite:///conversations.db")) as database:
                async with serving(fake, index, database) as service:
                    await tell(fake, 5, "/latest")
                    await settled(service)
                    database.until, database.away = step, times
                    fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                    await stand(fake, 5, "", COST)
                    await settled(service)
                    assert database.away == 0
            assert COST in said(fake, 5)[-1]
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_a_database_that_is_full_is_told_of_until_an_update_is_written(index: Index) -> None:
    async def run() -> None:
        most_pages = 1_000_000

        def limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count={most_pages}")

        async with telegram() as fake:
            with closing(Database("sqlite:///conversations.db")) as database:
                event.listen(database._engine, "checkout", limit)
                async with serving(fake, index, database) as service:
                    await tell(fake, 5, "/latest")
                    await settled(service)
                    most_pages = 1  # as many as there are, then
                    fake.control_send_message({"chat_id": 5, "text": BRIDGE})
                    fake.pending[-1]["update"]["message"]["ballast"] = "x" * 100_000  # no free page holds it
                    async with asyncio.timeout(60):
                        while service._unwritten is None:
                            await asyncio.sleep(0.02)
                    assert "database or disk is full" in str(service.ready()["database"])
                    most_pages = 1_000_000
                    await stand(fake, 5, "", COST)
                    assert service.ready()["database"] is None

    asyncio.run(run())
