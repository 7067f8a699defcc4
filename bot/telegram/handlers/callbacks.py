"""Presses of the buttons under answers and passages.

What a button stands for is in the database, under the key of its answer, and is done for whom the answer was given to:
in a private chat for that person, in a group for those who are there. Each press is answered at once and once, whoever
made it and whatever became of the answer since.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.rendering.judgements import Verdict
from bot.rendering.texts import TextKey
from bot.storage.conversations import StoredAnswer, answer_behind, begin_dialogue
from bot.storage.database import now
from bot.storage.feedback import give_reason, rate
from bot.storage.inbox import Incoming
from bot.telegram.handlers.access import admit_question
from bot.telegram.handlers.questions import respond
from bot.telegram.handlers.services import (
    Context,
    behind,
    buttons_under,
    conversation_of,
    destination_of,
    draft_of,
    is_question,
    person_of,
)
from bot.telegram.handlers.sources import Changed, Shown, around, beside, cited
from bot.telegram.handlers.timelines import give_timeline
from bot.telegram.messages.bidi import INVISIBLE
from bot.telegram.messages.keyboards import REASONS, reason_buttons
from bot.telegram.messages.replies import toast, told
from bot.telegram.messages.texts import label
from bot.telegram.transport.chat_queues import queue_of
from bot.telegram.transport.retries import kind
from retrieval.nlp.analysis import language_of

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import CallbackQuery

    from bot.storage.outbox import Draft
    from retrieval.types import Language

log = logging.getLogger(__name__)

TWICE_SECONDS = 3.0  # after a press, in which the same one is taken for a slip of the finger
MOST_PRESSES = 1000  # remembered for that
OF_BEFORE = re.compile(r"[0-9]{1,11}")  # a number, which answers had before they had keys, and which came back
GREETING = "start"  # the key of the buttons under a greeting
EXAMPLES = rf"^{GREETING}/example:"  # of what they send
THANKS: Mapping[Verdict, TextKey] = {"good": "thanks", "bad": "thanks_bad", "wrong_source": "thanks_source"}


@dataclass(slots=True)
class Press:
    """A press on a button of an answer that is stored."""

    update: Update
    context: Context
    query: CallbackQuery
    language: Language  # of whoever pressed it
    key: str
    argument: str
    stored: StoredAnswer
    is_answered: bool = False

    @property
    def is_own(self) -> bool:
        """Tell whether who pressed it had asked."""
        return self.query.from_user.id == self.stored.user_id

    async def answer(self, key: TextKey | None = None, **values: object) -> None:
        """Answer the press, with a word that shows for a moment or without."""
        if not self.is_answered:
            self.is_answered = True
            await settle_callback(self.query, toast(self.language, key, **values) if key else None)


async def handle_press(update: Update, context: Context) -> None:
    """Do what a button stands for."""
    query = update.callback_query
    if query is None:
        return
    key, action = behind(query.data or "")
    name, _, argument = action.partition(":")
    chat = query.message.chat if query.message else None
    services = context.services
    stored = await services.database.run(lambda connection: answer_behind(connection, key)) if key and chat else None
    if is_question(update):
        if stored is None:
            await services.say(update, told(await services.language(update), "answer_gone"), "apologised")
        elif question := _question(stored, name, argument):
            await respond(update, context, *question, heading="asked")
        return
    language = await services.language(update)
    act = ACTIONS.get(name)
    if act is None or chat is None or not key:
        await settle_callback(query, None)
    elif OF_BEFORE.fullmatch(key):
        await settle_callback(query, toast(language, "button_before"))
    elif stored is None or stored.chat_id != chat.id:
        await settle_callback(query, toast(language, "answer_gone"))
    else:
        press = Press(update, context, query, language, key, argument, stored)
        try:
            if not press.is_own and (name not in FOR_ALL or chat.type == ChatType.PRIVATE):
                await press.answer("not_yours")
            elif not _note_press(context, query):
                await act(press)
        finally:
            await press.answer()


async def settle_callback(query: CallbackQuery, text: str | None) -> None:
    """Answer a press; one that Telegram will not have answered any more is dropped."""
    try:
        try:
            await query.answer(text)
        except BadRequest:
            raise
        except NetworkError:
            await query.answer(text)  # once more: until it is answered, the button shows that it waits
    except TelegramError as error:
        log.info("A press could not be answered: %s", kind(error))


async def handle_example_press(update: Update, context: Context) -> None:
    """Ask what a button under a greeting says; Telegram sends its words along with the press."""
    query = update.callback_query
    question = _said_on(query) if query else ""
    if query is None or (is_question(update) and not question):
        return
    if is_question(update):
        await respond(update, context, question, language_of(question), heading="asked")
        return
    await settle_callback(query, None)
    if question and not _note_press(context, query):
        await _queue(update, context, query)


def _said_on(query: CallbackQuery) -> str:
    """Return what stands on the pressed button; nothing where its message is too old for Telegram to send it."""
    message = query.message
    keyboard = message.reply_markup if isinstance(message, TelegramMessage) else None
    buttons = [button for row in keyboard.inline_keyboard for button in row] if keyboard else []
    said = next((button.text for button in buttons if button.callback_data == query.data), "")
    return said.translate(dict.fromkeys(map(ord, INVISIBLE)))


async def _show_source(press: Press) -> None:
    """Show a quote in its place in the article, in a message of its own."""
    citation = cited(press.stored.body, press.argument)
    if citation is None:
        return
    shown = await asyncio.to_thread(around, press.context.services.index, citation, press.stored.body["language"])
    await _give(press, shown, None)


async def _turn_page(press: Press) -> None:
    """Show another passage in the place of the one that has the button."""
    number, _, start = press.argument.partition(":")
    citation = cited(press.stored.body, number)
    if citation is None or not (start.isascii() and start.isdecimal()):
        return
    shown = await asyncio.to_thread(
        beside, press.context.services.index, citation, int(start), press.stored.body["language"]
    )
    accessible = isinstance(press.query.message, TelegramMessage)
    await _give(press, shown, press.query.message.message_id if accessible and press.query.message else None)


async def _give(press: Press, shown: Shown | Changed, replaces: int | None) -> None:
    """Owe the messages that show a passage; the first takes the place of another where there is one."""
    if isinstance(shown, Changed):
        await press.answer(shown.reason)
        return
    if shown.number:
        await press.answer("passage_of", number=shown.number, last=shown.last)
    else:
        await press.answer()
    drafts = [draft_of(message, press.key) for message in shown.messages]
    drafts[0] = replace(drafts[0], replaces=replaces)
    await press.context.services.reply(press.update, lambda _: drafts)


async def _go_on_with_timeline(press: Press) -> None:
    """Show the next statements of a timeline, in messages of their own."""
    start, kept, services = press.argument, press.stored.body, press.context.services
    if not (start.isascii() and start.isdecimal()):
        return
    await press.answer()
    if refusal := await admit_question(services, press.update, kept["asked"], press.language):
        await services.say(press.update, refusal, "refused")
    else:
        await give_timeline(services, press.update, kept["asked"], int(start), kept["language"])


async def _rate(press: Press, verdict: Verdict) -> None:
    """Keep a rating; of one that is bad, ask why."""
    rated = partial(rate, answer_id=press.stored.answer_id, user_id=press.query.from_user.id, verdict=verdict)
    services = press.context.services
    is_new = await services.database.run(rated)
    has_sources = bool(press.stored.body["citations"])
    await press.answer("thanks" if verdict == "bad" and not has_sources else THANKS[verdict])
    if is_new and verdict == "bad":
        asked = told(press.language, "why_bad", reason_buttons(press.language))
        await services.say(press.update, asked, key=press.key)


async def _give_reason(press: Press) -> None:
    """Keep why an answer is bad, and say so in the place of the question why."""
    reason = next((one for one in REASONS if one == press.argument), None)
    if reason is None:
        return
    given = partial(give_reason, answer_id=press.stored.answer_id, user_id=press.stored.user_id, reason=reason)
    services, message = press.context.services, press.query.message
    await services.database.run(given)
    await press.answer("why_other" if reason == "other" else "thanks")
    if isinstance(message, TelegramMessage) and reason != "other":
        chosen = label(press.language, REASONS[reason])
        noted = told(press.language, "why_noted", reason_buttons(press.language), reason=chosen)
        drafts = [draft_of(noted, press.key, replaces=message.message_id)]
        await services.reply(press.update, lambda _: drafts)


async def take_reason(update: Update, context: Context, words: str) -> bool:
    """Keep the words of a reply to the question why an answer is bad; return False where it is no such reply."""
    services, replied = context.services, update.message.reply_to_message if update.message else None
    asked = [key for key, action in buttons_under(replied) if action.startswith("reason:")]
    stored = await services.database.run(partial(answer_behind, token=asked[0])) if asked and words else None
    if stored is None or stored.user_id != person_of(update) or (replied and replied.chat.id != stored.chat_id):
        return False
    language = await services.language(update)

    def make(connection: Connection) -> Sequence[Draft]:
        give_reason(connection, stored.answer_id, stored.user_id, words=words)
        return [draft_of(told(language, "thanks"))]

    await services.reply(update, make)
    return True


async def _ask(press: Press) -> None:
    """Ask what the button says: as an update of its own in its asker's queue, so that it waits for what came before."""
    if not _question(press.stored, behind(press.query.data or "")[1].partition(":")[0], press.argument):
        return
    await press.answer()
    await _queue(press.update, press.context, press.query)


