"""Browsing the archive: the newest articles and all of them, by outlet and by day, opened, read on and asked about."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import Update

from bot.storage.conversations import begin_dialogue
from bot.telegram.handlers.callbacks import settle_callback
from bot.telegram.handlers.services import Context, behind, conversation_of, draft_of
from bot.telegram.messages.archive_pages import (
    ROWS_A_PAGE,
    UNSTATED,
    Choice,
    Step,
    View,
    article_message,
    choice_message,
    day_name,
    focus_message,
    heading_of,
    list_message,
    step_of,
)
from bot.telegram.messages.replies import toast, told
from bot.telegram.messages.texts import label
from retrieval.corpus.origins import bytes_digest
from retrieval.types import Span

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.storage.outbox import Draft
    from bot.telegram.messages.layout import Message
    from retrieval.index.index import Index
    from retrieval.search.filters import ArticleFacts
    from retrieval.types import Article, Language

OF_PAGES = "browse"  # stands before what the buttons of these pages send, in the place of an answer's key
PAGES = rf"^{OF_PAGES}/"
SHORTEST_LEAD = 200  # code points of what is shown of an article first
KEY_LENGTH = 8  # hex digits that name an outlet: a button holds 64 bytes


async def latest(update: Update, context: Context, _: str) -> None:
    """List the newest articles."""
    await _say(update, context, Step("list", View()))


async def list_articles(update: Update, context: Context, _: str) -> None:
    """Say which outlets have articles, to choose from."""
    await _say(update, context, Step("outlets", View()))


async def _say(update: Update, context: Context, step: Step) -> None:
    services, language = context.services, await context.services.language(update)
    page = await asyncio.to_thread(_page, services.index, step, language)
    await services.say(update, page or told(language, "latest_none"), key=OF_PAGES)


async def handle_page_press(update: Update, context: Context) -> None:
    """Show where a button leads, in the place of its message."""
    query, services, language = update.callback_query, context.services, await context.services.language(update)
    if query is None:
        return
    action = behind(query.data or "")[1]
    step, held = step_of(action), conversation_of(update)
    if action == "leave" and held:
        await settle_callback(query, toast(language, "unfocused"))
        await services.database.run(partial(begin_dialogue, held=held))
    elif step and step.verb == "about":
        await settle_callback(query, None)
        await _focus(update, context, step.article, language)
    elif step:
        page = await asyncio.to_thread(_page, services.index, step, language)
        await settle_callback(query, None if page else toast(language, "article_gone"))
        shown = query.message.message_id if isinstance(query.message, TelegramMessage) else None
        if page is not None:
            await services.reply(update, lambda _: [draft_of(page, OF_PAGES, replaces=shown)])
    else:
        await settle_callback(query, None)


async def _focus(update: Update, context: Context, article_id: str, language: Language) -> None:
    """Let a person's next questions be about one article and what else tells its story, and say so."""
    services, held = context.services, conversation_of(update)
    article = await asyncio.to_thread(services.index.catalog.article, article_id)
    if held is None:
        return
    if article is None:
        await services.say(update, told(language, "article_gone"))
        return

    def make(connection: Connection) -> Sequence[Draft]:
        begin_dialogue(connection, held, article_id)
        return [draft_of(focus_message(article, language), OF_PAGES)]

    await services.reply(update, make)


def _page(index: Index, step: Step, language: Language) -> Message | None:
    """Return the page that a button leads to; None where its article is gone."""
    if step.verb == "open":
        return _opened(index, step, language)
    if step.verb == "list" and not step.view.is_filtered:
        newest, total = index.catalog.newest(ROWS_A_PAGE, step.view.offset), index.catalog.article_count()
        return list_message(newest, total, step.view, heading_of(step.view, None, language), language)
    facts = index.catalog.article_facts()
    if step.verb == "outlets":
        of_day = [one for one in facts if step.view.day in ("", _day(one))]
        return choice_message("outlets", _outlets(of_day, language), step.view, language)
    if step.verb == "days":
        of_outlet = [one for one in facts if step.view.outlet in ("", outlet_key(one.source))]
        return choice_message("days", _days(of_outlet, language), step.view, language)
    return _listed(index, facts, step.view, language)


def _listed(index: Index, facts: Sequence[ArticleFacts], view: View, language: Language) -> Message:
    passing = [one for one in facts if view.day in ("", _day(one)) and view.outlet in ("", outlet_key(one.source))]
    outlet = (passing[0].source or label(language, "no_outlet")) if view.outlet and passing else None
    within = [one.article_id for one in passing]
    articles = index.catalog.newest(ROWS_A_PAGE, view.offset, within)
    return list_message(articles, len(within), view, heading_of(view, outlet, language), language)


def _opened(index: Index, step: Step, language: Language) -> Message | None:
    article: Article | None = index.catalog.article(step.article)
    passages = _pages([Span(one.start, one.end) for one in index.catalog.passages_of(step.article)])
    if article is None or step.passage >= len(passages):
        return None
    return article_message(article, passages, step.passage, step.view, language)


def _pages(passages: Sequence[Span]) -> list[Span]:
    """Return the passages of an article to turn over; one that is hardly more than a headline stands with the next."""
    first, *others = passages or [Span(0, 0)]
    while others and first.end - first.start < SHORTEST_LEAD:
        first = Span(first.start, others.pop(0).end)
    return [first, *others] if passages else []


def _outlets(facts: Sequence[ArticleFacts], language: Language) -> list[Choice]:
    """Return the outlets of some articles, those with most articles first."""
    named = Counter(one.source or "" for one in facts)
    ordered = sorted(named.items(), key=lambda one: (not one[0], -one[1], one[0]))
    return [Choice(outlet_key(name), name or label(language, "no_outlet"), count) for name, count in ordered]


def _days(facts: Sequence[ArticleFacts], language: Language) -> list[Choice]:
    """Return the days of some articles, the newest first."""
    ordered = sorted(Counter(map(_day, facts)).items(), key=lambda one: (one[0] != UNSTATED, one[0]), reverse=True)
    return [Choice(day, day_name(day, language), count) for day, count in ordered]


def _day(facts: ArticleFacts) -> str:
    return facts.published or UNSTATED


@lru_cache(maxsize=4096)
def outlet_key(source: str | None) -> str:
    """Return what a button names an outlet by."""
    return bytes_digest(source.encode())[:KEY_LENGTH] if source else UNSTATED
