"""What is remembered of people: their language, the turns of their conversations, the answers behind their buttons.

Each function is part of a transaction.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select, update

from bot.storage.database import ANSWERS, DIALOGUES, FEEDBACK, PARTS, PEOPLE, TURNS, USES, insert_new, now
from bot.storage.outbox import move_owed
from bot.storage.watches import move_watches
from retrieval.search.followups import MOST_TURNS
from retrieval.types import Language, Turn

MINUTE, DAY = 60.0, 86_400.0  # seconds
_KEY_BYTES = 9  # drawn by lot for the key of an answer, which has twelve characters of base64url


def language_of_person(connection: Connection, user_id: int) -> Language | None:
    """Return the language that a person chose or wrote last; None where neither is known."""
    found: Language | None = connection.execute(
        select(PEOPLE.c.language).where(PEOPLE.c.user_id == user_id)
    ).scalar_one_or_none()
    return found


def remember_language(connection: Connection, user_id: int, language: Language, *, chosen: bool = False) -> None:
    """Keep a person's language; what they chose outlasts what they write."""
    row = {"user_id": user_id, "language": language, "chosen": chosen, "seen_at": now()}
    new = insert_new(connection, PEOPLE).values(row).returning(PEOPLE.c.user_id)
    if connection.execute(new).first():
        return
    person = update(PEOPLE).where(PEOPLE.c.user_id == user_id)
    connection.execute(person.values(seen_at=now()))
    kept = person if chosen else person.where(PEOPLE.c.chosen.is_(False))
    connection.execute(kept.values(language=language, chosen=chosen))


def note_language(connection: Connection, user_id: int, language: Language) -> Language:
    """Remember the language that a person writes, and return the one in which to speak to them."""
    remember_language(connection, user_id, language)
    return language_of_person(connection, user_id) or language


@dataclass(frozen=True, slots=True)
class DialoguePlace:
    """Whose conversation where: a person's in a chat, or in a topic of it."""

    chat_id: int
    user_id: int
    thread_id: int = 0


def history(connection: Connection, held: DialoguePlace, but: Collection[int] = ()) -> tuple[Turn, ...]:
    """Return the last turns of a conversation, the oldest first; without those of some updates."""
    dialogue = _dialogue(connection, held)
    if dialogue is None:
        return ()
    own = (TURNS.c.dialogue_id == dialogue) & (TURNS.c.update_id.is_(None) | TURNS.c.update_id.not_in(but))
    newest = select(TURNS).where(own).order_by(TURNS.c.turn_id.desc()).limit(MOST_TURNS)
    rows = connection.execute(newest).all()
    return tuple(Turn(question=row.question, answer=row.answer) for row in reversed(rows))


def add_turn(connection: Connection, held: DialoguePlace, turn: Turn, update_id: int) -> None:
    """Add a turn to a conversation, which an update has asked."""
    dialogue = _dialogue(connection, held) or begin_dialogue(connection, held)
    connection.execute(
        insert(TURNS).values(
            dialogue_id=dialogue, question=turn.question, answer=turn.answer, made_at=now(), update_id=update_id
        )
    )


def withdraw_answers(connection: Connection, updates: Collection[int]) -> None:
    """Forget the answers to some updates, their turns and their ratings: the questions are others now."""
    answers = select(ANSWERS.c.answer_id).where(ANSWERS.c.update_id.in_(updates))
    connection.execute(delete(FEEDBACK).where(FEEDBACK.c.answer_id.in_(answers)))
    for table in (TURNS, ANSWERS):
        connection.execute(delete(table).where(table.c.update_id.in_(updates)))


def begin_dialogue(connection: Connection, held: DialoguePlace, article_id: str | None = None) -> int:
    """Begin a conversation anew, about an article alone where one is given; nothing is carried over."""
    row = {**asdict(held), "begun_at": now(), "article_id": article_id}
    begun = insert(DIALOGUES).values(row).returning(DIALOGUES.c.dialogue_id)
    dialogue_id: int = connection.execute(begun).scalar_one()
    return dialogue_id


