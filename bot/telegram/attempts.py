"""Calls that are made again until Telegram answers, and what a failed one may be called in a log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.telegram.pace import seconds_of

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds


def wait_after(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row.

    >>> [wait_after(failures) for failures in (1, 2, 3, 99)]
    [0.5, 1.0, 2.0, 30.0]
    """
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 10), LONGEST_WAIT)


def kind(error: BaseException) -> str:
    """Return what an error may be called in a log: no address, as that holds the token."""
    return type(error.__cause__ or error).__name__ if isinstance(error, NetworkError) else type(error).__name__


async def persistently(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call until Telegram answers.

    Raises:
        InvalidToken: it does not know the token.
        BadRequest: it refuses what was asked.
    """
    failures = 0
    while True:
        try:
            await call()
        except (BadRequest, InvalidToken):
            raise
        except TelegramError as error:
            failures += 1
            wait = seconds_of(error) if isinstance(error, RetryAfter) else wait_after(failures)
            log.warning("Telegram cannot be reached (%s); trying again in %.1f s.", kind(error), wait)
            await asyncio.sleep(wait)
        else:
            return
