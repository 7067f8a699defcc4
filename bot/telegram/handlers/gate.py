"""The gate: every update passes here before any handler, and here alone it is decided who may have what.

What a person has of their own stays open to everybody: /privacy, and /forget with its buttons, so that somebody who is
served no more can still see and delete what is kept. All else is for members, and some of it for admins. Somebody else
is told so where they spoke to the bot, and hears nothing of the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from telegram import Update, User
from telegram.constants import ChatType
from telegram.ext import filters

from bot.rendering.commands import IN_TELEGRAM, Standing
from bot.rendering.texts import TextKey
from bot.telegram.handlers import admission, article_edits, documents, inline, personal
from bot.telegram.handlers.access import standing
from bot.telegram.handlers.admission import access_for, refuse_stranger
from bot.telegram.handlers.callbacks import settle_callback
from bot.telegram.handlers.mentions import asked_of
from bot.telegram.handlers.services import Services, is_question, written_in
from bot.telegram.handlers.wordless import WORDLESS, is_first_of_album
from bot.telegram.messages.replies import toast, told
from retrieval.nlp.analysis import language_of

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.storage.access import Access
    from retrieval.types import Language

RANKS: Mapping[Standing, int] = {rank: at for at, rank in enumerate(get_args(Standing))}


async def admit(update: Update, services: Services, bot: User) -> bool:
    """Tell whether an update comes through to its handler; whoever may not have that is told so."""
    refusal = refusal_of_update(services.settings, update, bot, await access_for(services, update, bot.id))
    if refusal is None:
        return True
    query = update.callback_query
    if update.inline_query is not None:
        await inline.decline(update, services)
    elif query is not None and not is_question(update):
        await settle_callback(query, toast(await services.language(update), refusal))
    elif query is None and not _is_first(update, services, bot):
        return False
    elif refusal == "not_allowed":
        await refuse_stranger(services, update, bot.id, await _language(update, services, bot))
    else:
        await services.say(update, told(await _language(update, services, bot), refusal), "refused")
    return False


def _is_first(update: Update, services: Services, bot: User) -> bool:
    """Tell whether a message that is refused is told so: one that is meant for the bot, and of an album the first."""
    message = written_in(update)
    return message is not None and is_addressed(update, bot) and is_first_of_album(services, message)


def refusal_of_update(settings: Settings, update: Update, bot: User, access: Access | None = None) -> TextKey | None:
    """Return what is said instead of what an update wants; None where whoever sent it may have that."""
    held, wanted = standing(settings, update, access), needed(update, bot)
    if RANKS[held] >= RANKS[wanted]:
        return None
    if held == "stranger":
        return "not_allowed"
    return "add_not_allowed" if _adds(update) else "admins_only"


def needed(update: Update, bot: User) -> Standing:
    """Return what somebody must be to have what an update wants."""
    message, query = written_in(update), update.callback_query
    if query is not None:
        if (query.data or "").startswith((f"{documents.OF_FILES}/", f"{admission.OF_ACCESS}/")):
            return "admin"
        return "stranger" if personal.FORGETTING.match(query.data or "") else "member"
    if message is None:
        return "member"
    if filters.StatusUpdate.MIGRATE.check_update(update):  # what is kept follows a group, and nothing is said
        return "stranger"
    if _adds(update):
        return "admin"
    asked = asked_of(message, bot)
    return IN_TELEGRAM[asked.command].standing if asked and asked.command in IN_TELEGRAM else "member"


def is_addressed(update: Update, bot: User) -> bool:
    """Tell whether a message is one that a member would be answered."""
    message = written_in(update)
    if message is None or message.via_bot is not None:
        return False
    if _adds(update) or WORDLESS.check_update(update):
        return True
    asked = asked_of(message, bot)
    if asked is None:
        return False
    # In a group an unknown command may be another bot's.
    return message.chat.type == ChatType.PRIVATE or asked.command is None or asked.command in IN_TELEGRAM


def _adds(update: Update) -> bool:
    of_articles = (documents.FILES, documents.LINKS, article_edits.REPLIES)
    return any(kind.check_update(update) for kind in of_articles)


async def _language(update: Update, services: Services, bot: User) -> Language:
    """Return the language of a refusal: that of a question that was written, which is not remembered."""
    message = written_in(update)
    asked = asked_of(message, bot) if message and not _adds(update) else None
    if asked and asked.command in (None, "ask") and any(letter.isalpha() for letter in asked.argument):
        return language_of(asked.argument)
    return await services.language(update)
