"""Intake: an update is in the database before Telegram hears that it arrived.

python-telegram-bot's own updater confirms updates and keeps them in memory: a crash loses up to a hundred. Here the
request that confirms a batch is made after its transaction.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.database import DatabaseError
from bot.ledger import Incoming
from bot.telegram.addressing import INVISIBLE
from bot.telegram.attempts import kind, wait_after
from bot.telegram.lanes import lane_of
from bot.telegram.pace import Bot, seconds_of
from retrieval.errors import SanadError

log = logging.getLogger(__name__)

ALLOWED = (
    "message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)  # kinds of updates that matter here
POLL_SECONDS = 30
KEPT_SECONDS = 86_400.0  # for which Telegram keeps an update that nobody confirms
MOST_CONFLICTS = 4  # polls in a row that another process ended

Take = Callable[[list[Incoming]], Awaitable[None]]  # writes updates down and hands them over


def incoming(raw: Mapping[str, Any]) -> Incoming:
    """Return what an update says about itself.

    What a person writes in a chat, or in a topic of it, keeps its order. A tap on a button, an inline query and
    /cancel wait for no answer.
    """
    kind_of = next((name for name in raw if name != "update_id"), "empty")
    body = raw.get(kind_of) or {}
    message = body if "chat" in body else body.get("message") or {}
    chat, sender = message.get("chat", {}).get("id"), body.get("sender_chat") or body.get("from", {})
    user = sender.get("id")  # a channel, or a group in whose name an admin writes, speaks as itself
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    waits = kind_of == "message" and not is_cancel(raw)
    lane = lane_of(chat, thread, user) if waits else f"{kind_of}:{user}"
    sent_at = body.get("date", time.time()) if kind_of == "message" else time.time()
    return Incoming(raw["update_id"], kind_of, lane, chat, user, message.get("message_id"), float(sent_at), raw)


def is_cancel(raw: Mapping[str, Any], username: str = "") -> bool:
    """Tell whether an update is the command /cancel, of that bot if one is named; it does not wait for what it ends.

    >>> is_cancel({"message": {"text": "/cancel@sanad_bot"}}), is_cancel({"message": {"text": "/cancelled"}})
    (True, False)
    >>> is_cancel({"message": {"text": "/cancel@other_bot"}}, "sanad_bot")
    False
    """
    text: str = raw.get("message", {}).get("text", "")
    words = text.lstrip(INVISIBLE + " ").split(maxsplit=1)
    command, _, addressee = words[0].lower().partition("@") if words else ("", "", "")
    return command == "/cancel" and (not addressee or not username or addressee == username.lower())


async def poll(bot: Bot, take: Take) -> None:
    """Ask Telegram for updates, for ever.

    Raises:
        SanadError: another process asks for this bot's updates, or Telegram does not know the bot any more.
    """
    offset, taken_at, failures, conflicts = 0, 0.0, 0, 0
    while True:
        try:
            batch = await fetch(bot, offset if is_fresh(taken_at, time.time()) else 0)
            if batch:
                await take([incoming(raw) for raw in batch])
            # Once an offset has confirmed its batch it is not used again: Telegram may begin its numbers anew below it.
            offset, taken_at = batch[-1]["update_id"] + 1 if batch else 0, time.time()
            failures = conflicts = 0
        except (DatabaseError, TelegramError) as error:  # Telegram keeps what could not be written down
            conflicts = conflicts + 1 if isinstance(error, Conflict) else 0
            if conflicts == MOST_CONFLICTS:
                raise SanadError(
                    "Another process takes this bot's updates (409). Stop it, then start this one again."
                ) from None
            failures += 1
            await asyncio.sleep(_wait(error, failures))


def is_fresh(taken_at: float, moment: float) -> bool:
    """Tell whether Telegram may still hold a batch that was taken then, so that there is something to confirm.

    >>> is_fresh(0.0, 3600.0), is_fresh(0.0, 7 * 86_400.0)
    (True, False)
    """
    return moment - taken_at < KEPT_SECONDS


def _wait(error: DatabaseError | TelegramError, failures: int) -> float:
    """Return the seconds until the next poll, after so many failures in a row, and say so.

    Raises:
        SanadError: Telegram does not know the bot any more, and no other poll will change that.
    """
    if isinstance(error, (EndPointNotFound, InvalidToken)):  # 404 and 401
        raise SanadError("Telegram does not know this bot any more. Look at SANAD_TELEGRAM_TOKEN.") from None
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    wait = wait_after(failures)
    reason = str(error) if isinstance(error, (Conflict, DatabaseError)) else kind(error)
    log.warning("No updates can be had (%s); trying again in %.1f s.", reason, wait)
    return wait


async def fetch(bot: Bot, offset: int) -> list[dict[str, Any]]:
    """Return the updates from an offset on, as they came; those before it are confirmed."""
    # Telegram's methods have no case. Written so, python-telegram-bot leaves the answer unparsed: one update of a kind
    # that it cannot read would otherwise hide all that come with it, for ever.
    wanted = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
    batch = await bot.do_api_request("getupdates", wanted, read_timeout=POLL_SECONDS + 10)
    if not isinstance(batch, list):
        raise TelegramError("Invalid server response")
    return batch
