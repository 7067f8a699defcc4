"""The commands: /start, /help and /cancel."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.telegram.desk import Context
from bot.telegram.replies import told
from bot.texts import count_articles


async def start(update: Update, context: Context) -> None:
    """Greet."""
    language = await context.desk.language(update)
    held = await asyncio.to_thread(lambda: context.desk.index.article_count)
    await context.desk.say(update, told(language, "start", articles=count_articles(held, language)))


async def help_(update: Update, context: Context) -> None:
    """Say what can be done here."""
    language = await context.desk.language(update)
    await context.desk.say(update, told(language, "help", bot=f"@{context.bot.username}"))


async def cancel(update: Update, context: Context) -> None:
    """Say whether something was ended; it was ended when the command came in."""
    ended = update.update_id in context.desk.cancelling
    context.desk.cancelling.discard(update.update_id)
    language = await context.desk.language(update)
    await context.desk.say(update, told(language, "cancelled" if ended else "nothing_to_cancel"))
