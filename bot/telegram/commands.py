"""The commands: /start, /help and /cancel."""

from __future__ import annotations

from telegram import Update

from bot.telegram.desk import Context
from bot.telegram.phrases import phrase


async def start(update: Update, context: Context) -> None:
    """Greet."""
    await context.desk.say(update, phrase(await context.desk.language(update), "start"))


async def help_(update: Update, context: Context) -> None:
    """Say what can be done here."""
    await context.desk.say(update, phrase(await context.desk.language(update), "help"))


async def cancel(update: Update, context: Context) -> None:
    """Say whether something was ended; it was ended when the command came in."""
    ended = update.update_id in context.desk.cancelling
    context.desk.cancelling.discard(update.update_id)
    key = "cancelled" if ended else "nothing_to_cancel"
    await context.desk.say(update, phrase(await context.desk.language(update), key))
