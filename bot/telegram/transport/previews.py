"""What is shown of an answer while it is being written: a draft in a private chat, an edited message in a group.

Nothing depends on it: a frame whose turn has not come is left out, and after a flood there are none.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import BadRequest, TelegramError

from bot.storage import inbox, outbox
from bot.telegram.transport.calls import edit_text, send_text
from bot.telegram.transport.rate_limiter import HURRY, HurriedError

if TYPE_CHECKING:
    from typing import Self

    from bot.storage.database import Database
    from bot.storage.outbox import Destination
    from bot.telegram.transport.rate_limiter import Bot

log = logging.getLogger(__name__)

DRAFT_SECONDS = 1.0  # between frames
EDIT_SECONDS = 3.0
DRAFT_LIFE = 20.0  # a draft goes after thirty seconds
LAST_FRAME_SECONDS = 5.0  # that the answer waits for a frame on its way, which would come after it


class Preview:
    """Shows frames of one answer."""

    def __init__(self, bot: Bot, database: Database, update_id: int, place: Destination) -> None:
        self._bot = bot
        self._database = database
        self._update_id = update_id
        self._place = place
        self._wanted = ""
        self._changed = asyncio.Event()
        self._sending = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def show(self, html: str, *, is_stage: bool = False) -> None:
        """Show a frame, as soon as its turn comes; in a group, where each counts as a message, no mere stage."""
        if html != self._wanted and not (is_stage and self._place.chat_id < 0):
            self._wanted = html
            self._changed.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_FRAME_SECONDS), self._sending:
                pass
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        is_private = self._place.chat_id > 0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAFT_LIFE if is_private and self._wanted else None):
                    await self._changed.wait()
            self._changed.clear()
            try:
                async with self._sending:
                    await (self._draft() if is_private else self._edit())
            except HurriedError:
                self._changed.set()
            except TelegramError as error:
                if isinstance(error, BadRequest) and "not modified" in str(error).lower():
                    continue
                log.info("An answer is not shown while it is being written: %s", type(error).__name__)
                return
            await asyncio.sleep(DRAFT_SECONDS if is_private else EDIT_SECONDS)

    async def _draft(self) -> None:
        await self._bot.send_message_draft(
            self._place.chat_id,
            self._update_id,
            self._wanted,
            message_thread_id=self._place.thread_id,
            rate_limit_args=HURRY,
        )

    async def _edit(self) -> None:
        place = self._place
        shown = await self._database.run(lambda connection: inbox.preview_of(connection, self._update_id))
        if shown is not None:
            await edit_text(self._bot, place.chat_id, shown, self._wanted, hurry=HURRY)
            return
        if await self._database.run(lambda connection: outbox.oldest_owed(connection, place.chat_id)) is not None:
            raise HurriedError("an earlier message comes first")
        number = await send_text(self._bot, place, self._wanted, hurry=HURRY)
        if number is None:
            raise TelegramError("a message without a number cannot be edited")
        await self._database.run(lambda connection: inbox.keep_preview(connection, self._update_id, number))
