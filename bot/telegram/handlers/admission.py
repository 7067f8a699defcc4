"""Letting people in, and out, without a restart: an admin is asked once for each person, and decides by a button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, get_args

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.constants import ChatType

from bot.rendering.texts import TextKey
from bot.storage import inbox, outbox
from bot.storage.access import Access, Decision, access_of, approved_people, ask_for_access, decide_access
from bot.storage.conversations import language_of_person
from bot.storage.outbox import Destination, Draft
from bot.telegram.handlers.access import numbers
from bot.telegram.handlers.callbacks import settle_callback
from bot.telegram.handlers.services import Context, Services, behind, destination_of, draft_of, person_of
from bot.telegram.messages.keyboards import access_buttons, people_buttons
from bot.telegram.messages.replies import join_messages, told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.telegram.messages.layout import Message
    from retrieval.types import Language

OF_ACCESS = "access"  # stands before what the buttons of this module send
DECISIONS = rf"^{OF_ACCESS}/"
_DECIDED = re.compile(rf"({'|'.join(get_args(Decision))}):(-?\d{{1,19}})")
MOST_LET_IN = 50  # people who were let in
TOLD: dict[Decision, TextKey] = {"approved": "access_approved", "denied": "access_denied", "revoked": "access_revoked"}


async def access_for(services: Services, update: Update, bot_id: int) -> Access | None:
    """Return what an admin has decided of whoever sent an update; None where nothing was."""
    person = person_of(update)
    if person is None:
        return None
    return await services.database.run(partial(access_of, bot_id=bot_id, user_id=person))


async def refuse_stranger(services: Services, update: Update, bot_id: int, language: Language) -> None:
    """Say that the bot is for its members, with the number of whoever is not one; ask the admins once about them."""
    person, chat, admins = person_of(update), update.effective_chat, sorted(numbers(services.settings.telegram_admins))
    refusal = [told(language, "not_allowed"), *([told(language, "own_number", number=person)] if person else [])]
    is_asking = person is not None and chat is not None and chat.type == ChatType.PRIVATE and bool(admins)

    def work(connection: Connection) -> bool:
        if not inbox.record_answer(connection, update.update_id, "refused"):
            return False
        is_new = is_asking and ask_for_access(connection, bot_id, person or 0)
        said = [*refusal, told(language, "access_asked")] if is_new else refusal
        outbox.owe(connection, update.update_id, destination_of(update), [draft_of(join_messages(said))])
        for admin in admins if is_new else ():
            asked = _request(update, person or 0, language_of_person(connection, admin) or "en")
            outbox.owe(connection, update.update_id, Destination(admin), [draft_of(asked, OF_ACCESS)])
        return True

    if await services.database.run(work):
        services.metrics.count("refused")


def _request(update: Update, person: int, language: Language) -> Message:
    """Return what an admin is asked about a person."""
    user = update.effective_user
    name = " ".join(filter(None, (user.full_name, f"@{user.username}" if user.username else ""))) if user else ""
    return told(language, "access_request", access_buttons(language, person), name=name, number=person)


async def handle_access_press(update: Update, context: Context) -> None:
    """Keep what an admin decides by a button, and tell the person that they are let in."""
    query = update.callback_query
    found = _DECIDED.fullmatch(behind(query.data or "")[1]) if query else None
    if query is None or found is None:
        return
    await settle_callback(query, None)
    shown = query.message.message_id if isinstance(query.message, TelegramMessage) else None
    decision = next(one for one in get_args(Decision) if one == found[1])
    await _decide(update, context, int(found[2]), decision, shown)


async def revoke(update: Update, context: Context, number: str) -> None:
    """Take a person's access back; without a number, list those who were let in."""
    services, language = context.services, await context.services.language(update)
    if re.fullmatch(r"-?\d{1,18}", number):
        await _decide(update, context, int(number), "revoked")
        return
    held = await services.database.run(partial(approved_people, bot_id=context.bot.id))
    buttons = people_buttons(held[:MOST_LET_IN])
    await services.say(update, told(language, "revoke_list" if held else "revoke_usage", buttons), key=OF_ACCESS)


async def _decide(
    update: Update, context: Context, person: int, decision: Decision, replaces: int | None = None
) -> None:
    services, language = context.services, await context.services.language(update)
    others = (decision,) if decision != "denied" else ("denied", "revoked")
    buttons = access_buttons(language, person, but=others)
    account = told(language, TOLD[decision], buttons, number=person)

    def work(connection: Connection) -> Sequence[Draft]:
        is_new = access_of(connection, context.bot.id, person) != decision
        decide_access(connection, context.bot.id, person, decision)
        if decision == "approved" and is_new:
            welcome = told(language_of_person(connection, person) or language, "access_given")
            outbox.owe(connection, update.update_id, Destination(person), [draft_of(welcome)])
        return [draft_of(account, OF_ACCESS, replaces=replaces)]

    await services.reply(update, work)
