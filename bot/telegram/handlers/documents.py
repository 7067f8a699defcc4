"""Articles that an admin sends: a file, several, or a link alone in a message. They are answerable at once."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telegram import Document, Update
from telegram.error import TelegramError
from telegram.ext import filters

from bot.config.wiring import make_limits
from bot.rendering.plurals import counted
from bot.rendering.texts import count_articles, date_in_words
from bot.telegram.handlers.questions import typing
from bot.telegram.handlers.services import Context, Services
from bot.telegram.messages.replies import told
from bot.telegram.messages.texts import text
from bot.telegram.transport.retries import kind, retry_until_answered
from retrieval.connectors.add import KINDS, Added, add_bytes, add_url
from retrieval.errors import SanadError
from retrieval.readers.registry import MIB, READABLE_SUFFIXES, most_bytes

if TYPE_CHECKING:
    from bot.telegram.messages.layout import Message
    from bot.telegram.transport.rate_limiter import Bot
    from retrieval.types import Language

log = logging.getLogger(__name__)

_ALONE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
FILES = _ALONE & filters.Document.ALL
LINKS = _ALONE & filters.Regex(re.compile(r"^\s*https?://\S+\s*$", re.IGNORECASE))  # alone in their message
MOST_DOWNLOADED = 20 * MIB  # bytes that Telegram hands to a bot; python-telegram-bot counts in millions


async def receive_file(update: Update, context: Context) -> None:
    """Add a file to the articles."""
    services, message = context.services, update.message
    if message is None or message.document is None:
        return
    language = await services.language(update)
    document, name = message.document, _name(message.document)
    if refusal := _refusal(name, document.file_size or 0, language):
        await services.say(update, refusal, "refused")
        return
    async with typing(context.bot, update):
        try:
            data = await _download(context.bot, document)
        except TelegramError as error:
            log.warning("A file could not be had from Telegram: %s", kind(error))
            too_large = "too big" in str(error).lower()
            told_so = _too_large(name, MOST_DOWNLOADED, language) if too_large else _failed(name, kind(error), language)
            await services.say(update, told_so, "failed")
            return
        folder, seconds = services.settings.articles_dir, services.settings.file_seconds
        await _add(update, services, name, partial(add_bytes, folder, name, data, seconds=seconds))


async def receive_link(update: Update, context: Context) -> None:
    """Add the page of a link to the articles."""
    services, message = context.services, update.message
    if message is None or not message.text:
        return
    url, limits = message.text.strip(), make_limits(services.settings)
    async with typing(context.bot, update):
        folder, seconds = services.settings.articles_dir, services.settings.file_seconds
        await _add(update, services, url, partial(add_url, folder, url, limits, seconds=seconds))


def _name(document: Document) -> str:
    """Return what a file is called; one without a name is called by its kind."""
    return document.file_name or f"file{KINDS.get((document.mime_type or '').lower(), '')}"


def _refusal(name: str, size: int, language: Language) -> Message | None:
    """Return why a file is not even fetched; None where it is."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in READABLE_SUFFIXES:
        return told(language, "add_wrong_type", name=suffix or name, known=", ".join(READABLE_SUFFIXES))
    limit = min(most_bytes(name), MOST_DOWNLOADED)
    return _too_large(name, limit, language) if size > limit else None


def _too_large(name: str, limit: int, language: Language) -> Message:
    return told(language, "add_too_large", name=name, limit=f"{limit / MIB:g} MB")


def _failed(name: str, reason: str, language: Language) -> Message:
    return told(language, "add_failed", name=name, reason=reason)


async def _download(bot: Bot, document: Document) -> bytes:
    """Return what a file holds, once Telegram gives it.

    Raises:
        BadRequest: it does not give it.
    """
    held = bytearray()

    async def fetch() -> None:
        file = await bot.get_file(document.file_id)
        held[:] = await file.download_as_bytearray()

    await retry_until_answered(fetch)
    return bytes(held)


async def _add(update: Update, services: Services, name: str, add: Callable[[], Added]) -> None:
    """Add what was sent, bring the index up to date, and say what was understood."""
    language = await services.language(update)
    try:
        added = await asyncio.to_thread(add)
    except SanadError as error:
        await services.say(update, _failed(name, str(error), language), "failed")
        return
    log.info("Taken in: %s, %d articles.", added.state, len(added.articles))
    await services.say(update, await asyncio.to_thread(partial(_indexed, services, name, added, language)))


def _indexed(services: Services, name: str, added: Added, language: Language) -> Message:
    """Bring the index up to date, and return what is said of what was added."""
    articles, duplicates = added.articles, frozenset[str]()
    if added.state in ("added", "updated"):
        try:
            report = services.index.refresh(services.settings.articles_dir, extent="few")
        except SanadError as error:
            return told(language, "added_later", name=name, reason=str(error))
        if reason := next((one.reason for one in report.failed if one.path == added.path), None):
            return _failed(name, reason, language)
        duplicates = frozenset(report.duplicates)
    shown = services.index.catalog.article_at(articles[0].path) or articles[0]
    if added.state in ("present", "unchanged") or duplicates.issuperset(one.path for one in articles):
        return told(language, "added_twice", title=shown.label)
    catalog = services.index.catalog
    passages = counted(sum(len(catalog.passages_of(one.article_id)) for one in articles), "passage", language)
    if len(articles) > 1:
        held_there = count_articles(len(articles), language)
        return told(language, "added_several", name=name, articles=held_there, passages=passages)
    unknown = text(language, "untitled")
    return told(
        language,
        "updated" if added.state == "updated" else "added",
        title=shown.title or shown.label,
        source=shown.source or unknown,
        date=date_in_words(shown.published, language) if shown.published else shown.dated or unknown,
        passages=passages,
    )
