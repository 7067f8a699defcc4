"""What is done with an update, once its turn in its queue has come: answer it, deliver the answer, settle it."""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot.operations import logs
from bot.rendering.texts import TextKey
from bot.storage import inbox
from bot.storage.database import DatabaseError, now
from bot.storage.inbox import Incoming
from bot.telegram.handlers.gate import admit
from bot.telegram.handlers.services import Context, Services, as_numbered
from bot.telegram.messages.replies import told
from bot.telegram.transport.retries import is_known, wait_after

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram.ext import Application

    from bot.telegram.transport.delivery import Delivery

log = logging.getLogger(__name__)

FLEETING = {"callback_query": 120.0, "inline_query": 30.0}  # seconds; later, Telegram lets nobody answer them


@dataclass(slots=True)
class _Answering:
    """A question that is being answered."""

    incoming: Incoming
    task: asyncio.Task[None]
    is_ended: bool = False  # by its asker


class Worker:
    """Settles one update after another of each queue."""

    def __init__(
        self, application: Application[Any, Context, Any, Any, Any, Any], services: Services, delivery: Delivery
    ) -> None:
        self._application = application
        self._services = services
        self._delivery = delivery
        self._answering: dict[str, _Answering] = {}

    async def settle(self, incoming: Incoming) -> None:
        """Do everything for an update that is still to be done."""
        with logs.request(f"u{incoming.update_id}"):
            await self._settle_until_done(incoming)

    async def _settle_until_done(self, incoming: Incoming) -> None:
        self._services.metrics.observe("waiting", now() - incoming.taken_at)
        failures = 0
        while True:
            try:
                if not incoming.is_answered:
                    await self._answer(incoming)
                with self._services.metrics.timed("sending"):
                    await self._delivery.deliver(incoming.update_id)
                await self._services.database.run(lambda connection: inbox.finish(connection, incoming.update_id))
            except DatabaseError as error:
                log.error("%s", error)
                failures += 1
                await asyncio.sleep(wait_after(failures))
            except InvalidToken:
                if not await is_known(self._application.bot):
                    log.error("Telegram does not know this bot any more; update %d stays.", incoming.update_id)
                    return
                failures += 1
                wait = wait_after(failures)
                log.warning("A call was refused (401), though Telegram knows this bot; trying again in %.1f s.", wait)
                await asyncio.sleep(wait)
            except Exception:
                # The queue goes on; the update stays as far as it came, and the next start takes it up there.
                log.exception("Update %d could not be settled.", incoming.update_id)
                return
            else:
                return

    def supersede(self, edit: Incoming) -> None:
        """End what is being answered for the message of an edit, which asks anew."""
        found = self._answering.get(edit.queue)
        if found and found.incoming.message_id == edit.message_id and not found.task.done():
            found.is_ended = True
            found.task.cancel()

    def cancel(self, incoming: Incoming) -> None:
        """End what is being answered for the person of a /cancel in its chat, in whatever topic."""
        for found in self._answering.values():
            if _is_ended_by(incoming, found.incoming) and not found.task.done():
                self._services.cancelling.add(incoming.update_id)
                found.is_ended = True
                found.task.cancel()

    async def _answer(self, incoming: Incoming) -> None:
        update = update_of(incoming, self._application)
        if await self._services.database.run(partial(inbox.is_superseded, incoming=incoming)):
            return  # the edit that waits is answered in its place
        if update is None or now() - incoming.sent_at > FLEETING.get(incoming.kind, math.inf):
            return
        task = asyncio.create_task(self._handle(update))
        answering = self._answering[incoming.queue] = _Answering(incoming, task)
        try:
            async with asyncio.timeout(self._services.settings.telegram_time_limit):
                await asyncio.wait({task})
        except TimeoutError:
            await _ended(task)
            await self.apologise(update, "too_slow")
            return
        except asyncio.CancelledError:  # the process stops; what was not answered stays owed
            await _ended(task)
            raise
        finally:
            del self._answering[incoming.queue]
            interruption = self._services.interrupted.pop(incoming.update_id, None)
        if answering.is_ended:
            await self._withdraw(incoming)
        elif task.cancelled():
            raise asyncio.CancelledError
        elif error := task.exception() or interruption:
            raise error

    async def _handle(self, update: Update) -> None:
        """Let a handler answer an update, if whoever sent it may have that."""
        if await admit(update, self._services, self._application.bot.bot):
            await self._application.process_update(update)

    async def _withdraw(self, incoming: Incoming) -> None:
        """Leave nothing of an answer that its asker ended, unless it was complete by then."""

        def work(connection: Connection) -> int | None:
            if inbox.record_answer(connection, incoming.update_id, "cancelled"):
                return inbox.preview_of(connection, incoming.update_id)
            return None

        shown = await self._services.database.run(work)
        if shown is not None and incoming.chat_id is not None:
            with suppress(TelegramError):
                await self._application.bot.delete_message(incoming.chat_id, shown)

    async def apologise(self, update: Update, reason: TextKey) -> None:
        """Owe an apology instead of an answer; an inline query has no chat to send it to."""
        if update.effective_chat is None:
            return
        await self._services.say(update, told(await self._services.language(update), reason), "apologised")


def _is_ended_by(cancel: Incoming, other: Incoming) -> bool:
    """Tell whether a /cancel is meant for another update: what waits in a queue of the same person in the same chat."""
    is_same = (cancel.chat_id, cancel.user_id) == (other.chat_id, other.user_id)
    return is_same and other.queue.startswith(f"chat:{other.chat_id}:")


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


def update_of(incoming: Incoming, application: Application[Any, Context, Any, Any, Any, Any]) -> Update | None:
    """Return an update as the library has it, with our own number; None where it cannot be read."""
    try:
        return Update.de_json(as_numbered(incoming), application.bot)
    except Exception as error:  # noqa: BLE001 - whatever the library stumbles over, the next update must come through
        log.error("Update %d cannot be read: %s", incoming.update_id, type(error).__name__)
        return None
