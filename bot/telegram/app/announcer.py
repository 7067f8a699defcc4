"""Telling of watches while the bot runs: what is new in the index is looked through, and what is due is owed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.storage.alerts import grown_alerts, mark_told
from bot.storage.conversations import move_chat
from bot.telegram.handlers.alerts import message_of, owe_alerts
from bot.telegram.handlers.services import draft_of
from bot.telegram.handlers.watches import WATCH_KEY, hours_of, teller_of
from bot.telegram.transport.calls import edit_text
from bot.telegram.transport.rate_limiter import seconds_of
from bot.telegram.transport.retries import kind
from bot.watching.finder import WatchFinder
from bot.watching.stories import FoundStory, merged_by_story
from retrieval.concurrency.retries import pause_after
from retrieval.errors import SanadError

if TYPE_CHECKING:
    from bot.storage.inbox import Incoming
    from bot.telegram.handlers.services import Services
    from bot.telegram.transport.rate_limiter import Bot

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # seconds between two looks; where nothing has changed, one costs a few short queries
LONGEST_PAUSE = 600.0  # seconds until a message that could not be changed is tried again


class EditPauses:
    """When messages that could not be changed are tried again: after each failure in a row the wait is longer."""

    def __init__(self) -> None:
        """Begin with no failure."""
        self._failures: dict[int, tuple[int, float]] = {}  # of a message: how many, and until when it waits

    def is_over(self, part_id: int, time: float) -> bool:
        """Tell whether a message may be tried at a time."""
        return part_id not in self._failures or self._failures[part_id][1] <= time

    def lengthen(self, part_id: int, time: float, error: TelegramError) -> None:
        """Note a failure at a time; where Telegram asks to wait, it is waited as long at least."""
        count = self._failures.get(part_id, (0, 0.0))[0] + 1
        asked = seconds_of(error) if isinstance(error, RetryAfter) else 0.0
        self._failures[part_id] = count, time + max(asked, pause_after(count, LOOK_SECONDS, LONGEST_PAUSE))

    def end(self, part_id: int) -> None:
        """Forget the failures of a message."""
        self._failures.pop(part_id, None)


class Announcer:
    """Tells people of what they watch."""

    def __init__(self, services: Services, bot: Bot, bot_id: int, hand_over: Callable[[Incoming], Awaitable[None]]):
        """Take the parts, and what delivers messages that are owed."""
        settings = services.settings
        self._services, self._bot, self._bot_id, self._hand_over = services, bot, bot_id, hand_over
        self._pauses = EditPauses()
        self._finder = WatchFinder(services.index, services.database, teller_of(settings), hours_of(settings))

    async def run(self, every: float = LOOK_SECONDS) -> None:
        """Look and tell, again and again, for ever."""
        while True:
            try:
                await self.tell()
            except SanadError as error:  # nothing is noted that was not looked through, or told
                log.error("What is watched could not be told of: %s", error)
            except Exception:
                log.exception("What is watched could not be told of.")
            await asyncio.sleep(every)

    async def tell(self) -> None:
        """Look through what is new, and owe what is due.

        Raises:
            SanadError: the index or the database cannot be used.
        """
        services = self._services
        await asyncio.to_thread(self._finder.look)
        owed = await services.database.run(partial(owe_alerts, settings=services.settings, bot_id=self._bot_id))
        for incoming in owed:
            await self._hand_over(incoming)
        grown = await services.database.run(partial(grown_alerts, teller=teller_of(services.settings)))
        for number, told in grown:
            await self._add_outlets(number, told)

    async def _add_outlets(self, number: int, told: FoundStory) -> None:
        """Show in a message which further outlets print its stories; one that cannot be edited stays as it is."""
        (watch, first), *_ = told
        part_id, chat_id, database = first.part_id or 0, watch.place.chat_id, self._services.database
        if not self._pauses.is_over(part_id, monotonic()):
            return
        draft = draft_of(message_of(merged_by_story(told)), WATCH_KEY)
        try:
            await edit_text(self._bot, chat_id, number, draft.html, draft.keyboard)
        except ChatMigrated as error:  # the message has no number there
            await database.run(partial(move_chat, old=chat_id, new=error.new_chat_id))
            return
        except (BadRequest, Forbidden) as error:
            log.info("A message about a watch was not changed: %s", error)
        except TelegramError as error:
            log.warning("A message about a watch could not be changed (%s); trying again.", kind(error))
            self._pauses.lengthen(part_id, monotonic(), error)
            return
        self._pauses.end(part_id)
        await database.run(partial(mark_told, alerts=[alert for _, alert in told], part_id=part_id))
