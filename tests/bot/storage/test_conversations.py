from __future__ import annotations

from functools import partial

import pytest

from bot.storage.conversations import (
    DialoguePlace,
    add_answer,
    add_turn,
    add_use,
    begin_dialogue,
    history,
    language_of_person,
    note_language,
    remember_language,
    uses,
)
from bot.storage.database import ANSWERS, TURNS, Database, now
from bot.storage.retention import delete_old
from retrieval.types import Turn

TURN = Turn("سؤال", "جواب")


def said(database: Database, chat: int, user: int, turn: Turn = TURN, topic: int = 0) -> None:
    database.work(partial(add_turn, held=DialoguePlace(chat, user, topic), turn=turn, update_id=1))


def turns(database: Database, chat: int, user: int, topic: int = 0) -> tuple[Turn, ...]:
    return database.work(partial(history, held=DialoguePlace(chat, user, topic)))


def test_conversation_is_of_one_person_in_one_chat_and_topic(database: Database) -> None:
    said(database, -100, 5)
    assert turns(database, -100, 5) == (TURN,)
    assert turns(database, -100, 6) == turns(database, 5, 5) == ()
    said(database, -100, 5, other := Turn("آخر", "جواب"), topic=44)
    assert turns(database, -100, 5) == (TURN,)
    assert turns(database, -100, 5, topic=44) == (other,)


def test_last_turns_come_the_oldest_first(database: Database) -> None:
    for number in range(6):
        said(database, 5, 5, Turn(str(number), ""))
    assert [turn.question for turn in turns(database, 5, 5)] == ["2", "3", "4", "5"]


def test_new_conversation_carries_nothing_over(database: Database) -> None:
    said(database, 5, 5)
    database.work(partial(begin_dialogue, held=DialoguePlace(5, 5)))
    assert turns(database, 5, 5) == ()


def test_language_follows_what_a_person_writes(database: Database) -> None:
    assert database.work(partial(language_of_person, user_id=5)) is None
    assert database.work(partial(note_language, user_id=5, language="ar")) == "ar"
    assert database.work(partial(note_language, user_id=5, language="en")) == "en"


def test_chosen_language_outlasts_what_a_person_writes(database: Database) -> None:
    database.work(partial(remember_language, user_id=5, language="ar", chosen=True))
    assert database.work(partial(note_language, user_id=5, language="en")) == "ar"


def test_question_counts_once_however_often_it_is_taken_up(database: Database) -> None:
    for update in (1, 1, 2):
        database.work(partial(add_use, update_id=update, user_id=5))
    assert len(database.work(partial(uses, user_id=5, but=0))) == 2
    assert len(database.work(partial(uses, user_id=5, but=2))) == 1
    assert database.work(partial(uses, user_id=6, but=0)) == []


@pytest.mark.parametrize(("age", "kept"), [(29, 1), (31, 0)])
def test_what_is_old_is_deleted(database: Database, age: int, kept: int) -> None:
    said(database, 5, 5)
    database.work(partial(add_answer, update_id=1, held=DialoguePlace(5, 5), body={"text": "جواب"}))
    old = now() - age * 86_400
    database.work(lambda connection: connection.execute(TURNS.update().values(made_at=old)))
    database.work(lambda connection: connection.execute(ANSWERS.update().values(made_at=old)))
    database.work(partial(delete_old, days=30))
    assert len(turns(database, 5, 5)) == kept
    assert len(database.work(lambda connection: connection.execute(ANSWERS.select()).all())) == kept
