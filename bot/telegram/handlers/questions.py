"""A question and its answer: who may ask, what is shown meanwhile, what is owed and remembered."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from telegram import Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.operations.metrics import Counted
from bot.rendering.draft import AnswerDraft
from bot.rendering.texts import TextKey
from bot.storage.answer_codec import answer_of, body_of
from bot.storage.conversations import (
    DialoguePlace,
    add_answer,
    add_turn,
    answer_behind,
    focused_article,
    history,
    note_language,
    withdraw_answers,
)
from bot.storage.inbox import waiting_messages
from bot.storage.outbox import Draft
from bot.telegram.handlers.access import admit_question
from bot.telegram.handlers.mentions import Asked, is_reply_to
from bot.telegram.handlers.posts import only_points, statements_of
from bot.telegram.handlers.services import (
    Context,
    Services,
    conversation_of,
    destination_of,
    draft_of,
    key_under,
    versions_before,
    written_in,
)
from bot.telegram.handlers.sources import known_label
from bot.telegram.messages.layout import answer_messages, preview_html
from bot.telegram.transport.previews import Preview
from bot.telegram.transport.rate_limiter import HURRY, Bot
from retrieval.answering.answer_request import NO_FILTERS
from retrieval.answering.conversation import asked_in_full, turns_in
from retrieval.events import Event
from retrieval.nlp.analysis import language_of
from retrieval.types import Answer, AnswerOutcome, Article, Filters, Language, Turn

log = logging.getLogger(__name__)

OUTCOMES: Mapping[AnswerOutcome, Counted] = {
    "answered": "answered",
    "nearest": "declined",
    "not_covered": "declined",
    "reply": "replied",
}
TYPING_SECONDS = 4.5  # Telegram shows it for five
LAST_SIGN_SECONDS = 1.0  # that the answer waits for a sign on its way


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with the turns before it, the language of its answer, if that is not its own, and what may answer."""

    question: str
    before: Sequence[Turn] = ()
    language: Language | None = None
    filters: Filters = NO_FILTERS


async def answer_question(update: Update, context: Context, asked: Asked) -> None:
    """Answer what a person wrote, where they wrote it: by itself, or of the post or the answer that it points at."""
    services, question = context.services, asked.argument
    statements = [stated[: services.settings.telegram_longest_question] for stated in statements_of(asked.post)]
    if statements and (not question or only_points(question)):
        language = language_of(question) if question else await services.language(update)
        if instead := await admit_question(services, update, statements[0], language):  # before anything is searched
            await services.say(update, instead, "refused")
            return
        about = await asyncio.to_thread(_first_known, services, statements)
        await respond(update, context, about, language, heading="asked_of_post")
    elif statements:
        await respond(update, context, question, None, [Turn(statements[0], "")])
    elif not (only_points(question) and await _is_post_behind(services, update)):
        await respond(update, context, question or asked.post, None, await _replied_turns(update, context))


async def _is_post_behind(services: Services, update: Update) -> bool:
    """Tell whether a forwarded post waits to be answered: whoever forwards one with a remark sends the remark first."""
    message = written_in(update)
    if message is None or message.chat.type != ChatType.PRIVATE:
        return False
    waiting = await services.database.run(partial(waiting_messages, chat_id=message.chat.id))
    sent = (json.loads(payload).get("message") for payload in waiting)  # none where a pressed button asks
    return any(one and "forward_origin" in one and one["message_id"] > message.message_id for one in sent)


def _first_known(services: Services, statements: Sequence[str]) -> str:
    """Return the first statement of which the articles say something; the first of all where they do of none."""
    return next((stated for stated in statements if services.quoting.ask(stated).found), statements[0])


async def _replied_turns(update: Update, context: Context) -> Sequence[Turn] | None:
    """Return what was asked and answered in the bot's message that is replied to; None where it is no answer."""
    message = written_in(update)
    if message is None or not is_reply_to(message, context.bot.bot):
        return None
    key = key_under(message.reply_to_message)
    stored = await context.services.database.run(lambda connection: answer_behind(connection, key)) if key else None
    if stored is None or stored.chat_id != message.chat.id:
        return None
    return turns_in(answer_of(stored.body)) or None


