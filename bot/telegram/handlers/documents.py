"""Articles that an admin sends: a file, several, or a link alone in a message. They are answerable at once."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telegram import Document, Update
from telegram import Message as TelegramMessage
from telegram.error import TelegramError
from telegram.ext import filters

from bot.config.wiring import make_limits, reading_bounds
from bot.rendering.plurals import counted
from bot.rendering.texts import TextKey, count_articles, date_in_words
from bot.telegram.handlers.questions import typing
from bot.telegram.handlers.services import Context, Services, behind
from bot.telegram.messages.keyboards import article_buttons, taken_buttons
from bot.telegram.messages.reasons import reason_in
from bot.telegram.messages.replies import told
from bot.telegram.messages.texts import text
from bot.telegram.transport.retries import kind, retry_until_answered
from retrieval.connectors.add import KINDS, Added, add_bytes, add_url, replace_file
from retrieval.corpus.articles import find_files, path_of
from retrieval.corpus.origins import bytes_digest
from retrieval.errors import SanadError
from retrieval.readers.registry import MIB, READABLE_SUFFIXES, most_bytes

if TYPE_CHECKING:
    from bot.telegram.messages.layout import Message
    from bot.telegram.transport.rate_limiter import Bot
    from retrieval.types import Article, Language

log = logging.getLogger(__name__)

OF_FILES = "file"  # stands before what a button about a file means, in the place of an answer's key
SUBJECT_LENGTH = 16  # hex digits
ALONE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
FILES = ALONE & filters.Document.ALL & ~filters.ANIMATION  # which Telegram names a document too
LINKS = ALONE & filters.Regex(re.compile(r"^\s*https?://\S+\s*$", re.IGNORECASE))  # alone in their message
MOST_DOWNLOADED = 20 * MIB  # bytes that Telegram hands to a bot; python-telegram-bot counts in millions


async def receive_file(update: Update, context: Context) -> None:
    """Add a file to the articles."""
    services, message = context.services, update.message
    if message is None or message.document is None:
        return
    language = await services.language(update)
    document, name = message.document, sent_name(message.document)
    if refusal := _refusal(name, document.file_size or 0, language):
        await services.say(update, refusal, "refused")
        return
    async with typing(context.bot, update):
        try:
            data = await download(context.bot, document)
        except TelegramError as error:
            log.warning("A file could not be had from Telegram: %s", kind(error))
            too_large = "too big" in str(error).lower()
            told_so = (
                _too_large(name, MOST_DOWNLOADED, language)
                if too_large
                else told(language, "add_not_given", name=name, reason=kind(error))
            )
            await services.say(update, told_so, "failed")
            return
        folder, bounds = services.settings.articles_dir, reading_bounds(services.settings)
        if (subject := subject_replied_to(message)) is None:
            add = partial(add_bytes, folder, name, data, bounds=bounds)
        else:
            add = partial(_put_in_place, services, subject, name, data)
        await _add(update, services, name, add)


def _put_in_place(services: Services, subject: str, name: str, data: bytes) -> Added:
    """Let a file take the place of the article that it replies about.

    Raises:
        SanadError: it cannot.
    """
    folder = services.settings.articles_dir
    return replace_file(folder, path_behind(services, subject) or "", name, data, reading_bounds(services.settings))


async def receive_link(update: Update, context: Context) -> None:
    """Add the page of a link to the articles."""
    services, message = context.services, update.message
    if message is None or not message.text:
        return
    url, limits = message.text.strip(), make_limits(services.settings)
    async with typing(context.bot, update):
        folder, bounds = services.settings.articles_dir, reading_bounds(services.settings)
        await _add(update, services, url, partial(add_url, folder, url, limits, bounds=bounds))


def sent_name(document: Document) -> str:
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
    return told(language, "add_too_large", name=name, limit=f"{limit / MIB:g}")


def _failed(name: str, reason: str, language: Language) -> Message:
    return told(language, "add_failed", name=name, reason=reason_in(language, reason))


async def download(bot: Bot, document: Document) -> bytes:
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
    """Add what was sent, bring the index up to date, and say what was understood, or ask what to do."""
    language = await services.language(update)
    message = await asyncio.to_thread(indexed, services, name, add, language)
    # An edit or an answer leads from this message to what it is about.
    await services.say(update, message, key=OF_FILES, quoting=bool(message.buttons))


def indexed(services: Services, name: str, add: Callable[[], Added], language: Language) -> Message:
    """Add something, bring the index up to date, and return what is said of it."""
    try:
        added = add()
    except SanadError as error:
        return _failed(name, str(error), language)
    log.info("Taken in: %s, %d articles.", added.state, len(added.articles))
    if added.state == "taken":
        return told(language, "add_taken", taken_buttons(language), name=name)
    duplicates = frozenset[str]()
    if added.state in ("added", "updated", "replaced"):
        try:
            report = services.index.refresh(services.settings.articles_dir, extent="few")
        except SanadError as error:
            return told(language, "added_later", name=name, reason=reason_in(language, str(error)))
        if reason := next((one.reason for one in report.failed if one.path == added.path), None):
            return _failed(name, reason, language)
        duplicates = frozenset(report.duplicates)
    return _told_of(services, name, added, duplicates, language)


def _told_of(services: Services, name: str, added: Added, duplicates: frozenset[str], language: Language) -> Message:
    """Return what is said of what stands in the folder now, given the paths whose text stands elsewhere too."""
    articles = added.articles
    shown = services.index.catalog.article_at(articles[0].path) or articles[0]
    if added.state in ("present", "unchanged") or duplicates.issuperset(one.path for one in articles):
        return told(language, "added_twice", title=shown.label)
    if len(articles) == 1:
        return account_of(services, shown, "added" if added.state == "added" else "updated", language)
    held_there, passages = count_articles(len(articles), language), _passages(services, articles, language)
    buttons = article_buttons(language, subject_at(added.path))
    return told(language, "added_several", buttons, name=name, articles=held_there, passages=passages)


def account_of(services: Services, article: Article, key: TextKey, language: Language) -> Message:
    """Return what is known of an article, with the button that makes the message one about it."""
    unknown = text(language, "untitled")
    return told(
        language,
        key,
        article_buttons(language, subject_at(article.path)),
        title=article.title or article.label,
        source=article.source or unknown,
        date=date_in_words(article.published, language) if article.published else article.dated or unknown,
        passages=_passages(services, [article], language),
    )


def _passages(services: Services, articles: Sequence[Article], language: Language) -> str:
    count = sum(len(services.index.catalog.passages_of(one.article_id)) for one in articles)
    return counted(count, "passage", language, "after")


def subject_at(path: str) -> str:
    """Return what a button names the file or the article at a path by: it holds 64 bytes at most."""
    return bytes_digest(path.encode())[:SUBJECT_LENGTH]


def subject_replied_to(message: TelegramMessage) -> str | None:
    """Return what the bot's message that is replied to is about; None where it is about no article."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot or not replied.reply_markup:
        return None
    sent = (str(button.callback_data) for row in replied.reply_markup.inline_keyboard for button in row)
    found = (behind(data) for data in sent)
    return next((action.partition(":")[2] for key, action in found if key == OF_FILES and ":" in action), None)


def path_behind(services: Services, subject: str) -> str | None:
    """Return the path that a button names, of a file or of an article in one; None where nothing stands there now."""
    folder = services.settings.articles_dir
    paths = (path_of(folder, file) for file in find_files(folder))
    members = (path for path, _ in services.index.catalog.paths())
    return next((path for path in (*paths, *members) if subject_at(path) == subject), None)
