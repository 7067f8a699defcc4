"""Retention while the bot runs: what has grown old is deleted, again and again."""

from __future__ import annotations

import asyncio
import logging

from bot.storage.conversations import DAY
from bot.storage.database import now
from bot.storage.retention import delete_old, delete_settled
from bot.telegram.handlers.services import Services
from retrieval.errors import SanadError

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


async def enforce_retention(services: Services, every: float = EVERY) -> None:
    """Delete what has grown old, now and then, for ever."""
    days = services.settings.telegram_keep_days
    while True:
        try:
            await services.database.run(delete_settled)
            await services.database.run(lambda connection: delete_old(connection, days))
        except SanadError as error:  # the next time will do
            log.error("%s", error)
        recent = {person: [time for time in times if time > now() - DAY] for person, times in services.spent.items()}
        services.spent = {person: times for person, times in recent.items() if times}
        await asyncio.sleep(every)
