"""Inline mode: in any chat, the best quotes for what is typed after the bot's name, each with its source.

A query comes with every few letters that are typed: only a person's newest is answered, from the articles alone, as a
model would be too slow. What is typed does not count as asked, but whoever has asked too much is not answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.constants import InlineQueryLimit
from telegram.error import TelegramError

from bot.rendering.texts import TextKey
from bot.telegram.handlers.access import full_until
from bot.telegram.handlers.services import Context, Services
from bot.telegram.handlers.sources import known_label
from bot.telegram.messages.replies import InlineResult, inline_results
from bot.telegram.messages.texts import text
from bot.telegram.transport.retries import kind
from retrieval.errors import SanadError
from retrieval.types import Answer, AnswerOutcome

log = logging.getLogger(__name__)

MOST_SENTENCES = 5
CACHE_SECONDS = 60  # for which Telegram may give the same results; articles change
PAYLOAD = "ask"  # what /start gets when somebody comes over from another chat
HINTS: Mapping[AnswerOutcome, TextKey | None] = {
    "answered": None,
    "nearest": "inline_closest",
    "not_covered": "inline_none",
    "reply": "inline_hint",
}


async def offer(update: Update, context: Context) -> None:
    """Answer an inline query, with results or with a way to the private chat."""
    query, services = update.inline_query, context.services
    if query is None:
        return
    question = query.query.strip()
    hint = await _hint(update, services, question)
    results: list[InlineResult] = []
    if hint is None and _is_newest(update, services):
        hint = "inline_none"
        try:
            found = await asyncio.to_thread(services.quoting.ask, question, MOST_SENTENCES)
            results = await asyncio.to_thread(_results, services, found)
            hint = HINTS[found.outcome]
        except SanadError as error:  # nothing is indexed yet, or the index cannot be read
            log.error("%s", error)
    await _show(update, services, results, hint)


async def decline(update: Update, services: Services) -> None:
    """Offer somebody who is not served nothing but the way to the private chat, where that is said."""
    await _show(update, services, [], "inline_members")


async def _show(update: Update, services: Services, results: Sequence[InlineResult], hint: TextKey | None) -> None:
    """Answer an inline query, with nothing where another has been typed since."""
    query = update.inline_query
    if query is None:
        return
    language = await services.language(update)
    if not _is_newest(update, services):
        results, hint = [], None
    else:
        services.newest_queries.pop(query.from_user.id, None)
    button = None
    if hint:
        shown = text(language, hint).format(limit=_longest(services))
        button = InlineQueryResultsButton(shown, start_parameter=PAYLOAD)
    # Where not everybody may ask, what one person is shown is not for the next; a hint is in a person's language.
    is_open = not services.settings.telegram_users
    try:
        await query.answer(
            [_article(result) for result in results],
            cache_time=CACHE_SECONDS if results else 0,
            is_personal=not (results and is_open),
            button=button,
        )
    except TelegramError as error:  # nobody looks at it any more
        log.info("An inline query came to no answer: %s", kind(error))


async def _hint(update: Update, services: Services, question: str) -> TextKey | None:
    """Return what is said instead of results; None where they are looked for."""
    person = update.effective_user
    if person is None:
        return "inline_members"
    if not question:
        return "inline_hint"
    if len(question) > _longest(services):
        return "inline_too_long"
    if await services.database.run(lambda connection: full_until(connection, services, person.id)):
        return "inline_busy"
    return None


def _longest(services: Services) -> int:
    return min(services.settings.telegram_longest_question, InlineQueryLimit.MAX_QUERY_LENGTH)


def _is_newest(update: Update, services: Services) -> bool:
    """Tell whether a person has typed nothing since."""
    person = update.effective_user
    return person is not None and services.newest_queries.get(person.id, update.update_id) == update.update_id


def _results(services: Services, found: Answer) -> list[InlineResult]:
    """Return what can be shared of an answer."""
    results = inline_results(found, known_label(services.index, found))
    return list({result.result_id: result for result in results}.values())


def _article(result: InlineResult) -> InlineQueryResultArticle:
    content = InputTextMessageContent(result.html)
    return InlineQueryResultArticle(result.result_id, result.title, content, description=result.description)
