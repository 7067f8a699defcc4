"""Taps on the buttons under answers and passages.

What a button stands for is in the database, under the key of its answer, and is done for whom the answer was given to:
in a private chat for that person, in a group for those who are there. Each tap is answered at once and once, whoever
made it and whatever became of the answer since.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.rendering.texts import TextKey
from bot.storage.conversations import Kept, Verdict, answer_behind, rate
from bot.storage.database import now
from bot.storage.ledger import Incoming
from bot.telegram.handlers.questions import respond
from bot.telegram.handlers.services import Context, behind, destination_of, draft_of, is_question
from bot.telegram.handlers.sources import Changed, Shown, around, beside, cited
from bot.telegram.messages.replies import toast, told
from bot.telegram.transport.chat_queues import lane_of
from bot.telegram.transport.retries import kind

if TYPE_CHECKING:
    from telegram import CallbackQuery

    from retrieval.types import Language

log = logging.getLogger(__name__)

TWICE_SECONDS = 3.0  # after a tap, in which the same one is taken for a slip of the finger
MOST_TAPS = 1000  # remembered for that
OF_BEFORE = re.compile(r"[0-9]{1,11}")  # a number, which answers had before they had keys, and which came back
THANKS: Mapping[Verdict, TextKey] = {"good": "thanks", "bad": "thanks_bad", "wrong_source": "thanks_source"}


@dataclass(slots=True)
class Tap:
    """A tap on a button of an answer that is kept."""

    update: Update
    context: Context
    query: CallbackQuery
    language: Language  # of whoever tapped
    key: str
    argument: str
    kept: Kept
    is_answered: bool = False

    @property
    def is_own(self) -> bool:
        """Tell whether who tapped had asked."""
        return self.query.from_user.id == self.kept.user_id

    async def answer(self, key: TextKey | None = None, **values: object) -> None:
        """Answer the tap, with a word that shows for a moment or without."""
        if not self.is_answered:
            self.is_answered = True
            await settle_callback(self.query, toast(self.language, key, **values) if key else None)


async def tapped(update: Update, context: Context) -> None:
    """Do what a button stands for."""
    query = update.callback_query
    if query is None:
        return
    key, action = behind(query.data or "")
    name, _, argument = action.partition(":")
    chat = query.message.chat if query.message else None
    desk = context.desk
    kept = await desk.database.run(lambda connection: answer_behind(connection, key)) if key and chat else None
    if is_question(update):
        if kept is None:
            await desk.say(update, told(await desk.language(update), "answer_gone"), "apologised")
        elif question := _question(kept, name, argument):
            await respond(update, context, *question)
        return
    language = await desk.language(update)
    act = ACTIONS.get(name)
    if act is None or chat is None or not key:
        await settle_callback(query, None)
    elif OF_BEFORE.fullmatch(key):
        await settle_callback(query, toast(language, "button_before"))
    elif kept is None or kept.chat_id != chat.id:
        await settle_callback(query, toast(language, "answer_gone"))
    else:
        tap = Tap(update, context, query, language, key, argument, kept)
        try:
            if not tap.is_own and (name not in FOR_ALL or chat.type == ChatType.PRIVATE):
                await tap.answer("not_yours")
            elif not _is_again(tap):
                await act(tap)
        finally:
            await tap.answer()


async def settle_callback(query: CallbackQuery, text: str | None) -> None:
    """Answer a tap; one that Telegram will not have answered any more is let go."""
    try:
        try:
            await query.answer(text)
        except BadRequest:
            raise
        except NetworkError:
            await query.answer(text)  # once more: until it is answered, the button shows that it waits
    except TelegramError as error:
        log.info("A tap could not be answered: %s", kind(error))


async def _show_source(tap: Tap) -> None:
    """Show a quote in its place in the article, in a message of its own."""
    citation = cited(tap.kept.body, tap.argument)
    if citation is None:
        return
    shown = await asyncio.to_thread(around, tap.context.desk.index, citation, tap.kept.body["language"])
    await _give(tap, shown, None)


async def _turn_page(tap: Tap) -> None:
    """Show another passage in the place of the one that has the button."""
    number, _, start = tap.argument.partition(":")
    citation = cited(tap.kept.body, number)
    if citation is None or not (start.isascii() and start.isdecimal()):
        return
    shown = await asyncio.to_thread(beside, tap.context.desk.index, citation, int(start), tap.kept.body["language"])
    accessible = isinstance(tap.query.message, TelegramMessage)
    await _give(tap, shown, tap.query.message.message_id if accessible and tap.query.message else None)


async def _give(tap: Tap, shown: Shown | Changed, replaces: int | None) -> None:
    """Owe the messages that show a passage; the first takes the place of another where there is one."""
    if isinstance(shown, Changed):
        await tap.answer(shown.reason)
        return
    if shown.number:
        await tap.answer("passage_of", number=shown.number, last=shown.last)
    else:
        await tap.answer()
    drafts = [draft_of(message, tap.key) for message in shown.messages]
    drafts[0] = replace(drafts[0], replaces=replaces)
    await tap.context.desk.reply(tap.update, lambda _: drafts)


async def _rate(tap: Tap, verdict: Verdict) -> None:
    user = tap.query.from_user.id
    await tap.context.desk.database.run(lambda connection: rate(connection, tap.kept.answer_id, user, verdict))
    has_sources = bool(tap.kept.body["citations"])
    await tap.answer("thanks" if verdict == "bad" and not has_sources else THANKS[verdict])


async def _good(tap: Tap) -> None:
    await _rate(tap, "good")


async def _bad(tap: Tap) -> None:
    await _rate(tap, "bad")


async def _wrong_source(tap: Tap) -> None:
    await _rate(tap, "wrong_source")


async def _ask(tap: Tap) -> None:
    """Ask what the button says: as an update of its own in its asker's lane, so that it waits for what came before."""
    if not _question(tap.kept, behind(tap.query.data or "")[1].partition(":")[0], tap.argument):
        return
    await tap.answer()
    number, chat, user = -tap.update.update_id, tap.kept.chat_id, tap.query.from_user.id
    payload = {"update_id": number, "callback_query": tap.query.to_dict()}
    lane = lane_of(chat, destination_of(tap.update).thread_id, user)
    asked = Incoming(number, "message", lane, chat, user, None, now(), payload)
    await tap.context.desk.take([asked])


