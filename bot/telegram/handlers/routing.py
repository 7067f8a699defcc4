"""Which handler answers which update: the one list of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, InlineQueryHandler, MessageHandler, filters

from bot.storage.database import DatabaseError, now
from bot.storage.inbox import REMEMBERED
from bot.telegram.handlers import (
    administration,
    admission,
    article_edits,
    browsing,
    callbacks,
    cards,
    commands,
    documents,
    groups,
    inline,
    names,
    personal,
    timelines,
    watches,
    wordless,
)
from bot.telegram.handlers.mentions import asked_of
from bot.telegram.handlers.services import Context, written_in
from bot.telegram.messages.replies import told

if TYPE_CHECKING:
    from telegram.ext import Application

log = logging.getLogger(__name__)

COMMAND_HANDLERS: Mapping[str, Callable[[Update, Context, str], Awaitable[None]]] = {
    "start": commands.start,
    "help": commands.help_,
    "ask": commands.ask_command,
    "sources": commands.sources,
    "cite": commands.show_references,
    "card": cards.show_card,
    "name": names.show_name,
    "why": commands.why,
    "timeline": timelines.timeline_command,
    "latest": browsing.latest,
    "articles": browsing.list_articles,
    "new": commands.new,
    "cancel": commands.cancel,
    "language": personal.language,
    "privacy": personal.privacy,
    "forget": personal.forget,
    "stats": administration.stats,
    "reindex": administration.reindex,
    "watch": watches.watch_command,
    "watches": watches.list_watches,
    "unwatch": watches.unwatch_command,
    "feedback": administration.show_feedback,
    "revoke": admission.revoke,
}
OF_OTHERS = ("feedback", "revoke")  # tell of other people: a group would read it with the admin who asks


def register(application: Application[Any, Context, Any, Any, Any, Any]) -> None:
    """Register every handler; the first that fits is the only one, and the `gate` stands before them."""
    new = filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(documents.FILES, documents.receive_file))
    application.add_handler(MessageHandler(documents.LINKS, documents.receive_link))
    application.add_handler(MessageHandler(article_edits.REPLIES, article_edits.receive_edit))
    written = new | filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(written & (filters.TEXT | filters.CAPTION), _answer_message))
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, groups.migration))
    application.add_handler(MessageHandler(wordless.WORDLESS, wordless.unread))
    application.add_handler(CallbackQueryHandler(personal.handle_press_of_own, pattern=personal.PATTERN))
    application.add_handler(
        CallbackQueryHandler(article_edits.handle_file_press, pattern=article_edits.OF_FILE_BUTTONS)
    )
    application.add_handler(CallbackQueryHandler(callbacks.handle_example_press, pattern=callbacks.EXAMPLES))
    application.add_handler(CallbackQueryHandler(watches.handle_watch_press, pattern=watches.PRESSES))
    application.add_handler(CallbackQueryHandler(admission.handle_access_press, pattern=admission.DECISIONS))
    application.add_handler(CallbackQueryHandler(browsing.handle_page_press, pattern=browsing.PAGES))
    application.add_handler(CallbackQueryHandler(callbacks.handle_press))
    application.add_handler(InlineQueryHandler(inline.offer))
    application.add_handler(ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(failed)


async def _answer_message(update: Update, context: Context) -> None:
    """Do what a message asks, if it is meant for the bot."""
    message = written_in(update)
    asked = asked_of(message, context.bot.bot) if message else None
    if message is None or asked is None or _is_past(update):
        return
    if update.edited_message is None and not wordless.is_first_of_album(context.services, message):
        return
    if asked.command is None and await callbacks.take_reason(update, context, asked.argument):
        return
    command = asked.command or "ask"
    if command in OF_OTHERS and message.chat.type != ChatType.PRIVATE:
        await context.services.say(update, told(await context.services.language(update), "in_private_only"), "refused")
    elif command in COMMAND_HANDLERS:
        await COMMAND_HANDLERS[command](update, context, asked.argument)
    elif message.chat.type == ChatType.PRIVATE:  # in a group it may be another bot's
        await _unknown(update, context, command)


def _is_past(update: Update) -> bool:
    """Tell whether an edited message is so old that nobody knows any more what was answered."""
    edited = update.edited_message
    return edited is not None and now() - edited.date.timestamp() > REMEMBERED


async def _unknown(update: Update, context: Context, command: str) -> None:
    language = await context.services.language(update)
    nearest = get_close_matches(command, COMMAND_HANDLERS, n=1)
    if nearest:
        message = told(language, "did_you_mean", command=f"/{command}", nearest=f"/{nearest[0]}")
    else:
        message = told(language, "unknown_command", command=f"/{command}")
    await context.services.say(update, message)


async def failed(update: object, context: Context) -> None:
    """Apologise for what nobody expected, and keep its trace for the operator; a database that is away comes back."""
    if isinstance(update, Update) and isinstance(context.error, DatabaseError):
        context.services.interrupted[update.update_id] = context.error
        return
    number = update.update_id if isinstance(update, Update) else 0
    log.error("Update %d could not be answered.", number, exc_info=context.error)
    if not isinstance(update, Update):
        return
    if update.inline_query is not None:
        with suppress(TelegramError):
            await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif update.effective_chat is not None:
        try:
            language = await context.services.language(update)
            await context.services.say(update, told(language, "failed", number=number), "failed")
        except DatabaseError as error:  # raised here, the library would swallow it
            context.services.interrupted[number] = error
