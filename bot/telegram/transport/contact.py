"""Contact: whether Telegram answers again, before anything is sent a second time.

Each repetition of a message that may have arrived may be a copy. While Telegram is away none is worth anything, so
whoever waits for it asks by a call that changes nothing; many who wait ask once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.telegram.transport.calls import ask_for_a_sign
from bot.telegram.transport.retries import kind, wait_after

if TYPE_CHECKING:
    from bot.telegram.transport.rate_limiter import Bot, RateLimiter

log = logging.getLogger(__name__)


class Contact:
    """Finds out when Telegram answers."""

    def __init__(self, bot: Bot, limiter: RateLimiter) -> None:
        self._bot = bot
        self._limiter = limiter
        self._asking = asyncio.Lock()

    async def regained(self, failures: int) -> None:
        """Wait as is fit after so many failures in a row, and until Telegram has answered since; not past the end."""
        seen = self._limiter.answers
        with self._limiter.resting():
            await asyncio.sleep(wait_after(failures))
            async with self._asking:
                unanswered = 0
                while self._limiter.answers == seen:  # to whichever call
                    try:
                        await ask_for_a_sign(self._bot)
                    except TelegramError as error:
                        unanswered += 1
                        wait = wait_after(unanswered, error)
                        log.warning("Telegram does not answer (%s); asking again in %.1f s.", kind(error), wait)
                        await asyncio.sleep(wait)
