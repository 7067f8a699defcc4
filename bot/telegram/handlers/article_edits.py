"""What an admin does with an article by reply to the bot's message about it, or by that message's buttons.

The buttons name the article's file by the digest of its path, so that they work as long as it stands there, and a reply
to their message is known to be about it. Nothing of that is kept in the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import filters

from bot.config.wiring import reading_bounds
from bot.telegram.handlers.callbacks import settle_callback
from bot.telegram.handlers.documents import (
    ALONE,
    OF_FILES,
    account_of,
    download,
    indexed,
    path_behind,
    sent_name,
    subject_replied_to,
)
from bot.telegram.handlers.questions import typing
from bot.telegram.handlers.services import Context, Services, behind, draft_of
from bot.telegram.messages.keyboards import removal_buttons
from bot.telegram.messages.reasons import reason_in
from bot.telegram.messages.replies import told
from bot.telegram.transport.retries import kind
from retrieval.connectors.add import OnTaken, add_bytes
from retrieval.corpus.corrections import remove_file, state_facts
from retrieval.errors import SanadError
from retrieval.extraction.metadata import Facts, labelled_value, statement_of_date
from retrieval.nlp.analysis import normalise

if TYPE_CHECKING:
    from bot.telegram.messages.layout import Message
    from retrieval.types import Language

log = logging.getLogger(__name__)

OF_FILE_BUTTONS = rf"^{OF_FILES}/"  # of what the buttons send
REMOVE = frozenset(map(normalise, ("remove", "delete", "احذف", "احذفها", "احذفه", "حذف", "أزل", "أزلها", "إزالة")))
CHOICES: dict[str, OnTaken | None] = {"replace": "replace", "both": "keep both", "leave": None}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a reply asks for: facts to be stated of an article, or that it goes; None for a day that is none."""

    facts: Facts | None
    removes: bool = False


def edit_of(text: str) -> Edit | None:
    r"""Return what a reply asks for; None where it is none of that, but a question.

    >>> edit_of("احذفها."), edit_of("title: New bridge\nالتاريخ: 14 مايو 2019"), edit_of("متى؟")
    (Edit(facts={}, removes=True), Edit(facts={'title': 'New bridge', 'published': '2019-05-14'}, removes=False), None)
    """
    if normalise(text.strip(" .!\n")) in REMOVE:
        return Edit({}, removes=True)
    facts: Facts = {}
    for line in text.strip().splitlines():
        labelled = labelled_value(line.strip())
        if labelled is None:
            return None
        field, value = labelled
        if field == "published" and value:
            dated = statement_of_date(value)
            if dated is None or not dated.value:
                return Edit(None)
            field, value = dated.field, dated.value
            facts |= {"published": ""} if field == "dated" else {}
        facts[field] = value
    return Edit(facts) if facts else None


class _Edits(filters.MessageFilter):
    """Messages that reply to one of the bot's about an article, and ask for an edit."""

    def filter(self, message: TelegramMessage) -> bool:
        return subject_replied_to(message) is not None and edit_of(message.text or "") is not None


REPLIES = ALONE & filters.TEXT & _Edits()


async def receive_edit(update: Update, context: Context) -> None:
    """Correct or remove the article of the message that is replied to."""
    services, message = context.services, update.message
    if message is None or (edit := edit_of(message.text or "")) is None:
        return
    language = await services.language(update)
    async with typing(context.bot, update):
        done = await asyncio.to_thread(_edited, services, subject_replied_to(message) or "", edit, language)
    await services.say(update, done, key=OF_FILES)


def _edited(services: Services, subject: str, edit: Edit, language: Language) -> Message:
    folder = services.settings.articles_dir
    path = path_behind(services, subject)
    if path is None:
        return told(language, "article_gone")
    if edit.facts is None:
        return told(language, "edit_no_day")
    try:
        if edit.removes:
            return _removed(services, folder, path, language)
        if "title" in edit.facts and services.index.catalog.article_at(path) is None:
            return told(language, "edit_several")
        state_facts(folder, {path: edit.facts})
        services.index.refresh(folder, extent="few")
    except SanadError as error:
        return told(language, "edit_failed", reason=reason_in(language, str(error)))
    article = services.index.catalog.article_at(path)
    return account_of(services, article, "corrected", language) if article else told(language, "corrected_all")


def _removed(services: Services, folder: Path, path: str, language: Language) -> Message:
    """Remove the file that a path leads to, which may be that of a row of it, and say so."""
    held = services.index.catalog.article_at(path)
    places = [path, *map(str, PurePosixPath(path).parents)]
    remove_file(folder, next((place for place in places if (folder / place).is_file()), path))
    services.index.refresh(folder, extent="few")
    return told(language, "removed", title=held.label if held else path)


async def handle_file_press(update: Update, context: Context) -> None:
    """Do what a button under a message about an article, or about a file whose name is taken, stands for."""
    query, services = update.callback_query, context.services
    if query is None:
        return
    action, _, subject = behind(query.data or "")[1].partition(":")
    await settle_callback(query, None)
    language = await services.language(update)
    if action in CHOICES:
        act = await _decided(update, context, CHOICES[action], language)
    elif action == "remove":
        act = partial(_asked_to_remove, services, subject, language)
    elif action == "removed":
        act = partial(_edited, services, subject, Edit({}, removes=True), language)
    else:
        act = partial(told, language, "not_removed")
    message = await asyncio.to_thread(act)
    shown = update.effective_message.message_id if update.effective_message else None
    await services.reply(update, lambda _: [draft_of(message, OF_FILES, shown)])


def _asked_to_remove(services: Services, subject: str, language: Language) -> Message:
    path = path_behind(services, subject)
    if path is None:
        return told(language, "article_gone")
    held = services.index.catalog.article_at(path)
    return told(language, "remove_confirm", removal_buttons(language, subject), title=held.label if held else path)


async def _decided(
    update: Update, context: Context, on_taken: OnTaken | None, language: Language
) -> Callable[[], Message]:
    """Return what does as was chosen with the file that the message with the buttons replies to."""
    services, message = context.services, update.effective_message
    sent = message.reply_to_message if message else None
    if on_taken is None:
        return partial(told, language, "left_out")
    if sent is None or sent.document is None:
        return partial(told, language, "file_gone")
    name = sent_name(sent.document)
    try:
        data = await download(context.bot, sent.document)
    except TelegramError as error:
        log.warning("A file could not be had from Telegram: %s", kind(error))
        return partial(told, language, "add_not_given", name=name, reason=kind(error))
    folder, bounds = services.settings.articles_dir, reading_bounds(services.settings)
    return partial(indexed, services, name, partial(add_bytes, folder, name, data, bounds, on_taken), language)
