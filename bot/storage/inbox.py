"""The inbox: an update is written down before Telegram forgets it, and stays until it is done.

An update is accepted, then answered (its messages are owed, see `bot.storage.outbox`), then done. Each function is part
of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from bot.storage.database import UPDATES, insert_new, now

Outcome = Literal["answered", "cancelled", "refused", "apologised", "late", "ignored", "failed"]

# Seconds. Telegram repeats no update after 24 hours, and after a week of silence it begins its numbers anew.
REMEMBERED = 48 * 3600
EDITED = "edited_message"
WRITTEN = ("message", EDITED)  # kinds of updates that bring what a person wrote in a chat


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came; `queue` names what keeps its order with it."""

    telegram_id: int  # Telegram's number of it; a question that a button asks has the callback's, below zero
    kind: str
    queue: str
    chat_id: int | None
    user_id: int | None
    message_id: int | None
    sent_at: float
    payload: Mapping[str, Any]
    is_answered: bool = False  # its messages are owed already
    update_id: int = field(default=0, compare=False)  # our own number, once it is written down
    taken_at: float = field(default_factory=now, compare=False)  # by this process


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
            "lane": one.queue,
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
    """Drop Telegram's numbers that are too old to name the same update still, whatever became of it."""
    old = (UPDATES.c.received_at < now() - REMEMBERED) & UPDATES.c.telegram_id.in_(numbers)
    connection.execute(update(UPDATES).where(old, UPDATES.c.bot_id == bot_id).values(telegram_id=None))


def adopt(connection: Connection, bot_id: int) -> None:
    """Take what was written down before bots were told apart for this bot's."""
    connection.execute(update(UPDATES).where(UPDATES.c.bot_id.is_(None)).values(bot_id=bot_id))


def unfinished(connection: Connection, bot_id: int) -> list[Incoming]:
    """Return what was accepted for a bot and is not done, the oldest first."""
    wanted = select(UPDATES).where(UPDATES.c.bot_id == bot_id, UPDATES.c.state != "done").order_by(UPDATES.c.update_id)
    return [_incoming(row, json.loads(row.payload)) for row in connection.execute(wanted)]


def open_own(connection: Connection, bot_id: int, kind: str, chat_id: int, user_id: int | None) -> Incoming:
    """Write down, as if it were an answered update, what the bot begins by itself, so that messages are owed for it."""
    row = {
        "bot_id": bot_id,
        "kind": kind,
        "lane": f"{kind}:{chat_id}",
        "chat_id": chat_id,
        "user_id": user_id,
        "sent_at": now(),
        "received_at": now(),
        "payload": "{}",
        "state": "answered",
    }
    return _incoming(connection.execute(insert(UPDATES).values(row).returning(UPDATES)).one(), {})


def _incoming(row: Row[Any], payload: Mapping[str, Any]) -> Incoming:
    return Incoming(
        telegram_id=payload.get("update_id", 0),  # 0 where the bot began it
        kind=row.kind,
        queue=row.lane,
        chat_id=row.chat_id,
        user_id=row.user_id,
        message_id=row.message_id,
        sent_at=row.sent_at,
        payload=payload,
        is_answered=row.state == "answered",
        update_id=row.update_id,
    )


def record_answer(connection: Connection, update_id: int, outcome: Outcome) -> bool:
    """Note that an update is answered; return False where it was before."""
    waiting = (UPDATES.c.update_id == update_id) & (UPDATES.c.state == "accepted")
    answered = connection.execute(update(UPDATES).where(waiting).values(state="answered", outcome=outcome))
    return bool(answered.rowcount)


def is_superseded(connection: Connection, incoming: Incoming) -> bool:
    """Tell whether the message of an update was edited since, and its new words wait to be answered."""
    later = (UPDATES.c.update_id > incoming.update_id) & (UPDATES.c.kind == EDITED) & (UPDATES.c.state == "accepted")
    same = _same_message(incoming.chat_id, incoming.message_id)
    return (
        incoming.kind in WRITTEN
        and connection.execute(select(UPDATES.c.update_id).where(same, later)).first() is not None
    )


def earlier_versions(connection: Connection, chat_id: int, message_id: int, before: int) -> list[int]:
    """Return the updates that brought a message before an edit of it, the newest first."""
    earlier = (UPDATES.c.update_id < before) & UPDATES.c.kind.in_(WRITTEN)
    wanted = select(UPDATES.c.update_id).where(_same_message(chat_id, message_id), earlier)
    return list(connection.execute(wanted.order_by(UPDATES.c.update_id.desc())).scalars())


def waiting_messages(connection: Connection, chat_id: int) -> list[str]:
    """Return what people wrote in a chat that is not answered yet, as Telegram sent it."""
    waiting = (UPDATES.c.chat_id == chat_id) & (UPDATES.c.state == "accepted") & (UPDATES.c.kind == "message")
    return list(connection.execute(select(UPDATES.c.payload).where(waiting, UPDATES.c.payload.is_not(None))).scalars())


def _same_message(chat_id: int | None, message_id: int | None) -> ColumnElement[bool]:
    return (UPDATES.c.chat_id == chat_id) & (UPDATES.c.message_id == message_id)


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
