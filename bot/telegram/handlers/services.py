"""The services that handlers share, and how a handler replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from telegram import MaybeInaccessibleMessage, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.ext import CallbackContext, ExtBot

from bot.config.settings import Settings
from bot.operations.metrics import Metrics
from bot.storage import inbox, outbox
from bot.storage.conversations import DialoguePlace, language_of_person
from bot.storage.database import Database, DatabaseError
from bot.storage.inbox import Incoming, Outcome
from bot.storage.outbox import Destination, Draft
from bot.telegram.messages.keyboards import Button
from bot.telegram.messages.layout import Message
from bot.telegram.transport.rate_limiter import JSON

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from retrieval.answering.sanad import Sanad
    from retrieval.answering.suggestions import Suggestions
    from retrieval.index.index import Index
    from retrieval.types import Language

Make = Callable[["Connection"], Sequence[Draft]]  # the messages of a reply, with what else is written down


@dataclass(slots=True)
class Services:
    """What the handlers share."""

    settings: Settings
    database: Database
    index: Index
    sanad: Sanad
    threads: ThreadPoolExecutor  # in which questions are answered
    metrics: Metrics
    streams: bool  # an answer shows while a language model writes it
    quoting: Sanad  # answers without a language model
    suggestions: Suggestions
    take: Callable[[list[Incoming]], Awaitable[None]]  # writes updates down, and puts them into their queues
    cancelling: set[int] = field(default_factory=set)  # updates with /cancel that did end something
    newest_queries: dict[int, int] = field(default_factory=dict)  # of a person, the last inline query's update
    albums: dict[str, bool] = field(default_factory=dict)  # that were answered, and whether by their words
    remarked: dict[int, float] = field(default_factory=dict)  # when a chat was told that only words are read
    spent: dict[int, list[float]] = field(default_factory=dict)  # when people asked who had their traces deleted since
    interrupted: dict[int, DatabaseError] = field(default_factory=dict)  # what kept updates from being answered
    running: set[asyncio.Task[None]] = field(default_factory=set)  # what outlasts the update that began it

    async def reply(self, update: Update, make: Make, outcome: Outcome = "answered", *, quoting: bool = False) -> bool:
        """Owe the answer to an update, in one transaction with what belongs to it; `quoting` replies to its message.

        That to an edited message takes the place of what was answered before.

        Returns False, and leaves everything as it was, where the update was answered before.
        """
        place = destination_of(update)
        if quoting and update.message is not None:
            place = replace(place, reply_to=update.message.message_id)

        def work(connection: Connection) -> bool:
            if not inbox.record_answer(connection, update.update_id, outcome):
                return False
            drafts = make(connection)
            if outcome == "answered":  # a refusal leaves an earlier answer where it is
                drafts = outbox.in_place_of(connection, place.chat_id, versions_before(connection, update), drafts)
            outbox.owe(connection, update.update_id, place, drafts)
            return True

        is_first = await self.database.run(work)
        if is_first and outcome != "answered":
            self.metrics.count(outcome)
        return is_first

    async def say(
        self,
        update: Update,
        message: Message | Sequence[Message],
        outcome: Outcome = "answered",
        key: str = "",
        *,
        quoting: bool = False,
    ) -> bool:
        """Owe messages whose buttons stand for no answer, or for the one of that key."""
        messages = [message] if isinstance(message, Message) else message
        return await self.reply(update, lambda _: [draft_of(one, key) for one in messages], outcome, quoting=quoting)

    async def language(self, update: Update) -> Language:
        """Return the language in which to speak to whoever sent an update."""
        user, person = update.effective_user, person_of(update)
        if user is None or person is None:
            return "en"
        known = await self.database.run(lambda connection: language_of_person(connection, person))
        return known or client_language(user.language_code)


class Context(CallbackContext[ExtBot[JSON], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a handler is given beside the update."""

    @property
    def services(self) -> Services:
        """Return what the handlers share."""
        found: Services = self.bot_data["services"]
        return found


