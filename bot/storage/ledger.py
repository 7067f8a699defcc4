"""What came in and what is owed: an update is here before Telegram forgets it, an answer until Telegram took it.

An update is accepted, then answered (its messages are owed), then done. Each function is part of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select, update

from bot.storage.database import PARTS, UPDATES, USES, insert_new, now

Outcome = Literal["answered", "cancelled", "refused", "apologised", "late", "ignored", "failed"]
PartState = Literal["owed", "sending", "sent", "dropped"]

OPEN = PARTS.c.state.in_(("owed", "sending"))
# Seconds. Telegram repeats no update after 24 hours, and after a week of silence it begins its numbers anew.
REMEMBERED = 48 * 3600


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came; `lane` names what keeps its order with it."""

    telegram_id: int  # Telegram's number of it; a question that a button asks has the tap's, below zero
    kind: str
    lane: str
    chat_id: int | None
    user_id: int | None
    message_id: int | None
    sent_at: float
    payload: Mapping[str, Any]
    is_answered: bool = False  # its messages are owed already
    update_id: int = field(default=0, compare=False)  # our own number, once it is written down
    taken_at: float = field(default_factory=now, compare=False)  # by this process


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to owe: Telegram HTML, and rows of buttons as Telegram writes them."""

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


def record(connection: Connection, bot_id: int, incoming: Sequence[Incoming]) -> list[Incoming]:
    """Write updates of a bot down, and return those that are new, with the numbers that they have here."""
    if not incoming:
        return []
    _release(connection, bot_id, [one.telegram_id for one in incoming])
    rows = [
        {
            "bot_id": bot_id,
            "telegram_id": one.telegram_id,
            "kind": one.kind,
            "lane": one.lane,
            "chat_id": one.chat_id,
            "user_id": one.user_id,
            "message_id": one.message_id,
            "sent_at": one.sent_at,
            "received_at": one.taken_at,
            "payload": json.dumps(one.payload, ensure_ascii=False),
            "state": "accepted",
        }
        for one in incoming
    ]
    statement = insert_new(connection, UPDATES).values(rows).returning(UPDATES.c.telegram_id, UPDATES.c.update_id)
    own = {row.telegram_id: row.update_id for row in connection.execute(statement)}
    return [replace(one, update_id=own[one.telegram_id]) for one in incoming if one.telegram_id in own]


def _release(connection: Connection, bot_id: int, numbers: Sequence[int]) -> None:
    """Let go of Telegram's numbers that are too old to name the same update still, whatever became of it."""
    old = (UPDATES.c.received_at < now() - REMEMBERED) & UPDATES.c.telegram_id.in_(numbers)
    connection.execute(update(UPDATES).where(old, UPDATES.c.bot_id == bot_id).values(telegram_id=None))


def adopt(connection: Connection, bot_id: int) -> None:
    """Take what was written down before bots were told apart for this bot's."""
    connection.execute(update(UPDATES).where(UPDATES.c.bot_id.is_(None)).values(bot_id=bot_id))


def unfinished(connection: Connection, bot_id: int) -> list[Incoming]:
    """Return what was accepted for a bot and is not done, the oldest first."""
    wanted = select(UPDATES).where(UPDATES.c.bot_id == bot_id, UPDATES.c.state != "done").order_by(UPDATES.c.update_id)
    return [_incoming(row, json.loads(row.payload)) for row in connection.execute(wanted)]


def _incoming(row: Row[Any], payload: Mapping[str, Any]) -> Incoming:
    return Incoming(
        payload["update_id"],
        row.kind,
        row.lane,
        row.chat_id,
        row.user_id,
        row.message_id,
        row.sent_at,
        payload,
        row.state == "answered",
        row.update_id,
    )


def record_answer(connection: Connection, update_id: int, outcome: Outcome) -> bool:
    """Note that an update is answered; return False where it was before."""
    waiting = (UPDATES.c.update_id == update_id) & (UPDATES.c.state == "accepted")
    answered = connection.execute(update(UPDATES).where(waiting).values(state="answered", outcome=outcome))
    return bool(answered.rowcount)


