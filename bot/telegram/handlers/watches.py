"""The commands about watches: /watch, /watches and /unwatch, and the buttons below what they say.

A watch is its chat's, and told there. Who set it can change it, and who is an admin of the bot or of the group.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.rendering.plurals import counted
from bot.rendering.texts import TextKey
from bot.storage.alerts import reschedule
from bot.storage.conversations import question_answered_by
from bot.storage.database import now
from bot.storage.watches import (
    Watch,
    add_watch,
    count_watches,
    end_watch,
    known_watch,
    set_at_night,
    set_hour,
    watch_behind,
    watches_in,
)
from bot.telegram.handlers.access import is_admin
from bot.telegram.handlers.callbacks import settle_callback
from bot.telegram.handlers.mentions import asked_of
from bot.telegram.handlers.services import Context, behind, destination_of, draft_of, person_of, written_in
from bot.telegram.messages.bidi import shortened
from bot.telegram.messages.keyboards import (
    LONGEST_LABEL,
    MOST_WATCHES,
    Rows,
    hour_buttons,
    watch_buttons,
    watch_list_buttons,
)
from bot.telegram.messages.replies import join_messages, toast, told
from bot.watching.timing import TellingHours
from retrieval.search.standing_queries import names_something

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import CallbackQuery

    from bot.config.settings import Settings
    from bot.storage.outbox import Draft
    from bot.telegram.messages.layout import Message
    from retrieval.types import Language

WATCH_KEY = "watch"  # of the buttons about watches
PRESSES = rf"^{WATCH_KEY}/"  # of what they send


def teller_of(settings: Settings) -> str:
    """Return by what name a bot's watches are kept."""
    return f"bot:{settings.telegram_token.get_secret_value().partition(':')[0]}"


def hours_of(settings: Settings) -> TellingHours:
    """Return when nobody is told, and by whose clock."""
    return TellingHours.of(settings.telegram_quiet_hours, settings.telegram_time_zone)


async def watch_command(update: Update, context: Context, wanted: str) -> None:
    """Watch a name or a question: what follows the command, or what it replies to."""
    services, person, language = context.services, person_of(update), await context.services.language(update)
    wanted = " ".join((wanted or await _replied(update, context)).split())
    longest, most = services.settings.telegram_longest_question, services.settings.telegram_watches
    if update.edited_message is not None:  # what it said before may be watched, and may have been told of
        await services.say(update, told(language, "watch_edited"), "refused")
    elif person is None or not wanted:
        example = await asyncio.to_thread(services.suggestions.opening, language)
        await services.say(update, told(language, "watch_usage", example=example or "…"))
    elif len(wanted) > longest:
        await services.say(update, told(language, "too_long", length=len(wanted), limit=longest), "refused")
    elif not names_something(wanted):
        await services.say(update, told(language, "watch_empty"), "refused")
    else:
        place, teller = replace(destination_of(update), reply_to=None), teller_of(services.settings)

        def make(connection: Connection) -> Sequence[Draft]:
            known = known_watch(connection, teller, place, user_id=person, text=wanted)
            if known is None and count_watches(connection, teller, person) >= most:
                return [draft_of(told(language, "watch_many", limit=counted(most, "watch", language)))]
            own = add_watch(connection, teller, place, user_id=person, text=wanted, language=language)
            return [draft_of(_card(own, services.settings, language), WATCH_KEY)]

        await services.reply(update, make)


async def _replied(update: Update, context: Context) -> str:
    """Return what a message replies to: the question that the bot answers there, or somebody's words."""
    message = written_in(update)
    replied = message.reply_to_message if message else None
    if message is None or replied is None:
        return ""
    answered = partial(question_answered_by, chat_id=message.chat.id, message_id=replied.message_id)
    asked = asked_of(message, context.bot.bot)
    return await context.services.database.run(answered) or (asked.post if asked else "")


async def list_watches(update: Update, context: Context, _: str) -> None:
    """List what is watched in the chat; a button shows each."""
    await _list(update, context, "watches", "card")


async def unwatch_command(update: Update, context: Context, number: str) -> None:
    """End a watch by its number, or let one be chosen."""
    services, language = context.services, await context.services.language(update)
    if not number:
        await _list(update, context, "unwatch", "end")
        return
    held = await _held(update, context)
    chosen = next((one for one in held if number.isdecimal() and one.number == int(number)), None)
    if chosen is None:
        await services.say(update, told(language, "no_such_watch", number=number))
    elif not await _may_change(update, context, chosen):
        await services.say(update, told(language, "watch_not_yours"), "refused")
    else:
        await services.reply(update, partial(_ended, watch=chosen, language=language, replaces=None))


async def _held(update: Update, context: Context) -> list[Watch]:
    chat, teller = update.effective_chat, teller_of(context.services.settings)
    if chat is None:
        return []
    return await context.services.database.run(partial(watches_in, teller=teller, chat_id=chat.id))


async def _list(update: Update, context: Context, heading: TextKey, action: str) -> None:
    services, language, held = context.services, await context.services.language(update), await _held(update, context)
    if not held:
        await services.say(update, told(language, "watches_none"))
        return
    pages = (held[at : at + MOST_WATCHES] for at in range(0, len(held), MOST_WATCHES))
    await services.say(update, [_page(page, language, heading, action) for page in pages], key=WATCH_KEY)


