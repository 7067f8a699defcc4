"""Intake: an update is in the database before Telegram hears that it arrived.

python-telegram-bot's own updater confirms updates and keeps them in memory: a crash loses up to a hundred. Here the
request that confirms a batch is made after its transaction.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.storage.database import DatabaseError, now
from bot.storage.inbox import WRITTEN, Incoming
from bot.telegram.messages.bidi import INVISIBLE
from bot.telegram.transport.chat_queues import queue_of
from bot.telegram.transport.rate_limiter import Bot
from bot.telegram.transport.retries import is_known, kind, wait_after
from retrieval.errors import SanadError

log = logging.getLogger(__name__)

ALLOWED = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)  # kinds of updates that matter here
POLL_SECONDS = 30
KEPT_SECONDS = 86_400.0  # for which Telegram keeps an update that nobody confirms
SHORTEST_POLL = 1.0  # seconds from one poll to the next, where the first brought nothing
MOST_CONFLICTS = 4  # polls in a row that another process ended

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

Take = Callable[[list[Incoming]], Awaitable[None]]  # writes updates down and hands them over


def incoming(raw: Mapping[str, Any]) -> Incoming:
    """Return what an update says about itself.

    What a person writes in a chat, or in a topic of it, and edits there keeps its order. A press of a button, an inline
    query and /cancel wait for no answer.
    """
    raw = writable(raw)
    kind_of = next((name for name in raw if name != "update_id"), "empty")
    body = raw.get(kind_of) or {}
    message = body if "chat" in body else body.get("message") or {}
    chat, sender = message.get("chat", {}).get("id"), body.get("sender_chat") or body.get("from", {})
    user = sender.get("id")  # a channel, or a group in whose name an admin writes, speaks as itself
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    is_written = kind_of in WRITTEN
    waits = is_written and not is_cancel(raw)
    queue = queue_of(chat, thread, user) if waits else f"{kind_of}:{user}"
    sent_at = body.get("edit_date", body.get("date", now())) if is_written else now()
    return Incoming(raw["update_id"], kind_of, queue, chat, user, message.get("message_id"), float(sent_at), raw)


def writable(value: Any) -> Any:
    r"""Return what JSON held with a mark for each character that no database takes: half a character, and NUL.

    The mark is as long as what it stands for, so that places in the text stay true.

    >>> writable({"text": ["a\ud800b\x00", 1]}) == {"text": ["a\ufffdb\ufffd", 1]}
    True
    """
    if isinstance(value, str):
        return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {writable(name): writable(held) for name, held in value.items()}
    return [writable(held) for held in value] if isinstance(value, list) else value


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
    is_hasty = False  # whether the server was found not to wait for updates
    while True:
        try:
            asked_at = time.monotonic()
            batch = await _fetch(bot, offset if is_fresh(taken_at, now()) else 0)
            await take_updates(batch, take)
            # Once an offset has confirmed its batch it is not used again: Telegram may begin its numbers anew below it.
            offset, taken_at = _following(batch), now()
            failures = conflicts = 0
            if not offset:  # nothing new: the next poll would bring the same at once
                pause = asked_at + SHORTEST_POLL - time.monotonic()
                if pause > 0 and not is_hasty:
                    log.warning("Telegram's server does not wait for updates; it is asked once a second.")
                    is_hasty = True
                await asyncio.sleep(max(pause, 0.0))
        except (DatabaseError, TelegramError) as error:  # Telegram keeps what could not be written down
            conflicts = conflicts + 1 if isinstance(error, Conflict) else 0
            if conflicts == MOST_CONFLICTS:
                raise SanadError(
                    "Another process takes this bot's updates (409). Stop it, then start this one again."
                ) from None
            if isinstance(error, (EndPointNotFound, InvalidToken)) and not await is_known(bot):  # 404 and 401
                raise SanadError("Telegram does not know this bot any more. Look at SANAD_TELEGRAM_TOKEN.") from None
            failures += 1
            await asyncio.sleep(_wait(error, failures))


def is_fresh(taken_at: float, moment: float) -> bool:
    """Tell whether Telegram may still hold a batch that was taken then, so that there is something to confirm.

    >>> is_fresh(0.0, 3600.0), is_fresh(0.0, 7 * 86_400.0)
    (True, False)
    """
    return moment - taken_at < KEPT_SECONDS


def _following(batch: Sequence[Mapping[str, Any]]) -> int:
    """Return the offset that confirms a batch; 0 where there is nothing to confirm."""
    numbers = [number for raw in batch if isinstance(number := number_of(raw), int)]
    return numbers[-1] + 1 if numbers else 0


def number_of(raw: object) -> int | None:
    """Return the number of an update; None where it has none."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    return number if isinstance(number, int) else None


async def take_updates(batch: Sequence[Any], take: Take) -> None:
    """Write updates down and hand them over; one that cannot be is set aside, and holds up no other.

    Raises:
        DatabaseError: the database is away; nothing was written down.
    """
    readable = []
    for raw in batch:
        try:
            readable.append(incoming(raw))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it would come again for ever
            _set_aside(number_of(raw), error)
    if readable:
        await _take_each(readable, take)


async def _take_each(updates: list[Incoming], take: Take) -> None:
    try:
        await take(updates)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        if len(updates) == 1:
            _set_aside(updates[0].telegram_id, error)
            return
        for one in updates:
            await _take_each([one], take)


def _set_aside(number: int | None, error: Exception) -> None:
    """Say that an update is lost, and why, without a word of it."""
    log.error("Update %s cannot be taken in and is set aside: %s", number, type(error).__name__)


def _wait(error: DatabaseError | TelegramError, failures: int) -> float:
    """Return the seconds until the next poll, after so many failures in a row, and say so."""
    wait = wait_after(failures, error)
    if isinstance(error, RetryAfter):
        return wait
    reason = str(error) if isinstance(error, (Conflict, DatabaseError)) else kind(error)
    log.warning("No updates can be had (%s); trying again in %.1f s.", reason, wait)
    return wait


async def _fetch(bot: Bot, offset: int) -> list[dict[str, Any]]:
    """Return the updates from an offset on, as they came; those before it are confirmed."""
    # Telegram's methods have no case. Written so, python-telegram-bot leaves the answer unparsed: one update of a kind
    # that it cannot read would otherwise hide all that come with it, for ever.
    wanted = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
    batch = await bot.do_api_request("getupdates", wanted, read_timeout=POLL_SECONDS + 10)
    if not isinstance(batch, list):
        raise TelegramError("Invalid server response")
    return batch