async def _leave(press: Press) -> None:
    """Let the next questions be about all articles again."""
    held = conversation_of(press.update)
    if held is not None:
        await press.context.services.database.run(partial(begin_dialogue, held=held))
        await press.answer("unfocused")


async def _queue(update: Update, context: Context, query: CallbackQuery) -> None:
    place, number, user = destination_of(update), -update.update_id, query.from_user.id
    payload = {"update_id": number, "callback_query": query.to_dict()}
    queue = queue_of(place.chat_id, place.thread_id, user)
    asked = Incoming(number, "message", queue, place.chat_id, user, None, now(), payload)
    await context.services.take([asked])


def _question(stored: StoredAnswer, name: str, argument: str) -> tuple[str, Language] | None:
    """Return the question that a button stands for, and the language of its answer."""
    language: Language = stored.body["language"]
    if name == "other_language":
        return stored.body["asked"], "en" if language == "ar" else "ar"
    suggestions = stored.body["suggestions"]
    if argument.isascii() and argument.isdecimal() and int(argument) < len(suggestions):
        return suggestions[int(argument)], language
    return None


def _note_press(context: Context, query: CallbackQuery) -> bool:
    """Remember a press; return whether the one before it, of that person under that message, was the same just now."""
    presses: dict[tuple[int, int], tuple[str, float]] = context.bot_data.setdefault("presses", {})
    message, data, moment = query.message, query.data or "", time.monotonic()
    where = (query.from_user.id, message.message_id if message else 0)
    before, at = presses.pop(where, ("", 0.0))
    presses[where] = (data, moment)
    while len(presses) > MOST_PRESSES:
        del presses[next(iter(presses))]
    return before == data and moment - at < TWICE_SECONDS


FOR_ALL = ("source", "passage")
ACTIONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    "source": _show_source,
    "passage": _turn_page,
    "timeline": _go_on_with_timeline,
    **{verdict: partial(_rate, verdict=verdict) for verdict in THANKS},
    "other_language": _ask,
    "ask": _ask,
    "leave": _leave,
    "reason": _give_reason,
}
