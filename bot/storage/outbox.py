"""The outbox: a message that answers an update is owed until Telegram took it.

Each function is part of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from bot.storage.database import PARTS, UPDATES
from bot.storage.inbox import preview_of

MessageState = Literal["owed", "sending", "sent", "dropped"]

OPEN = PARTS.c.state.in_(("owed", "sending"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to owe: Telegram HTML, and rows of buttons as Telegram writes them.

    One without words takes the message that it replaces away.
    """

    html: str
    keyboard: Sequence[Sequence[Mapping[str, Any]]] = ()
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: a chat, its topic, and the message that it replies to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class OwedMessage:
    """A message that is owed; where it is being sent, it may have arrived."""

    part_id: int
    update_id: int
    place: Destination
    replaces: int | None
    html: str
    keyboard: Sequence[Sequence[Mapping[str, Any]]]


def owe(connection: Connection, update_id: int, place: Destination, drafts: Sequence[Draft]) -> list[int]:
    """Take the messages that answer an update, and return their numbers; the first takes the place of its preview."""
    preview = preview_of(connection, update_id)
    return [
        connection.execute(
            insert(PARTS)
            .values(
                update_id=update_id,
                position=position,
                chat_id=place.chat_id,
                thread_id=place.thread_id,
                reply_to=place.reply_to if position == 0 else None,
                replaces=draft.replaces or (preview if position == 0 else None),
                html=draft.html,
                keyboard=json.dumps(draft.keyboard, ensure_ascii=False) if draft.keyboard else None,
                state="owed",
            )
            .returning(PARTS.c.part_id)
        ).scalar_one()
        for position, draft in enumerate(drafts)
    ]


def in_place_of(connection: Connection, chat_id: int, updates: Sequence[int], drafts: Sequence[Draft]) -> list[Draft]:
    """Return an answer's messages so that they take the places of an earlier one's there; what is left of it goes.

    The earlier one is the first of some updates, the newest first, that Telegram took messages for.
    """
    arrived = (PARTS.c.state == "sent") & PARTS.c.message_id.is_not(None) & (PARTS.c.chat_id == chat_id)
    for update_id in updates:
        wanted = select(PARTS.c.message_id).where(PARTS.c.update_id == update_id, arrived).order_by(PARTS.c.position)
        if shown := list(connection.execute(wanted).scalars()):
            placed = [replace(draft, replaces=number) for draft, number in zip(drafts, shown, strict=False)]
            return [*placed, *drafts[len(shown) :], *(Draft("", (), number) for number in shown[len(drafts) :])]
    return list(drafts)


def owed(connection: Connection, update_id: int) -> list[OwedMessage]:
    """Return the messages of an answer that Telegram did not take yet, or perhaps did, in order."""
    wanted = select(PARTS).where(PARTS.c.update_id == update_id, OPEN)
    return [_owed(row) for row in connection.execute(wanted.order_by(PARTS.c.position))]


def oldest_owed(connection: Connection, chat_id: int, but: Collection[int] = ()) -> int | None:
    """Return the message that a chat waits for longest, whatever it answers; some messages are not looked at."""
    wanted = select(PARTS.c.part_id).where(PARTS.c.chat_id == chat_id, OPEN, PARTS.c.part_id.not_in(but))
    return connection.execute(wanted.order_by(PARTS.c.part_id).limit(1)).scalar()


def owed_message(connection: Connection, part_id: int) -> OwedMessage:
    """Return a message by its number here."""
    return _owed(connection.execute(select(PARTS).where(PARTS.c.part_id == part_id)).one())


def mark(connection: Connection, part_id: int, state: MessageState, message_id: int | None = None) -> None:
    """Note what became of a message, with the number that Telegram gave it; the text of one that arrived is forgotten.

    What is being sent is noted before, and may have arrived until the note after says whether it has.
    """
    values: dict[str, object] = {"state": state, "message_id": message_id}
    if state in ("sent", "dropped"):
        values |= {"html": "", "keyboard": None}
    connection.execute(update(PARTS).where(PARTS.c.part_id == part_id).values(values))


def drop_chat(connection: Connection, chat_id: int) -> None:
    """Give up what is owed to a chat that cannot be written to any more."""
    connection.execute(
        update(PARTS).where(PARTS.c.chat_id == chat_id, OPEN).values(state="dropped", html="", keyboard=None)
    )


def move_owed(connection: Connection, old: int, new: int) -> None:
    """Let everything that is owed to a chat go where the chat went; its messages have other numbers there, or none."""
    there = {"chat_id": new, "reply_to": None, "replaces": None, "message_id": None}
    connection.execute(update(PARTS).where(PARTS.c.chat_id == old).values(there))
    connection.execute(update(UPDATES).where(UPDATES.c.chat_id == old).values(preview_id=None))


def _owed(row: Row[Any]) -> OwedMessage:
    return OwedMessage(
        part_id=row.part_id,
        update_id=row.update_id,
        place=Destination(chat_id=row.chat_id, thread_id=row.thread_id, reply_to=row.reply_to),
        replaces=row.replaces,
        html=row.html,
        keyboard=json.loads(row.keyboard) if row.keyboard else (),
    )
