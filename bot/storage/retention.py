"""Retention: what has grown old is deleted. Each function is part of a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from bot.storage.conversations import DAY
from bot.storage.database import ACCESS, ALERTS, ANSWERS, DIALOGUES, FEEDBACK, PARTS, PEOPLE, TURNS, UPDATES, USES, now
from bot.storage.inbox import REMEMBERED


def delete_settled(connection: Connection) -> None:
    """Delete updates that are done and cannot come again, and the questions that no limit counts any more."""
    old = (UPDATES.c.state == "done") & (UPDATES.c.received_at < now() - REMEMBERED)
    connection.execute(delete(PARTS).where(PARTS.c.update_id.in_(select(UPDATES.c.update_id).where(old))))
    connection.execute(delete(UPDATES).where(old))
    connection.execute(delete(USES).where(USES.c.used_at < now() - REMEMBERED))


def delete_old(connection: Connection, days: int) -> None:
    """Delete what is kept of conversations once it is older than so many days."""
    oldest = now() - days * DAY
    for table, time in (
        (TURNS, TURNS.c.made_at),
        (FEEDBACK, FEEDBACK.c.given_at),
        (ANSWERS, ANSWERS.c.made_at),
        (PEOPLE, PEOPLE.c.seen_at),
        (ALERTS, ALERTS.c.told_at),
    ):
        connection.execute(delete(table).where(time < oldest))
    connection.execute(delete(ACCESS).where(ACCESS.c.state == "asked", ACCESS.c.at < oldest))
    unused = DIALOGUES.c.dialogue_id.not_in(select(TURNS.c.dialogue_id))
    connection.execute(delete(DIALOGUES).where(DIALOGUES.c.begun_at < oldest, unused))
