"""Which handler answers which update: the one list of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.telegram import commands, documents, questions, taps
from bot.telegram.desk import Context
from bot.telegram.replies import told

if TYPE_CHECKING:
    from telegram.ext import Application

log = logging.getLogger(__name__)


def register(application: Application[Any, Context, Any, Any, Any, Any], is_admin: Callable[[int], bool]) -> None:
    """Register every handler; the first that fits is the only one."""
    for name, command in (("start", commands.start), ("help", commands.help_), ("cancel", commands.cancel)):
        application.add_handler(CommandHandler(name, command))
    alone = filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(alone & filters.Document.ALL, documents.receive_file))
    application.add_handler(MessageHandler(alone & documents.LinkOfAdmin(is_admin), documents.receive_link))
    question = filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND
    application.add_handler(MessageHandler(question, questions.answer_text))
    application.add_handler(CallbackQueryHandler(taps.tapped))
    application.add_error_handler(failed)


async def failed(update: object, context: Context) -> None:
    """Apologise for what nobody expected, and keep its trace for the operator."""
    number = update.update_id if isinstance(update, Update) else 0
    log.error("Update %d could not be answered.", number, exc_info=context.error)
    if isinstance(update, Update) and update.effective_chat is not None:
        language = await context.desk.language(update)
        await context.desk.say(update, told(language, "failed", number=number), "failed")
