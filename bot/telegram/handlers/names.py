"""What the archive writes of a name, asked for in a chat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import Update

from bot.telegram.handlers.access import admit_question
from bot.telegram.handlers.services import Context, Services
from bot.telegram.messages.name_sheets import name_sheet_messages
from bot.telegram.messages.replies import told
from retrieval.archive.name_sheet import name_sheet

if TYPE_CHECKING:
    from bot.telegram.messages.layout import Message
    from retrieval.types import Language


async def show_name(update: Update, context: Context, asked: str) -> None:
    """Show the sheet of a name, or say how to ask for one."""
    services, language = context.services, await context.services.language(update)
    if not asked.strip():
        await services.say(update, told(language, "name_usage"))
    elif refusal := await admit_question(services, update, asked, language):
        await services.say(update, refusal, "refused")
    else:
        await services.say(update, await asyncio.to_thread(_sheet, services, asked, language))


def _sheet(services: Services, asked: str, language: Language) -> list[Message]:
    with services.index.pin() as pinned:
        sheet = name_sheet(pinned, pinned, asked)
        return name_sheet_messages(sheet, language, lambda article_id: pinned.article_by_id(article_id).label)
