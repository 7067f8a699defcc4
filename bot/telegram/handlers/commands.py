"""The commands that everybody has, apart from those about themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import Update
from telegram.constants import ChatType

from bot.rendering.citation_styles import TEXT_STYLES
from bot.rendering.texts import BOTH, count_articles
from bot.storage.answer_codec import answer_of
from bot.storage.conversations import begin_dialogue, last_answer
from bot.telegram.handlers.access import is_admin
from bot.telegram.handlers.callbacks import GREETING
from bot.telegram.handlers.mentions import asked_of
from bot.telegram.handlers.questions import answer_question
from bot.telegram.handlers.services import Context, Services, conversation_of, draft_of, person_of, written_in
from bot.telegram.handlers.sources import Changed, known_label, quoted_article
from bot.telegram.messages.keyboards import example_buttons, source_buttons
from bot.telegram.messages.layout import Message, source_messages
from bot.telegram.messages.replies import (
    citation_messages,
    help_message,
    join_messages,
    source_list_messages,
    told,
    why_messages,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.storage.outbox import Draft
    from retrieval.types import Answer, Language


async def start(update: Update, context: Context, _: str) -> None:
    """Greet, with a question to try in either language."""
    services, language = context.services, await context.services.language(update)
    held = await asyncio.to_thread(lambda: count_articles(services.index.catalog.article_count(), language))
    greeting = [told(language, "start", articles=held)]
    found = await asyncio.to_thread(lambda: [services.suggestions.opening(one) for one in BOTH])
    examples = example_buttons([question for question in found if question], language)
    if examples:
        greeting.append(told(language, "start_example"))
    await services.say(update, replace(join_messages(greeting), buttons=examples), key=GREETING)


async def help_(update: Update, context: Context, _: str) -> None:
    """Say what can be done here."""
    services, language = context.services, await context.services.language(update)
    name, person = f"@{context.bot.username}", person_of(update)
    parts = [help_message(language, name), told(language, "help_group")]
    if person is not None and is_admin(services.settings, person):
        parts.append(told(language, "help_admin"))
    await services.say(update, join_messages(parts[1::-1] + parts[2:] if _in_group(update) else parts))


async def ask_command(update: Update, context: Context, _: str) -> None:
    """Answer what a message asks, with a command or without; say how to ask where it asks nothing."""
    message = written_in(update)
    asked = asked_of(message, context.bot.bot) if message else None
    if asked is None or asked.is_empty:
        await show_usage(update, context)
    else:
        await answer_question(update, context, asked)


async def show_usage(update: Update, context: Context) -> None:
    """Say how to ask."""
    language = await context.services.language(update)
    example = await asyncio.to_thread(context.services.suggestions.opening, language)
    await context.services.say(update, told(language, "ask_usage", example=example or "…"))


async def sources(update: Update, context: Context, number: str) -> None:
    """List the sources of the last answer, or show one in its article."""
    services, language = context.services, await context.services.language(update)
    kept = await last_given(update, context)
    if kept is None:
        await services.say(update, told(language, "no_sources"))
        return
    key, found = kept[0], replace(kept[1], language=language)  # whatever the answer's was
    if not found.citations:
        await services.say(update, told(language, "refused_sources"))
        return
    last = len(found.citations)
    if number.isdecimal() and 1 <= int(number) <= last:
        messages = await asyncio.to_thread(_in_its_article, services, found, int(number), language)
    elif number:
        messages = [told(language, "no_such_source", number=number, last=last)]
    else:
        messages = await asyncio.to_thread(_listed, services, found)
    await services.say(update, messages, key=key)


def _listed(services: Services, found: Answer) -> list[Message]:
    label_of = known_label(services.index, found)
    return source_list_messages(found, label_of, source_buttons(found, label_of))


def _in_its_article(services: Services, found: Answer, number: int, language: Language) -> list[Message]:
    """Return a source in its article, as it stands now."""
    citation = found.citations[number - 1]
    held = quoted_article(services.index, citation)
    if isinstance(held, Changed):
        return [told(language, held.reason)]
    article, _ = held
    return source_messages(article, citation, language)


async def show_references(update: Update, context: Context, style: str) -> None:
    """Write the quotes of the last answer as references, in Markdown or in another style."""
    services, language = context.services, await context.services.language(update)
    kept = await last_given(update, context)
    wanted = next((one for one in TEXT_STYLES if one == (style.strip().lower() or "md")), None)
    if kept is None:
        await services.say(update, told(language, "no_sources"))
    elif not kept[1].found:
        await services.say(update, told(language, "refused_sources"))
    elif wanted is None:
        await services.say(update, told(language, "no_such_style", style=style, styles=", ".join(TEXT_STYLES)))
    else:
        await services.say(update, citation_messages(replace(kept[1], language=language), wanted))


async def why(update: Update, context: Context, _: str) -> None:
    """Tell how the last answer came about."""
    services, language = context.services, await context.services.language(update)
    kept = await last_given(update, context)
    if kept is None:
        await services.say(update, told(language, "no_why"))
        return
    found = kept[1]
    label_of = known_label(services.index, found)
    messages = await asyncio.to_thread(lambda: [why_messages(part, language, label_of) for part in found.each])
    await services.say(update, [message for of_one in messages for message in of_one])


async def new(update: Update, context: Context, _: str) -> None:
    """Begin another conversation."""
    held, language = conversation_of(update), await context.services.language(update)
    if held is None:
        return

    def make(connection: Connection) -> Sequence[Draft]:
        begin_dialogue(connection, held)
        return [draft_of(told(language, "new"))]

    await context.services.reply(update, make)


async def cancel(update: Update, context: Context, _: str) -> None:
    """Say whether something was ended; it was ended when the command came in."""
    ended = update.update_id in context.services.cancelling
    context.services.cancelling.discard(update.update_id)
    language = await context.services.language(update)
    await context.services.say(update, told(language, "cancelled" if ended else "nothing_to_cancel"))


async def last_given(update: Update, context: Context) -> tuple[str, Answer] | None:
    """Return the last answer that somebody was given in a chat, with its key; None where there is none."""
    held = conversation_of(update)
    if held is None:
        return None
    kept = await context.services.database.run(partial(last_answer, held=held))
    return (kept[0], answer_of(kept[1])) if kept else None


def _in_group(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type != ChatType.PRIVATE