def _page(page: Sequence[Watch], language: Language, heading: TextKey, action: str) -> Message:
    """Return some watches as a message with a button for each."""
    lines = [told(language, heading)]
    for own in page:
        key: TextKey = "watches_at_once" if own.hour is None else "watches_daily"
        watched = shortened(own.text, LONGEST_LABEL)
        lines.append(told(language, key, number=own.number, watch=watched, hour=f"{own.hour}:00"))
    buttons = watch_list_buttons([(own.watch_id, own.number, own.text) for own in page], language, action)
    return replace(join_messages(lines, "\n"), buttons=buttons)


def _card(watch: Watch, settings: Settings, language: Language) -> Message:
    """Return what is watched and when it is told, with what can be changed of it."""
    hours = hours_of(settings)
    is_quiet = hours.quiet is not None and not watch.at_night
    key: TextKey = "watch_daily" if watch.hour is not None else "watch_by_day" if is_quiet else "watch_at_once"
    first, last = hours.quiet or (0, 0)
    buttons = watch_buttons(
        language, watch.watch_id, is_daily=watch.hour is not None, at_night=watch.at_night if hours.quiet else None
    )
    values = {"first": f"{first}:00", "last": f"{last}:00", "hour": f"{watch.hour}:00", "zone": hours.zone_name}
    return told(language, key, buttons, watch=watch.text, **values)


def _ended(connection: Connection, watch: Watch, language: Language, replaces: int | None) -> list[Draft]:
    end_watch(connection, watch.watch_id)
    return [draft_of(told(language, "watch_ended", watch=watch.text), replaces=replaces)]


async def _may_change(update: Update, context: Context, watch: Watch) -> bool:
    """Tell whether who sent an update may change a watch; of a group's admins Telegram knows."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return False
    if watch.user_id == person_of(update) or is_admin(context.services.settings, user.id):
        return True
    if chat.type == ChatType.PRIVATE:
        return False
    with suppress(TelegramError):
        member = await context.bot.get_chat_member(chat.id, user.id)
        return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
    return False


# What the buttons do.


@dataclass(frozen=True, slots=True)
class WatchPress:
    """A press on a button about a watch, by somebody who may change it."""

    update: Update
    context: Context
    watch: Watch
    argument: str
    shown: int | None  # the message with the button
    language: Language

    async def show(self, message: Message) -> None:
        """Put another message into the place of the one with the button."""
        await self.context.services.reply(self.update, lambda _: [draft_of(message, WATCH_KEY, self.shown)])

    async def change(self, change: Callable[[Connection], None], changed: Watch) -> None:
        """Change the watch, let what waits for it be told when it is told now, and show it."""
        settings = self.context.services.settings
        due_at = hours_of(settings).due_at(changed, now())

        def make(connection: Connection) -> Sequence[Draft]:
            change(connection)
            reschedule(connection, changed.watch_id, due_at)
            return [draft_of(_card(changed, settings, self.language), WATCH_KEY, self.shown)]

        await self.context.services.reply(self.update, make)


async def handle_watch_press(update: Update, context: Context) -> None:
    """Do what a button about a watch stands for."""
    query, chat = update.callback_query, update.effective_chat
    if query is None or chat is None:
        return
    name, _, rest = behind(query.data or "")[1].partition(":")
    number, _, argument = rest.partition(":")
    language = await context.services.language(update)
    own = await _pressed(context, number, chat.id)
    act = WATCH_ACTIONS.get(name)
    if own is None or act is None:
        await settle_callback(query, toast(language, "watch_gone"))
    elif not await _may_change(update, context, own):
        await settle_callback(query, toast(language, "watch_not_yours"))
    else:
        await settle_callback(query, None)
        await act(WatchPress(update, context, own, argument, _shown(query), language))


async def _pressed(context: Context, number: str, chat_id: int) -> Watch | None:
    if not (number.isascii() and number.isdecimal()):
        return None
    found = await context.services.database.run(partial(watch_behind, watch_id=int(number)))
    return found if found and found.place.chat_id == chat_id else None


def _shown(query: CallbackQuery) -> int | None:
    return query.message.message_id if query.message else None


async def _show_card(press: WatchPress) -> None:
    await press.show(_card(press.watch, press.context.services.settings, press.language))


async def _choose_hour(press: WatchPress) -> None:
    zone = hours_of(press.context.services.settings).zone_name
    buttons: Rows = hour_buttons(press.language, press.watch.watch_id)
    await press.show(told(press.language, "watch_hour", buttons, watch=press.watch.text, zone=zone))


async def _set_hour(press: WatchPress) -> None:
    hour = int(press.argument) if press.argument in map(str, range(24)) else None
    changed = partial(set_hour, watch_id=press.watch.watch_id, hour=hour)
    await press.change(changed, replace(press.watch, hour=hour))


async def _set_at_night(press: WatchPress, *, at_night: bool) -> None:
    changed = partial(set_at_night, watch_id=press.watch.watch_id, at_night=at_night)
    await press.change(changed, replace(press.watch, at_night=at_night))


async def _end(press: WatchPress, *, keeps: bool) -> None:
    """End a watch; what was told of it stays where the button stands below that."""
    replaces = None if keeps else press.shown
    ended = partial(_ended, watch=press.watch, language=press.language, replaces=replaces)
    await press.context.services.reply(press.update, ended)


WATCH_ACTIONS: Mapping[str, Callable[[WatchPress], Awaitable[None]]] = {
    "card": _show_card,
    "daily": _choose_hour,
    "hour": _set_hour,
    "now": _set_hour,
    "night": partial(_set_at_night, at_night=True),
    "quiet": partial(_set_at_night, at_night=False),
    "end": partial(_end, keeps=False),
    "stop": partial(_end, keeps=True),
}
