"""Delivery: each message of an answer is owed until Telegram took it, through floods, cuts and restarts.

Where a connection breaks after a message was sent, or the process is killed then, nobody knows whether Telegram took
it, and the Bot API has no way to ask. It is sent again, in a private chat as a reply to the number that the first one
should have: Telegram shows in its response what stands there. If it is the same message, the copy is taken back.
"""

from __future__ import annotations

import html
import logging
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot import ledger
from bot.conversations import move_chat
from bot.ledger import Part
from bot.telegram.attempts import kind, wait_after

if TYPE_CHECKING:
    from bot.database import Database
    from bot.telegram.pace import Bot, Pace

log = logging.getLogger(__name__)

NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout"}  # a request that failed so never left
GONE = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid", "not enough rights to send")
TAG = re.compile(r"<[^<>]*>")


class Delivery:
    """Sends what is owed."""

    def __init__(self, bot: Bot, database: Database, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._database = database

    async def deliver(self, update_id: int) -> None:
        """Send what is owed for an update, in order, until nothing is.

        Raises:
            InvalidToken: Telegram does not know this bot any more.
        """
        while parts := await self._database.run(lambda connection: ledger.owed(connection, update_id)):
            await self._settle(parts[0])

    async def _settle(self, part: Part) -> None:
        """Send one message, or find that it can never be sent."""
        failures = 0
        todo: Part | None = part
        while todo is not None:
            await self._database.run(partial(ledger.begin_sending, part=todo))
            try:
                message_id = await self._send(todo)
            except RetryAfter:
                continue  # the pace knows how long this chat is quiet
            except (BadRequest, ChatMigrated, Forbidden) as error:
                todo = await self._otherwise(todo, error)
            except InvalidToken:
                raise
            except TelegramError as error:
                failures += 1
                wait = wait_after(failures)
                log.warning("A message may not have arrived (%s); trying again in %.1f s.", kind(error), wait)
                await self._pace.rest(wait)
                if kind(error) not in NOT_SENT:
                    todo = replace(todo, expected=await self._database.run(partial(ledger.expected_number, part=todo)))
            else:
                await self._mark(todo, "sent", message_id)
                return

    async def _otherwise(self, part: Part, error: BadRequest | ChatMigrated | Forbidden) -> Part | None:
        """Return how to send a message that Telegram refused; None where it is given up."""
        chat = part.place.chat_id
        if isinstance(error, ChatMigrated):
            new = error.new_chat_id
            await self._database.run(lambda connection: move_chat(connection, chat, new))
            return replace(part, place=replace(part.place, chat_id=new, reply_to=None))
        if isinstance(error, Forbidden) or any(sign in str(error).lower() for sign in GONE):
            log.info("A chat cannot be written to any more (%s); what it was owed is dropped.", error)
            await self._database.run(lambda connection: ledger.drop_chat(connection, chat))
            return None
        changed = _changed(part, error)
        if changed is None:
            log.error("A message could not be sent: %s", error)
            await self._mark(part, "dropped")
        else:
            log.warning("A message is sent in another way: %s", error)
        return changed

    async def _send(self, part: Part) -> int:
        """Make the one call, and return the message's id."""
        markup = _markup(part)
        if part.replaces is not None:
            return await self._edit(part, part.replaces, markup)
        place = part.place
        lost = part.expected if place.chat_id > 0 else None  # in groups others write, and numbers say little
        reply_to = lost or place.reply_to
        sent = await self._bot.send_message(
            place.chat_id,
            part.html,
            message_thread_id=place.thread_id,
            reply_to_message_id=reply_to,
            reply_markup=markup,
        )
        found = sent.reply_to_message
        if lost is not None and found is not None and found.text == sent.text and found.from_user == sent.from_user:
            return await self._without_the_copy(sent, lost)
        return sent.message_id

    async def _without_the_copy(self, copy: Message, first: int) -> int:
        """Take a message back whose first attempt had arrived, and return the number of the one that stays."""
        try:
            await self._bot.delete_message(copy.chat_id, copy.message_id)
        except TelegramError as error:
            log.info("A message stands twice in a chat: %s", kind(error))
        return first

    async def _edit(self, part: Part, message_id: int, markup: InlineKeyboardMarkup | None) -> int:
        try:
            edited = await self._bot.edit_message_text(part.html, part.place.chat_id, message_id, reply_markup=markup)
        except BadRequest as error:
            if "not modified" not in str(error).lower():
                raise
            return message_id  # an attempt before, whose answer was lost, did it
        return edited.message_id if isinstance(edited, Message) else message_id

    async def _mark(self, part: Part, state: ledger.PartState, message_id: int | None = None) -> None:
        await self._database.run(lambda connection: ledger.mark(connection, part.part_id, state, message_id))


def plain(text: str) -> str:
    """Return the words of Telegram HTML.

    >>> plain("<b>5 &lt; 6</b>")
    '5 < 6'
    """
    return html.unescape(TAG.sub("", text))


def _markup(part: Part) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json({"inline_keyboard": part.keyboard}, None) if part.keyboard else None


def _changed(part: Part, error: BadRequest) -> Part | None:
    """Return how to send a message that Telegram refused; None where there is no other way."""
    reason = str(error).lower()
    if part.replaces is not None and ("message to edit" in reason or "can't be edited" in reason):
        return replace(part, replaces=None)
    if part.place.thread_id is not None and "thread not found" in reason:
        return replace(part, place=replace(part.place, thread_id=None))
    if part.keyboard and "button" in reason:
        return replace(part, keyboard=())
    words = html.escape(plain(part.html), quote=False)
    return replace(part, html=words) if words != part.html else None
