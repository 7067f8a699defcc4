"""Calls that are made again until Telegram answers, and what a failed one may be called in a log."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from bot.telegram.transport.rate_limiter import Bot, seconds_of
from retrieval.concurrency.retries import pause_after

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds
MOST_REFUSALS = 4  # of one call in a row


def wait_after(failures: int, error: Exception | None = None) -> float:
    """Return the seconds to wait after so many failures in a row, or as long as Telegram asks to."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    return pause_after(failures, FIRST_WAIT, LONGEST_WAIT)


def kind(error: BaseException) -> str:
    """Return what an error may be called in a log: no address, as that holds the token."""
    return type(error.__cause__ or error).__name__ if isinstance(error, NetworkError) else type(error).__name__


async def retry_until_answered(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call until Telegram answers; a refusal counts once it has come several times, as a proxy may give one.

    Raises:
        InvalidToken: it does not know the token.
        Forbidden: it lets nobody do this.
        BadRequest: it refuses what was asked.
    """
    refusals = 0

    async def called() -> None:  # tenacity awaits what is written as a coroutine's function alone
        await call()

    def is_worth_it(error: BaseException) -> bool:
        nonlocal refusals
        refusals = refusals + 1 if isinstance(error, (Forbidden, InvalidToken)) else 0
        return isinstance(error, TelegramError) and not isinstance(error, BadRequest) and refusals < MOST_REFUSALS

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        assert isinstance(error, TelegramError)
        seconds = wait_after(state.attempt_number, error)
        reason = "refuses" if refusals else "cannot be reached"
        log.warning("Telegram %s (%s); trying again in %.1f s.", reason, kind(error), seconds)
        return seconds

    await AsyncRetrying(retry=retry_if_exception(is_worth_it), wait=wait, reraise=True)(called)


async def is_known(bot: Bot) -> bool:
    """Ask Telegram whether it knows this bot, as one call that was refused does not say so."""
    try:
        await retry_until_answered(bot.get_me)
    except InvalidToken:
        return False
    except (BadRequest, Forbidden) as error:
        log.warning("Telegram does not say who this bot is (%s).", kind(error))
    return True