def draft_of(message: Message, key: str = "", replaces: int | None = None) -> Draft:
    """Return a message to owe; its buttons name what stands behind them by the key of an answer, or by a person."""
    keyboard = [[_written(button, key) for button in row] for row in message.buttons]
    return Draft(message.html, keyboard, replaces)


def _written(button: Button, key: str) -> Mapping[str, str]:
    """Return a button as Telegram writes it."""
    does = {"url": button.url} if button.url else {"callback_data": data_of(key, button.action)}
    return {"text": button.text, **does}


def data_of(key: str, action: str) -> str:
    """Return what a button sends.

    >>> data_of("mR5-x_8fQ2aZ", "source:2")
    'mR5-x_8fQ2aZ/source:2'
    """
    return f"{key}/{action}"


def behind(data: str) -> tuple[str, str]:
    """Return the key and the action that a button sends; nothing where it sends something else.

    >>> behind("mR5-x_8fQ2aZ/source:2"), behind("what")
    (('mR5-x_8fQ2aZ', 'source:2'), ('', ''))
    """
    key, slash, action = data.partition("/")
    return (key, action) if slash else ("", "")


def key_under(message: MaybeInaccessibleMessage | None) -> str:
    """Return the key that the buttons under a message of the bot name their answer by; nothing where there is none."""
    return next((key for key, action in buttons_under(message) if action), "")


def buttons_under(message: MaybeInaccessibleMessage | None) -> list[tuple[str, str]]:
    """Return the key and the action of each button under a message of the bot."""
    keyboard = message.reply_markup if isinstance(message, TelegramMessage) else None
    sent = (str(button.callback_data or "") for row in keyboard.inline_keyboard for button in row) if keyboard else ()
    return list(map(behind, sent))


def client_language(code: str | None) -> Language:
    """Return the language for somebody whose client says so.

    >>> client_language("ar-EG"), client_language("de"), client_language(None)
    ('ar', 'en', 'en')
    """
    return "ar" if (code or "").split("-")[0] == "ar" else "en"


ORIGIN = "telegram_id"  # where Telegram's number of an update stands in what the library makes of it


def as_numbered(incoming: Incoming) -> dict[str, Any]:
    """Return what came in with our own number of it in the place of Telegram's."""
    return {**incoming.payload, "update_id": incoming.update_id, ORIGIN: incoming.telegram_id}


def is_question(update: Update) -> bool:
    """Tell whether an update is a question that a pressed button asks, which the bot gave itself."""
    return int(update.api_kwargs.get(ORIGIN, 0)) < 0


def written_in(update: Update) -> TelegramMessage | None:
    """Return the message that a person has written or edited; None for an update of another kind."""
    return update.message or update.edited_message


def versions_before(connection: Connection, update: Update) -> list[int]:
    """Return the updates that brought an edited message before, the newest first; none for any other update."""
    edited = update.edited_message
    if edited is None:
        return []
    return inbox.earlier_versions(connection, edited.chat.id, edited.message_id, update.update_id)


def person_of(update: Update) -> int | None:
    """Return whose conversation an update belongs to: a person, or the channel or group in whose name one writes."""
    message, user = written_in(update), update.effective_user
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id
    return user.id if user else None


def conversation_of(update: Update) -> DialoguePlace | None:
    """Return whose conversation an update goes on, in its topic; None where it belongs to no chat or person."""
    chat, person = update.effective_chat, person_of(update)
    if chat is None or person is None:
        return None
    return DialoguePlace(chat.id, person, destination_of(update).thread_id or 0)


def destination_of(update: Update) -> Destination:
    """Return where the reply to an update goes: in a group to the message that asked or was pressed, in its topic."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        raise ValueError(f"update {update.update_id} belongs to no chat")
    if message is None:
        return Destination(chat.id)
    thread = message.message_thread_id if message.is_topic_message else None
    return Destination(chat.id, thread, message.message_id if chat.type != ChatType.PRIVATE else None)
