"""A question and its answer: who may ask, what is shown meanwhile, what is owed and remembered."""

from __future__ import annotations

import asyncio
import html
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.conversations import add_answer, add_turn, history, remember_language
from bot.ledger import Draft
from bot.render import answer_json, plain_text
from bot.telegram.access import refusal
from bot.telegram.desk import Context, Desk
from bot.telegram.phrases import phrase
from retrieval.arabic import language_of
from retrieval.types import Answer, Event, Turn

if TYPE_CHECKING:
    from telegram.ext import ExtBot

    from bot.telegram.pace import JSON

log = logging.getLogger(__name__)

TYPING_SECONDS = 4.5  # Telegram shows it for five
HURRY = {"hurry": True}


async def answer_text(update: Update, context: Context) -> None:
    """Answer a text as a question."""
    message = update.message
    if message is not None and message.text:
        await answer(update, context, message.text)


async def answer(update: Update, context: Context, question: str) -> None:
    """Answer a question where it was asked."""
    desk, chat, user = context.desk, update.effective_chat, update.effective_user
    if chat is None or user is None:
        return
    async with typing(context.bot, update):
        reason = await refusal(desk, update, question)
        if reason is not None:
            await desk.say(update, phrase(await desk.language(update), reason), "refused")
            return
        before = await desk.database.run(lambda connection: history(connection, chat.id, user.id))
        found: Answer | None = None
        async for event in events(desk, question, before):
            if isinstance(event, Answer):
                found = event
        assert found is not None
        reply = found

    def make(connection: Connection) -> Sequence[Draft]:
        remember_language(connection, user.id, language_of(question))
        if turn := turn_of(reply):
            add_turn(connection, chat.id, user.id, turn)
        add_answer(connection, update.update_id, chat.id, user.id, answer_json(reply))
        return [Draft(html.escape(plain_text(reply), quote=False))]

    await desk.reply(update, make)


def turn_of(found: Answer) -> Turn | None:
    """Return what a follow-up may lean on; a refused subject is the subject now."""
    asked = found.explanation.asked if found.explanation else found.question
    if found.found or (found.explanation and found.explanation.words):
        return Turn(asked, plain_text(found))
    return None


async def events(desk: Desk, question: str, before: Sequence[Turn]) -> AsyncIterator[Event]:
    """Yield what Sanad does for a question, as it happens in a thread; the answer comes last."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Event | Exception | None] = asyncio.Queue()
    over = threading.Event()

    def put(event: Event | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(queue.put_nowait, event)

    def produce() -> None:
        try:
            for event in desk.sanad.stream(question, before):
                if over.is_set():
                    return
                put(event)
        except Exception as error:  # noqa: BLE001 - it is raised again where the question is answered
            put(error)
        finally:
            put(None)

    loop.run_in_executor(desk.threads, produce)
    try:
        while (event := await queue.get()) is not None:
            if isinstance(event, Exception):
                raise event
            yield event
    finally:
        over.set()


@asynccontextmanager
async def typing(bot: ExtBot[JSON], update: Update) -> AsyncIterator[None]:
    """Show that an answer is being written, until it is."""
    task = asyncio.create_task(_type(bot, update))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _type(bot: ExtBot[JSON], update: Update) -> None:
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        return
    thread = message.message_thread_id if message and message.is_topic_message else None
    while True:
        with suppress(TelegramError):  # a sign that is lost harms nobody
            await bot.send_chat_action(chat.id, ChatAction.TYPING, message_thread_id=thread, rate_limit_args=HURRY)
        await asyncio.sleep(TYPING_SECONDS)