def focused_article(connection: Connection, held: DialoguePlace) -> str | None:
    """Return the article that a conversation is about; None for all."""
    about = select(DIALOGUES.c.article_id).where(DIALOGUES.c.dialogue_id == _dialogue(connection, held))
    found: str | None = connection.execute(about).scalar_one_or_none()
    return found


def add_answer(connection: Connection, update_id: int, held: DialoguePlace, body: Mapping[str, Any]) -> str:
    """Keep an answer for its buttons, and return the key that they name it by.

    A number would be given again after its row was deleted, or the database lost: an old button would then show
    somebody else's answer.
    """
    token = secrets.token_urlsafe(_KEY_BYTES)
    row = insert(ANSWERS).values(
        token=token,
        update_id=update_id,
        **asdict(held),
        body=json.dumps(body, ensure_ascii=False),
        made_at=now(),
    )
    connection.execute(row)
    return token


def last_answer(connection: Connection, held: DialoguePlace) -> tuple[str, dict[str, Any]] | None:
    """Return the last answer of a conversation with its key; None where none is kept."""
    newest = (
        select(ANSWERS.c.token, ANSWERS.c.body)
        .where(_is_of(ANSWERS, held))
        .order_by(ANSWERS.c.answer_id.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return (row.token, json.loads(row.body)) if row else None


def question_answered_by(connection: Connection, chat_id: int, message_id: int) -> str | None:
    """Return the question, in full, that a message of the bot answers; None where that is not kept."""
    answered = select(ANSWERS.c.body).join(PARTS, PARTS.c.update_id == ANSWERS.c.update_id)
    own = (PARTS.c.chat_id == chat_id) & (PARTS.c.message_id == message_id)
    body = connection.execute(answered.where(own)).scalar()
    return str(json.loads(body)["asked"]) if body else None


def move_chat(connection: Connection, old: int, new: int) -> None:
    """Let what is remembered of a chat, and what it is owed, go where the chat went."""
    move_owed(connection, old, new)
    move_watches(connection, old, new)
    for table in (DIALOGUES, ANSWERS):
        connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is stored for its buttons: its number, where and to whom it was given, and its JSON."""

    answer_id: int
    chat_id: int
    user_id: int
    body: Mapping[str, Any]


def answer_behind(connection: Connection, token: str) -> StoredAnswer | None:
    """Return the answer of a key; None where it is not kept any more."""
    row = connection.execute(select(ANSWERS).where(ANSWERS.c.token == token)).one_or_none()
    if row is None:
        return None
    return StoredAnswer(answer_id=row.answer_id, chat_id=row.chat_id, user_id=row.user_id, body=json.loads(row.body))


def uses(connection: Connection, user_id: int, but: int) -> list[float]:
    """Return when a person asked in the last day, the newest first; one update is not counted."""
    last_day = USES.c.used_at.between(now() - DAY, now() + MINUTE)  # a later one was written by a wrong clock
    wanted = select(USES.c.used_at).where(USES.c.user_id == user_id, last_day)
    return list(connection.execute(wanted.where(USES.c.update_id != but).order_by(USES.c.used_at.desc())).scalars())


def add_use(connection: Connection, update_id: int, user_id: int) -> None:
    """Count a question; one that is taken up again after a restart counts once."""
    row = {"update_id": update_id, "user_id": user_id, "used_at": now()}
    connection.execute(insert_new(connection, USES).values(row))


def _dialogue(connection: Connection, held: DialoguePlace) -> int | None:
    newest = select(func.max(DIALOGUES.c.dialogue_id)).where(_is_of(DIALOGUES, held))
    found: int | None = connection.execute(newest).scalar_one_or_none()
    return found


def _is_of(table: Table, held: DialoguePlace) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in asdict(held).items()))