async def respond(
    update: Update,
    context: Context,
    question: str,
    framed: Language | None,
    before: Sequence[Turn] | None = None,
    *,
    heading: TextKey | None = None,
) -> None:
    """Answer a question, after the turns before it: those of the conversation, where no others are given.

    `framed` is the answer's language for a question that nobody wrote, as one that a button stands for: it says all.
    The `heading` names it.
    """
    services, held = context.services, conversation_of(update)
    if held is None:
        return
    speaks = any(letter.isalpha() for letter in question)  # a number says nothing of its writer's language
    async with typing(context.bot, update):
        if framed is None and speaks:
            language = await services.database.run(
                partial(note_language, user_id=held.user_id, language=language_of(question))
            )
        else:
            language = await services.language(update)
        if instead := await admit_question(services, update, question, language):
            await services.say(update, instead, "refused")
            return
        if framed is not None:
            before = ()
        elif before is None:
            before = await services.database.run(
                lambda connection: history(connection, held, but=versions_before(connection, update))
            )
        what = question if services.settings.log_messages else f"{len(question)} characters"
        log.info("Asked: %s", what)
        about = None if heading == "asked_of_post" else await _focus(services, held)
        with services.metrics.timed("answering"):
            spoken = framed or (None if speaks else language)
            reply = await _find(update, context, Inquiry(question, before, spoken, _story(services, about)))
        suggestions = await asyncio.to_thread(services.suggestions.after, reply)
        label_of = known_label(services.index, reply)
        messages = await asyncio.to_thread(
            answer_messages, reply, label_of, suggestions, heading=heading, about=about.label if about else None
        )

    def make(connection: Connection) -> Sequence[Draft]:
        withdraw_answers(connection, versions_before(connection, update))
        if reply.outcome == "reply":  # the answer before it stays the last
            return [draft_of(message) for message in messages]
        for turn in turns_in(reply):
            add_turn(connection, held, turn, update.update_id)
        body = body_of(reply) | {"asked": asked_in_full(reply), "suggestions": suggestions}
        key = add_answer(connection, update.update_id, held, body)
        return [draft_of(message, key) for message in messages]

    if await services.reply(update, make):
        services.metrics.count(OUTCOMES[reply.outcome])


async def _focus(services: Services, held: DialoguePlace) -> Article | None:
    """Return the article that a conversation is about; None for all, and where it is gone."""
    article_id = await services.database.run(partial(focused_article, held=held))
    return await asyncio.to_thread(services.index.catalog.article, article_id) if article_id else None


def _story(services: Services, about: Article | None) -> Filters:
    """Return the filters that leave an article and what else tells its story; none where all may answer."""
    if about is None:
        return NO_FILTERS
    copies = services.index.catalog.copies_of(about.article_id)
    return Filters(articles=frozenset((about.article_id, *(copy.article_id for copy in copies))))


async def _find(update: Update, context: Context, inquiry: Inquiry) -> Answer:
    """Return the answer to a question, and show what is known of it while a language model writes it."""
    services, found = context.services, None
    draft = AnswerDraft(inquiry.language or language_of(inquiry.question))
    async with AsyncExitStack() as stack:
        preview: Preview | None = None
        if services.streams and update.edited_message is None:  # whose answer stands there already
            place = destination_of(update)
            preview = await stack.enter_async_context(Preview(context.bot, services.database, update.update_id, place))
        async for event in await stack.enter_async_context(aclosing(events(services, inquiry))):
            if isinstance(event, Answer):
                found = event
            elif preview is not None:
                draft = draft.after(event)
                label_of = known_label(services.index, draft.answer) if draft.answer else str
                preview.show(await asyncio.to_thread(preview_html, draft, label_of), is_stage=draft.answer is None)
    assert found is not None, "the answer comes last"
    return found


async def events(services: Services, inquiry: Inquiry) -> AsyncGenerator[Event, None]:
    """Yield what Sanad does for a question, as it happens in a thread; the answer comes last."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Event | Exception | None] = asyncio.Queue()
    over = threading.Event()

    def put(event: Event | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(queue.put_nowait, event)

    def produce() -> None:
        try:
            asked = inquiry.question, inquiry.before
            for event in services.sanad.stream(*asked, filters=inquiry.filters, language=inquiry.language):
                if over.is_set():
                    return
                put(event)
        except Exception as error:  # noqa: BLE001 - it is raised again where the question is answered
            put(error)
        finally:
            put(None)

    loop.run_in_executor(services.threads, produce)
    try:
        while (event := await queue.get()) is not None:
            if isinstance(event, Exception):
                raise event
            yield event
    finally:
        over.set()


@asynccontextmanager
async def typing(bot: Bot, update: Update) -> AsyncIterator[None]:
    """Show that an answer is being written, until it is."""
    sending = asyncio.Lock()
    task = asyncio.create_task(_type(bot, update, sending))
    try:
        yield
    finally:
        with suppress(TimeoutError):  # a sign that arrives after the answer would announce another
            async with asyncio.timeout(LAST_SIGN_SECONDS), sending:
                pass
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _type(bot: Bot, update: Update, sending: asyncio.Lock) -> None:
    place = destination_of(update)
    while True:
        async with sending:
            with suppress(TelegramError):  # a sign that is lost harms nobody
                await bot.send_chat_action(
                    place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id, rate_limit_args=HURRY
                )
        await asyncio.sleep(TYPING_SECONDS)
