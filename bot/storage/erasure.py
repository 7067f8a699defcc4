"""Erasure of a person: everything that is kept under their number goes, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from bot.storage.alerts import erase_watches
from bot.storage.database import ACCESS, ANSWERS, DIALOGUES, FEEDBACK, PARTS, PEOPLE, TURNS, UPDATES, USES


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted, in rows, and when the person asked in the last days."""

    turns: int
    answers: int
    ratings: int
    watches: int
    is_known: bool  # a language was kept
    asked_at: tuple[float, ...]


def erase_person(connection: Connection, user_id: int, but: int) -> Erased:
    """Delete a person's traces; of the update that asks for it, `but`, only whose it is.

    What an admin decided of them stays; that they asked to be let in does not.

    Of a settled update its number stays, since Telegram may bring it again. One that waits in another chat is still
    answered: it was sent before.
    """
    own_answers = select(ANSWERS.c.answer_id).where(ANSWERS.c.user_id == user_id)
    ratings = (FEEDBACK.c.user_id == user_id) | FEEDBACK.c.answer_id.in_(own_answers)
    own_dialogues = select(DIALOGUES.c.dialogue_id).where(DIALOGUES.c.user_id == user_id)
    asked_at = tuple(connection.execute(select(USES.c.used_at).where(USES.c.user_id == user_id)).scalars())
    found = Erased(
        ratings=connection.execute(delete(FEEDBACK).where(ratings)).rowcount,
        turns=connection.execute(delete(TURNS).where(TURNS.c.dialogue_id.in_(own_dialogues))).rowcount,
        answers=connection.execute(delete(ANSWERS).where(ANSWERS.c.user_id == user_id)).rowcount,
        watches=erase_watches(connection, user_id),
        is_known=bool(connection.execute(delete(PEOPLE).where(PEOPLE.c.user_id == user_id)).rowcount),
        asked_at=asked_at,
    )
    connection.execute(delete(DIALOGUES).where(DIALOGUES.c.user_id == user_id))
    connection.execute(delete(USES).where(USES.c.user_id == user_id))
    connection.execute(delete(ACCESS).where(ACCESS.c.user_id == user_id, ACCESS.c.state == "asked"))
    settled = (UPDATES.c.user_id == user_id) & (UPDATES.c.state == "done")
    connection.execute(delete(PARTS).where(PARTS.c.update_id.in_(select(UPDATES.c.update_id).where(settled))))
    emptied = {"user_id": None, "chat_id": None, "message_id": None, "preview_id": None, "lane": "", "payload": None}
    connection.execute(update(UPDATES).where(settled).values(emptied))
    connection.execute(update(UPDATES).where(UPDATES.c.update_id == but).values(user_id=None))
    return found
