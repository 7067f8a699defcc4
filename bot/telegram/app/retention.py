"""What is put in order again and again while the bot runs: what has grown old is deleted."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from bot.storage import ledger
from bot.storage.conversations import DAY, forget_old
from bot.storage.database import now
from bot.telegram.handlers.services import Services
from retrieval.errors import SanadError

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


async def keep_up(desk: Services, every: float = EVERY) -> None:
    """Delete what has grown old, now and then, for ever."""
    while True:
        try:
            await desk.database.run(ledger.prune)
            await desk.database.run(partial(forget_old, days=desk.settings.telegram_keep_days))
        except SanadError as error:  # the next time will do
            log.error("%s", error)
        recent = {person: [time for time in times if time > now() - DAY] for person, times in desk.spent.items()}
        desk.spent = {person: times for person, times in recent.items() if times}
        await asyncio.sleep(every)
