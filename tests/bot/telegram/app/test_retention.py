from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import update
from support.builders.telegram import BRIDGE, play, settled, tell
from support.servers.telegram.server import FakeTelegram

from bot.storage.conversations import DAY, DialoguePlace, last_answer
from bot.storage.database import ANSWERS, now
from bot.telegram.app.application import BotProcess
from bot.telegram.app.retention import enforce_retention
from retrieval.index.index import Index


def test_what_grows_old_while_the_bot_runs_is_deleted(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        services = service._services
        await tell(fake, 5, BRIDGE)
        await settled(service)
        services.spent = {5: [now() - 2 * DAY], 6: [now() - 2 * DAY, now() - 60.0]}
        await services.database.run(
            lambda connection: connection.execute(update(ANSWERS).values(made_at=now() - 2 * DAY))
        )
        keeping = asyncio.create_task(enforce_retention(services, 0.01))
        async with asyncio.timeout(20):
            while await services.database.run(partial(last_answer, held=DialoguePlace(5, 5))) or 5 in services.spent:
                await asyncio.sleep(0.01)
        keeping.cancel()
        assert [len(times) for times in services.spent.values()] == [1]

    play(index, scenario, telegram_keep_days=1)
