"""The commands of admins: the bot's statistics, and the index brought up to date."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError

from bot.rendering.plurals import counted
from bot.storage.feedback import ratings, unanswered_questions
from bot.storage.statistics import count_statistics
from bot.telegram.handlers.services import Context, Services, destination_of
from bot.telegram.messages.judgements import feedback_messages
from bot.telegram.messages.reasons import reason_in
from bot.telegram.messages.replies import told
from bot.telegram.transport.calls import send_text
from bot.telegram.transport.retries import kind, retry_until_answered
from retrieval.errors import IndexBusyError, SanadError

if TYPE_CHECKING:
    from bot.storage.outbox import Destination
    from bot.telegram.messages.layout import Message
    from bot.telegram.transport.rate_limiter import Bot
    from retrieval.index.index import Index
    from retrieval.types import Language, RefreshReport

MOST_JUDGED = 15  # of either kind in one list

log = logging.getLogger(__name__)


def _sizes(index: Index) -> tuple[int, int, int]:
    catalog = index.catalog
    return catalog.article_count(), catalog.passage_count(), catalog.generation


async def stats(update: Update, context: Context, _: str) -> None:
    """Show the statistics."""
    services, language = context.services, await context.services.language(update)
    found = await services.database.run(count_statistics)
    articles, passages, generation = await asyncio.to_thread(_sizes, services.index)
    message = told(
        language,
        "stats",
        articles=counted(articles, "article", language),
        passages=counted(passages, "passage", language),
        generation=generation,
        questions=counted(found.questions, "question", language),
        people=counted(found.people, "person", language, "after"),
        refused=found.declined,
        good=found.good,
        bad=found.bad,
        wrong=found.wrong_source,
        waiting=found.waiting - 1,  # without the question for it
    )
    await services.say(update, message)


async def show_feedback(update: Update, context: Context, _: str) -> None:
    """List what people think of answers, and the questions that found none."""
    services, language = context.services, await context.services.language(update)
    rated = await services.database.run(partial(ratings, limit=MOST_JUDGED))
    declined = await services.database.run(partial(unanswered_questions, limit=MOST_JUDGED))
    await services.say(update, feedback_messages(rated, declined, language))


async def reindex(update: Update, context: Context, _: str) -> None:
    """Bring the index up to date, and report."""
    services, language = context.services, await context.services.language(update)
    if await services.reply(
        update, lambda _: ()
    ):  # it may take longer than an answer may, and the chat is free meanwhile
        task = asyncio.create_task(_reindex(services, context.bot, destination_of(update), language))
        services.running.add(task)
        task.add_done_callback(services.running.discard)


async def _reindex(services: Services, bot: Bot, place: Destination, language: Language) -> None:
    await _tell(bot, place, told(language, "reindexing"))
    try:
        report = await asyncio.to_thread(services.index.refresh, services.settings.articles_dir, wait=0.0, extent="few")
    except IndexBusyError:
        message = told(language, "reindex_busy")
    except SanadError as error:
        message = told(language, "reindex_failed", reason=reason_in(language, str(error)))
    else:
        message = _account(report, language)
    await _tell(bot, place, message)


async def _tell(bot: Bot, place: Destination, message: Message) -> None:
    """Send a message that is not owed: after a restart nobody would know what it was about."""
    try:
        await retry_until_answered(partial(send_text, bot, place, message.html))
    except TelegramError as error:
        log.warning("What a reindexing did could not be reported: %s", kind(error))


def _account(report: RefreshReport, language: Language) -> Message:
    return told(
        language,
        "reindexed",
        time=counted(max(1, round(report.seconds)), "second", language, "after"),
        new=len(report.new),
        changed=len(report.changed),
        moved=len(report.moved),
        deleted=len(report.deleted),
        failed=len(report.failed),
        passages=counted(report.passages, "passage", language),
    )