def _question(kept: Kept, name: str, argument: str) -> tuple[str, Language] | None:
    """Return the question that a button stands for, and the language of its answer."""
    language: Language = kept.body["language"]
    if name == "other_language":
        return kept.body["asked"], "en" if language == "ar" else "ar"
    suggestions = kept.body["suggestions"]
    if argument.isascii() and argument.isdecimal() and int(argument) < len(suggestions):
        return suggestions[int(argument)], language
    return None


def _is_again(tap: Tap) -> bool:
    """Tell whether the tap before, of the same person under the same message, was the same a moment ago."""
    taps: dict[tuple[int, int], tuple[str, float]] = tap.context.bot_data.setdefault("taps", {})
    message, data, moment = tap.query.message, tap.query.data or "", time.monotonic()
    where = (tap.query.from_user.id, message.message_id if message else 0)
    before, at = taps.pop(where, ("", 0.0))
    taps[where] = (data, moment)
    while len(taps) > MOST_TAPS:
        del taps[next(iter(taps))]
    return before == data and moment - at < TWICE_SECONDS


FOR_ALL = ("source", "passage")
ACTIONS: Mapping[str, Callable[[Tap], Awaitable[None]]] = {
    "source": _show_source,
    "passage": _turn_page,
    "good": _good,
    "bad": _bad,
    "wrong_source": _wrong_source,
    "other_language": _ask,
    "ask": _ask,
}
