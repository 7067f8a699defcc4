"""Delivery: each message of an answer is owed until Telegram took it, through floods, cuts and restarts.

Messages are sent at least once. Where a connection breaks after a message was sent, or the process is killed then,
nobody knows whether Telegram took it, and the Bot API has no way to ask: it is sent again, and may stand twice. That is
kept rare. What Telegram confirmed is sent, whatever else it says. Each attempt is noted before and after. What may have
arrived is sent again only once Telegram answers, so that an outage makes one copy at most and not one an attempt.

The messages of a chat are sent one by one, in the order in which they came to be owed, whatever they answer.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.storage import outbox
from bot.storage.conversations import move_chat
from bot.storage.database import DatabaseError
from bot.storage.outbox import OwedMessage
from bot.telegram.transport.calls import Keyboard, edit_text, send_text
from bot.telegram.transport.contact import Contact
from bot.telegram.transport.retries import kind, wait_after

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.storage.database import Database
    from bot.telegram.transport.rate_limiter import Bot, RateLimiter

log = logging.getLogger(__name__)

NEVER_LEFT = {"ConnectError", "ConnectTimeout", "PoolTimeout"}  # errors of requests that did not get as far as Telegram
_GONE = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid", "not enough rights to send")
TAG = re.compile(r"<[^<>]*>")


class Delivery:
    """Sends what is owed."""

    def __init__(self, bot: Bot, database: Database, limiter: RateLimiter) -> None:
        self._bot = bot
        self._limiter = limiter
        self._database = database
        self._contact = Contact(bot, limiter)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # of chats
        self._confirmed: dict[int, int | None] = {}  # messages that are sent and not yet noted so, with their numbers
        self._broken: set[int] = set()  # messages that a defect of ours keeps from being sent; no other waits for them

    async def deliver(self, update_id: int) -> None:
        """Send what is owed for an update, and before it what its chat was owed earlier.

        Raises:
            DatabaseError: what became of a message could not be noted; done again, this sends nothing twice.
        """
        while owed := await self._database.run(partial(outbox.owed, update_id=update_id)):
            await self._send_next(owed[0])

    async def _send_next(self, wanted: OwedMessage) -> None:
        """Send the message that the chat of a wanted one waits for longest."""
        chat, but = wanted.place.chat_id, self._broken - {wanted.part_id}
        turn = self._turns.setdefault(chat, asyncio.Lock())
        async with turn:
            oldest = await self._database.run(partial(outbox.oldest_owed, chat_id=chat, but=but))
            if oldest is None:
                return
            is_wanted = oldest == wanted.part_id
            try:
                part = wanted if is_wanted else await self._database.run(partial(outbox.owed_message, part_id=oldest))
                await self._settle(part)
            except DatabaseError:
                raise
            except Exception:
                self._broken.add(oldest)
                if is_wanted:
                    raise
                log.exception("An earlier message could not be sent; the later ones go on.")

    async def _settle(self, part: OwedMessage) -> None:
        """Send one message, or find that it can never be sent, or that its chat is another now."""
        failures = 0
        todo = part
        while part.part_id not in self._confirmed:
            await self._mark(part, "sending")
            try:
                self._confirmed[part.part_id] = await self._send(todo)
            except RetryAfter:
                await self._mark(part, "owed")  # the limiter knows how long this chat is quiet
            except ChatMigrated as error:
                await self._move(part, error.new_chat_id)
                return
            except (BadRequest, Forbidden) as error:
                if (changed := await self._otherwise(todo, error)) is None:
                    return
                todo = changed
            except TelegramError as error:
                failures += 1
                await self._wait(part, error, failures)
        await self._mark(part, "sent", self._confirmed[part.part_id])
        del self._confirmed[part.part_id]

    async def _wait(self, part: OwedMessage, error: TelegramError, failures: int) -> None:
        """Wait until a message may be sent again: a while, and for Telegram's answer where it may have arrived."""
        if kind(error) in NEVER_LEFT or isinstance(error, (InvalidToken, EndPointNotFound)):
            await self._mark(part, "owed")
            wait = wait_after(failures)
            log.warning("A message was not sent (%s); trying again in %.1f s.", kind(error), wait)
            await self._limiter.rest(wait)
        else:
            log.warning("A message may not have arrived (%s); it is sent again once Telegram answers.", kind(error))
            await self._contact.regained(failures)

    async def _move(self, part: OwedMessage, new: int) -> None:
        """Let a message go where its chat went, with all that is owed there."""

        def work(connection: Connection) -> None:
            outbox.mark(connection, part.part_id, "owed")
            move_chat(connection, part.place.chat_id, new)

        await self._database.run(work)

    async def _otherwise(self, part: OwedMessage, error: BadRequest | Forbidden) -> OwedMessage | None:
        """Return how to send a message that Telegram refused; None where it is given up."""
        chat = part.place.chat_id
        if isinstance(error, Forbidden) or any(sign in str(error).lower() for sign in _GONE):
            log.info("A chat cannot be written to any more (%s); what it was owed is dropped.", error)
            await self._database.run(lambda connection: outbox.drop_chat(connection, chat))
            return None
        changed = _changed(part, error)
        if changed is None:
            log.error("A message could not be sent: %s", error)
            await self._mark(part, "dropped")
        else:
            log.warning("A message is sent in another way: %s", error)
        return changed

    async def _send(self, part: OwedMessage) -> int | None:
        """Make the one call, and return the message's number, where Telegram says it."""
        if part.replaces is None:
            return await send_text(self._bot, part.place, part.html, part.keyboard)
        if not part.html:
            await self._bot.delete_message(part.place.chat_id, part.replaces)
            return None
        try:
            await edit_text(self._bot, part.place.chat_id, part.replaces, part.html, part.keyboard)
        except BadRequest as error:
            if "not modified" not in str(error).lower():  # else an attempt before, whose answer was lost, did it
                raise
        return part.replaces

    async def _mark(self, part: OwedMessage, state: outbox.MessageState, message_id: int | None = None) -> None:
        await self._database.run(lambda connection: outbox.mark(connection, part.part_id, state, message_id))


def plain(text: str) -> str:
    """Return the words of Telegram HTML.

    >>> plain("<b>5 &lt; 6</b>")
    '5 < 6'
    """
    return html.unescape(TAG.sub("", text))


def _without_links(keyboard: Keyboard) -> Keyboard:
    """Return a keyboard that Telegram refused without its links, which it may find invalid; one without any, empty."""
    rows = [[button for button in row if "url" not in button] for row in keyboard]
    return [row for row in rows if row] if rows != keyboard else ()


def _changed(part: OwedMessage, error: BadRequest) -> OwedMessage | None:
    """Return how to send a message that Telegram refused; None where there is no other way."""
    reason = str(error).lower()
    if part.replaces is not None and part.html and ("message to edit" in reason or "can't be edited" in reason):
        return replace(part, replaces=None)
    if part.place.thread_id is not None and "thread not found" in reason:
        return replace(part, place=replace(part.place, thread_id=None))
    if part.keyboard and "button" in reason:
        return replace(part, keyboard=_without_links(part.keyboard))
    words = html.escape(plain(part.html), quote=False)
    return replace(part, html=words) if words != part.html else None
