"""The timeline of a name or an event: asked for by a command, and gone on with by a button."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import Update

from bot.storage.answer_codec import body_of
from bot.storage.conversations import add_answer, withdraw_answers
from bot.telegram.handlers.access import admit_question
from bot.telegram.handlers.services import Context, Services, conversation_of, draft_of, versions_before
from bot.telegram.handlers.sources import known_label
from bot.telegram.messages.replies import told
from bot.telegram.messages.timeline_pages import page_answer, timeline_messages
from retrieval.archive.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.storage.outbox import Draft
    from bot.telegram.messages.layout import Message
    from retrieval.types import Answer, Language


async def timeline_command(update: Update, context: Context, subject: str) -> None:
    """Show the first statements of a subject's timeline; say how to ask where no subject is named."""
    services, language = context.services, await context.services.language(update)
    if not subject:
        await services.say(update, told(language, "timeline_usage"))
    elif refusal := await admit_question(services, update, subject, language):
        await services.say(update, refusal, "refused")
    else:
        await give_timeline(services, update, subject, 0, language)


async def give_timeline(services: Services, update: Update, subject: str, start: int, language: Language) -> None:
    """Owe the statements of a subject's timeline from one on, kept as an answer whose sources can be asked for."""
    held = conversation_of(update)
    if held is None:
        return
    found, messages = await asyncio.to_thread(_made, services, subject, start, language)

    def make(connection: Connection) -> Sequence[Draft]:
        withdraw_answers(connection, versions_before(connection, update))
        if not found.found:
            return [draft_of(message) for message in messages]
        key = add_answer(connection, update.update_id, held, body_of(found) | {"asked": subject, "suggestions": []})
        return [draft_of(message, key) for message in messages]

    await services.reply(update, make)


def _made(services: Services, subject: str, start: int, language: Language) -> tuple[Answer, list[Message]]:
    with services.index.pin() as source:
        found = timeline(source, source.analyse(subject))
    page = page_answer(found, start, language)
    return page, timeline_messages(found, start, language, known_label(services.index, page))
