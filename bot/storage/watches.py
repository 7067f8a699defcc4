"""Watches: what somebody waits for in new articles, and in which chat they are told.

A watch belongs to its chat, and to the person who set it. Each function is part of a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.storage.database import ALERTS, WATCHES, insert_new, now
from bot.storage.outbox import Destination
from retrieval.types import Language

TERMINAL = 0  # the chat and the person of who sits before it; Telegram gives nobody this number


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody waits for: a name, or a question; told at once, or once a day at an hour."""

    watch_id: int
    place: Destination
    user_id: int
    number: int  # by which its chat names it
    text: str
    language: Language
    hour: int | None  # of the day, 0 to 23; None for at once
    at_night: bool  # also in the quiet hours, where it is told at once


def add_watch(
    connection: Connection, teller: str, place: Destination, *, user_id: int, text: str, language: Language
) -> Watch:
    """Take a watch, told at once but for the quiet hours; of a person's same words in a chat and topic there is one."""
    if known := known_watch(connection, teller, place, user_id=user_id, text=text):
        return known
    there = (WATCHES.c.teller == teller) & (WATCHES.c.chat_id == place.chat_id)
    row = {
        "teller": teller,
        "chat_id": place.chat_id,
        "thread_id": place.thread_id,
        "user_id": user_id,
        "number": select(func.coalesce(func.max(WATCHES.c.number), 0) + 1).where(there).scalar_subquery(),
        "text": text,
        "language": language,
        "at_night": False,
        "made_at": now(),
    }
    adding = insert_new(connection, WATCHES).values(row).returning(WATCHES)
    while (added := connection.execute(adding).one_or_none()) is None:
        continue  # another one took the number meanwhile
    return _watch(added)


def known_watch(connection: Connection, teller: str, place: Destination, *, user_id: int, text: str) -> Watch | None:
    """Return a person's watch of the same words in a chat and topic, if there is one."""
    held = watches_in(connection, teller, place.chat_id)
    own = (one for one in held if one.place == place and one.user_id == user_id)
    return next((one for one in own if one.text.casefold() == text.casefold()), None)


def watches_in(connection: Connection, teller: str, chat_id: int) -> list[Watch]:
    """Return the watches of a chat, by number."""
    own = (WATCHES.c.teller == teller) & (WATCHES.c.chat_id == chat_id)
    return [_watch(row) for row in connection.execute(select(WATCHES).where(own).order_by(WATCHES.c.number))]


def watches_of(connection: Connection, teller: str) -> list[Watch]:
    """Return all watches that a bot, or a terminal, tells of."""
    own = select(WATCHES).where(WATCHES.c.teller == teller)
    return [_watch(row) for row in connection.execute(own.order_by(WATCHES.c.watch_id))]


def watch_behind(connection: Connection, watch_id: int) -> Watch | None:
    """Return the watch of a button; None where it was ended."""
    row = connection.execute(select(WATCHES).where(WATCHES.c.watch_id == watch_id)).one_or_none()
    return _watch(row) if row else None


def count_watches(connection: Connection, teller: str, user_id: int) -> int:
    """Return how many watches a person has set, in all chats."""
    own = (WATCHES.c.teller == teller) & (WATCHES.c.user_id == user_id)
    return connection.execute(select(func.count()).where(own)).scalar_one()


def set_hour(connection: Connection, watch_id: int, hour: int | None) -> None:
    """Have a watch told once a day at an hour, or at once."""
    connection.execute(update(WATCHES).where(WATCHES.c.watch_id == watch_id).values(hour=hour))


def set_at_night(connection: Connection, watch_id: int, at_night: bool) -> None:
    """Have a watch told in the quiet hours too, or not."""
    connection.execute(update(WATCHES).where(WATCHES.c.watch_id == watch_id).values(at_night=at_night))


def end_watch(connection: Connection, watch_id: int) -> None:
    """End a watch, with what was found for it."""
    connection.execute(delete(ALERTS).where(ALERTS.c.watch_id == watch_id))
    connection.execute(delete(WATCHES).where(WATCHES.c.watch_id == watch_id))


def move_watches(connection: Connection, old: int, new: int) -> None:
    """Let the watches of a chat go where the chat went, after those that are there by now."""
    own = WATCHES.c.chat_id == old
    there = connection.execute(select(func.max(WATCHES.c.number)).where(WATCHES.c.chat_id == new)).scalar() or 0
    connection.execute(update(WATCHES).where(own).values(chat_id=new, number=WATCHES.c.number + there))


def _watch(row: Row[Any]) -> Watch:
    return Watch(
        watch_id=row.watch_id,
        place=Destination(row.chat_id, row.thread_id),
        user_id=row.user_id,
        number=row.number,
        text=row.text,
        language=row.language,
        hour=row.hour,
        at_night=row.at_night,
    )