def owe(connection: Connection, update_id: int, place: Destination, drafts: Sequence[Draft]) -> None:
    """Take the messages that answer an update; the first takes the place of its preview."""
    preview = connection.execute(select(UPDATES.c.preview_id).where(UPDATES.c.update_id == update_id)).scalar()
    for position, draft in enumerate(drafts):
        connection.execute(
            PARTS.insert().values(
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
        )


def owed(connection: Connection, update_id: int) -> list[OwedMessage]:
    """Return the messages of an answer that Telegram did not take yet, or perhaps did, in order."""
    wanted = select(PARTS).where(PARTS.c.update_id == update_id, OPEN)
    return [_part(row) for row in connection.execute(wanted.order_by(PARTS.c.position))]


def oldest_owed(connection: Connection, chat_id: int, but: Collection[int] = ()) -> int | None:
    """Return the message that a chat waits for longest, whatever it answers; some messages are not looked at."""
    wanted = select(PARTS.c.part_id).where(PARTS.c.chat_id == chat_id, OPEN, PARTS.c.part_id.not_in(but))
    return connection.execute(wanted.order_by(PARTS.c.part_id).limit(1)).scalar()


def part(connection: Connection, part_id: int) -> OwedMessage:
    """Return a message by its number in the ledger."""
    return _part(connection.execute(select(PARTS).where(PARTS.c.part_id == part_id)).one())


def mark(connection: Connection, part_id: int, state: PartState, message_id: int | None = None) -> None:
    """Note what became of a message, with the number that Telegram gave it; the text of one that arrived is forgotten.

    What is being sent is noted before, and may have arrived until the note after says whether it has.
    """
    values: dict[str, object] = {"state": state, "message_id": message_id}
    if state in ("sent", "dropped"):
        values |= {"html": "", "keyboard": None}
    connection.execute(update(PARTS).where(PARTS.c.part_id == part_id).values(values))


def keep_preview(connection: Connection, update_id: int, message_id: int | None) -> None:
    """Note which message shows an answer while it is being written."""
    row = update(UPDATES).where(UPDATES.c.update_id == update_id)
    connection.execute(row.values(preview_id=message_id))


def preview_of(connection: Connection, update_id: int) -> int | None:
    """Return the message that shows an answer while it is being written."""
    found: int | None = connection.execute(
        select(UPDATES.c.preview_id).where(UPDATES.c.update_id == update_id)
    ).scalar_one_or_none()
    return found


def finish(connection: Connection, update_id: int) -> None:
    """Note that nothing more is to be done for an update, and forget what it said."""
    row = update(UPDATES).where(UPDATES.c.update_id == update_id)
    connection.execute(row.values(state="done", payload=None))


def drop_chat(connection: Connection, chat_id: int) -> None:
    """Give up what is owed to a chat that cannot be written to any more."""
    connection.execute(
        update(PARTS).where(PARTS.c.chat_id == chat_id, OPEN).values(state="dropped", html="", keyboard=None)
    )


def move_owed(connection: Connection, old: int, new: int) -> None:
    """Let everything that is owed to a chat go where the chat went; its messages have other numbers there."""
    there = {"chat_id": new, "reply_to": None, "replaces": None}
    connection.execute(update(PARTS).where(PARTS.c.chat_id == old).values(there))
    connection.execute(update(UPDATES).where(UPDATES.c.chat_id == old).values(preview_id=None))


def prune(connection: Connection) -> None:
    """Forget what is done and cannot come again."""
    old = (UPDATES.c.state == "done") & (UPDATES.c.received_at < now() - REMEMBERED)
    connection.execute(delete(PARTS).where(PARTS.c.update_id.in_(select(UPDATES.c.update_id).where(old))))
    connection.execute(delete(UPDATES).where(old))
    connection.execute(delete(USES).where(USES.c.used_at < now() - REMEMBERED))


def _part(row: Row[Any]) -> OwedMessage:
    return OwedMessage(
        row.part_id,
        row.update_id,
        Destination(row.chat_id, row.thread_id, row.reply_to),
        row.replaces,
        row.html,
        json.loads(row.keyboard) if row.keyboard else (),
    )
