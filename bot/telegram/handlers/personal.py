"""What people decide about themselves: the language that the bot speaks to them, and what it keeps of them.

The buttons name by number whom they belong to: in a group anybody can press them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError

from bot.rendering.plurals import Noun, counted
from bot.rendering.texts import TextKey
from bot.storage.conversations import DAY, remember_language
from bot.storage.database import now
from bot.storage.erasure import Erased, erase_person
from bot.telegram.handlers.services import Context, behind, draft_of, person_of
from bot.telegram.messages.keyboards import forget_buttons, language_buttons
from bot.telegram.messages.replies import toast, told
from bot.telegram.messages.texts import text
from retrieval.types import Language

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config.settings import Settings
    from bot.storage.outbox import Draft
    from bot.telegram.messages.layout import Message

PATTERN = r"^-?\d+/(language|forget):"  # of what the buttons of this module send
FORGETTING = re.compile(r"-?\d+/forget:")
LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("ar", "arabic", "عربي", "عربية", "العربية"), "ar"),
    **dict.fromkeys(("en", "english", "انجليزي", "إنجليزي", "الانجليزية", "الإنجليزية"), "en"),
}
YES = {"yes", "نعم"}
EMBEDDED = ("e5", "hashing", "onnx:")  # embeddings that are made here


async def language(update: Update, context: Context, wanted: str) -> None:
    """Set the language of the bot's own words, or offer the two."""
    chosen, person = LANGUAGES.get(wanted.lower()), person_of(update)
    if person is None:
        return
    if chosen is None:
        asked = told(await context.services.language(update), "language_choose", language_buttons())
        await context.services.say(update, asked, key=str(person))
    else:
        await _choose(update, context, person, chosen)


async def _choose(update: Update, context: Context, person: int, chosen: Language, replaces: int | None = None) -> None:
    def make(connection: Connection) -> Sequence[Draft]:
        remember_language(connection, person, chosen, chosen=True)
        return [draft_of(told(chosen, "language_set"), replaces=replaces)]

    await context.services.reply(update, make)


async def privacy(update: Update, context: Context, _: str) -> None:
    """Say what is kept, for how long, and who is told."""
    settings, speaks = context.services.settings, await context.services.language(update)
    models = outside(settings)
    told_to: TextKey = "privacy_model" if models else "privacy_no_model"
    logs: TextKey = "privacy_logged" if settings.log_messages else "privacy_not_logged"
    message = told(
        speaks,
        "privacy",
        days=counted(settings.telegram_keep_days, "day", speaks),
        model=text(speaks, told_to).format(name=", ".join(models)),
        logs=text(speaks, logs),
    )
    await context.services.say(update, message)


def outside(settings: Settings) -> list[str]:
    """Return the models to which questions go."""
    own = settings.embedding.startswith(EMBEDDED)
    return [name for name, used in ((settings.llm, settings.llm != "none"), (settings.embedding, not own)) if used]


async def forget(update: Update, context: Context, sure: str) -> None:
    """Delete everything that is kept of a person, once they are sure."""
    person, speaks = person_of(update), await context.services.language(update)
    if person is None:
        return
    if sure.lower() in YES:
        await _forget(update, context, person, speaks)
    else:
        await context.services.say(update, told(speaks, "forget_confirm", forget_buttons(speaks)), key=str(person))


async def _forget(update: Update, context: Context, person: int, speaks: Language, replaces: int | None = None) -> None:
    services, found = context.services, list[Erased]()

    def make(connection: Connection) -> Sequence[Draft]:
        found.append(erase_person(connection, person, but=update.update_id))
        return [draft_of(_account(found[0], speaks), replaces=replaces)]

    if await services.reply(update, make) and found[0].asked_at:  # the limits hold on, in memory and for a day
        recent = [time for time in (*services.spent.get(person, ()), *found[0].asked_at) if time > now() - DAY]
        services.spent[person] = recent


def _account(found: Erased, speaks: Language) -> Message:
    counts: dict[Noun, int] = {
        "question": found.turns,
        "answer": found.answers,
        "rating": found.ratings,
        "watch": found.watches,
    }
    parts = [counted(count, noun, speaks) for noun, count in counts.items() if count]
    if found.is_known:
        parts.append(text(speaks, "forgotten_language"))
    if not parts:
        return told(speaks, "nothing_to_forget")
    return told(speaks, "forgotten", deleted=("، " if speaks == "ar" else ", ").join(parts))


async def handle_press_of_own(update: Update, context: Context) -> None:
    """Do what a button of /language or /forget stands for."""
    query = update.callback_query
    if query is None:
        return
    owner, action = behind(query.data or "")
    person, speaks = query.from_user.id, await context.services.language(update)
    is_own = owner == str(person)
    with suppress(TelegramError):  # the button's sign goes by itself after a while
        await query.answer(None if is_own else toast(speaks, "not_yours"), show_alert=not is_own)
    if not is_own:
        return
    verb, _, value = action.partition(":")
    shown = update.effective_message.message_id if update.effective_message else None
    if verb == "language":
        await _choose(update, context, person, "ar" if value == "ar" else "en", shown)
    elif value == "yes":
        await _forget(update, context, person, speaks, shown)
    else:
        await context.services.reply(update, lambda _: [draft_of(told(speaks, "forget_kept"), replaces=shown)])
