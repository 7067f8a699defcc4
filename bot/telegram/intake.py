"""Intake: an update is in the database before Telegram hears that it arrived.

python-telegram-bot's own updater confirms updates and keeps them in memory: a crash loses up to a hundred. Here the
request that confirms a batch is made after its transaction.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.ledger import Incoming
from bot.telegram.delivery import kind
from bot.telegram.pace import JSON, seconds_of
from retrieval.errors import SanadError

if TYPE_CHECKING:
    from telegram.ext import ExtBot

log = logging.getLogger(__name__)

ALLOWED = ("message", "callback_query", "inline_query")  # the kinds of updates that something is done with
POLL_SECONDS = 30
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
MOST_CONFLICTS = 4  # polls in a row that another process ended

Take = Callable[[list[Incoming]], Awaitable[None]]  # writes updates down and hands them over


def incoming(raw: Mapping[str, Any]) -> Incoming:
    """Return what an update says about itself.

    A chat's messages keep their order. A tap on a button and an inline query wait for no answer of a chat.
    """
    kind_of = next((name for name in raw if name != "update_id"), "empty")
    body = raw.get(kind_of) or {}
    message = body if "chat" in body else body.get("message") or {}
    chat, user = message.get("chat", {}).get("id"), body.get("from", {}).get("id")
    lane = f"chat:{chat}" if kind_of == "message" else f"{kind_of}:{user}"
    sent_at = body.get("date", time.time()) if kind_of == "message" else time.time()
    return Incoming(raw["update_id"], kind_of, lane, chat, user, message.get("message_id"), float(sent_at), raw)


async def poll(bot: ExtBot[JSON], take: Take) -> None:
    """Ask Telegram for updates, for ever.

    Raises:
        SanadError: another process asks for this bot's updates, or Telegram does not know the bot any more.
    """
    offset, wait, conflicts = 0, FIRST_WAIT, 0
    while True:
        try:
            batch = await fetch(bot, offset)
        except Conflict:
            conflicts += 1
            if conflicts >= MOST_CONFLICTS:
                raise SanadError(
                    "Another process, or a webhook, takes this bot's updates (409). Stop it, then start this one again."
                ) from None
            log.warning("Another process asks for this bot's updates (409); trying again in %.1f s.", wait)
        except InvalidToken:
            raise SanadError("Telegram does not know this bot any more. Look at SANAD_TELEGRAM_TOKEN.") from None
        except RetryAfter as error:
            wait = seconds_of(error)
        except TelegramError as error:
            log.warning("Telegram could not be reached (%s); trying again in %.1f s.", kind(error), wait)
        else:
            if batch:
                await take([incoming(raw) for raw in batch])
                offset = batch[-1]["update_id"] + 1
            wait, conflicts = FIRST_WAIT, 0
            continue
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def fetch(bot: ExtBot[JSON], offset: int) -> list[dict[str, Any]]:
    """Return the updates from an offset on, as they came; those before it are confirmed."""
    # Telegram's methods have no case. Written so, python-telegram-bot leaves the answer unparsed: one update of a kind
    # that it cannot read would otherwise hide all that come with it, for ever.
    wanted = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
    batch = await bot.do_api_request("getupdates", wanted, read_timeout=POLL_SECONDS + 10)
    if not isinstance(batch, list):
        raise TelegramError("Invalid server response")
    return batch
