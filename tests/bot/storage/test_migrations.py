"""A database of the first version is led to today's with what it holds, and works on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.storage import inbox
from bot.storage.conversations import DialoguePlace, add_answer, answer_behind, last_answer
from bot.storage.database import METADATA, Database, now
from bot.telegram.transport.updates import incoming

BOT = 123456
FIRST = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1);
CREATE TABLE updates (update_id {big} NOT NULL PRIMARY KEY, kind VARCHAR(40) NOT NULL, lane VARCHAR(80) NOT NULL,
    chat_id {big}, user_id {big}, message_id {big}, sent_at FLOAT NOT NULL, payload TEXT, state VARCHAR(20) NOT NULL,
    outcome VARCHAR(20), preview_id {big});
CREATE INDEX updates_by_state ON updates (state);
CREATE INDEX updates_by_chat ON updates (chat_id, message_id);
CREATE INDEX updates_by_time ON updates (sent_at);
CREATE TABLE parts (part_id {serial} NOT NULL PRIMARY KEY, update_id {big} NOT NULL, position INTEGER NOT NULL,
    chat_id {big} NOT NULL, thread_id {big}, reply_to {big}, replaces {big}, html TEXT NOT NULL, keyboard TEXT,
    state VARCHAR(20) NOT NULL, message_id {big});
CREATE INDEX parts_by_update ON parts (update_id, position);
CREATE INDEX parts_by_chat ON parts (chat_id, message_id);
CREATE TABLE people (user_id {big} NOT NULL PRIMARY KEY, language VARCHAR(2) NOT NULL, chosen BOOLEAN NOT NULL,
    seen_at FLOAT NOT NULL);
CREATE TABLE dialogues (dialogue_id {serial} NOT NULL PRIMARY KEY, chat_id {big} NOT NULL, user_id {big} NOT NULL,
    begun_at FLOAT NOT NULL);
CREATE INDEX dialogues_by_place ON dialogues (chat_id, user_id);
CREATE TABLE turns (turn_id {serial} NOT NULL PRIMARY KEY, dialogue_id {big} NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL, made_at FLOAT NOT NULL);
CREATE INDEX turns_by_dialogue ON turns (dialogue_id);
CREATE TABLE answers (answer_id {serial} NOT NULL PRIMARY KEY, update_id {big} NOT NULL UNIQUE,
    chat_id {big} NOT NULL, user_id {big} NOT NULL, body TEXT NOT NULL, made_at FLOAT NOT NULL);
CREATE INDEX answers_by_user ON answers (user_id);
CREATE TABLE feedback (feedback_id {serial} NOT NULL PRIMARY KEY, answer_id {big} NOT NULL, user_id {big} NOT NULL,
    verdict VARCHAR(20) NOT NULL, given_at FLOAT NOT NULL, UNIQUE (answer_id, user_id));
CREATE TABLE uses (update_id {big} NOT NULL PRIMARY KEY, user_id {big} NOT NULL, used_at FLOAT NOT NULL);
CREATE INDEX uses_by_user ON uses (user_id, used_at);
"""
TYPES = {
    "sqlite": {"big": "INTEGER", "serial": "INTEGER"},
    "postgresql": {"big": "BIGINT", "serial": "BIGSERIAL"},
}


def message(update_id: int, **more: object) -> dict[str, object]:
    chat = {"id": -9, "type": "supergroup", "title": "A group"}
    sender = {"id": 5, "is_bot": False, "first_name": "Five"}
    sent = {"message_id": 1, "date": 1_000, "chat": chat, "from": sender, "text": "/ask سؤال", **more}
    return {"update_id": update_id, "message": sent}


TOPIC = {"message_thread_id": 44, "is_topic_message": True}
WAITING = (message(901), message(902, **TOPIC), message(903, message_thread_id=44))
ROWS = [
    ("INSERT INTO updates (update_id, kind, lane, chat_id, user_id, message_id, sent_at, payload, state)"
     " VALUES (:update, 'message', 'chat:-9', -9, 5, 1, 1000, :payload, 'accepted')",
     [{"update": one["update_id"], "payload": json.dumps(one)} for one in WAITING]),
    ("INSERT INTO updates (update_id, kind, lane, chat_id, user_id, message_id, sent_at, state)"
     " VALUES (:update, 'message', 'chat:5', 5, 5, 1, :sent, 'done')", [{"update": 900, "sent": now()}]),
    ("INSERT INTO answers (update_id, chat_id, user_id, body, made_at) VALUES (:update, 5, 5, :body, 1000)",
     [{"update": update, "body": f'{{"number": {update}}}'} for update in (7_000, 900)]),
    ("INSERT INTO feedback (answer_id, user_id, verdict, given_at) VALUES (:answer, 5, 'good', 1000)",
     [{"answer": 2}, {"answer": 40}]),
]  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest) -> Iterator[tuple[str, Engine]]:
    """Return the address of a database of the first version, and a connection to it."""
    url = "sqlite:///conversations.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        for statement in FIRST.format(**TYPES[request.param]).split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
        for statement, rows in ROWS:
            connection.execute(text(statement), rows)
    yield url, engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, object]:
    """Return what tables, columns and indexes a database has."""
    found = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)),
            sorted((index["name"], tuple(index["column_names"])) for index in found.get_indexes(table)),
            sorted(tuple(one["column_names"]) for one in found.get_unique_constraints(table)),
            found.get_pk_constraint(table)["constrained_columns"],
        )
        for table in found.get_table_names()
    }


def test_tables_become_those_of_a_new_database(old: tuple[str, Engine]) -> None:
    url, engine = old
    Database(url).close()
    led = shape(engine)
    with engine.begin() as connection:
        METADATA.drop_all(connection)
    engine.dispose()
    Database(url).close()
    assert led == shape(engine)


def test_what_waited_is_taken_up_in_order_by_chat_topic_and_person(old: tuple[str, Engine]) -> None:
    with closing(Database(old[0])) as database:
        database.work(partial(inbox.adopt, bot_id=BOT))
        assert database.work(partial(inbox.unfinished, bot_id=BOT)) == [incoming(one) for one in WAITING]
        again = [incoming(one) for one in (*WAITING, message(900), message(904))]
        new = database.work(partial(inbox.record, bot_id=BOT, incoming=[*again[3:]]))
        assert [one.telegram_id for one in new] == [904]


def test_answers_keep_their_order_and_get_keys(old: tuple[str, Engine]) -> None:
    with closing(Database(old[0])) as database:
        key, body = database.work(partial(last_answer, held=DialoguePlace(5, 5))) or ("", {})
        assert body == {"number": 900}
        assert re.fullmatch(r"[A-Za-z0-9_-]{12}", key)
        kept = database.work(partial(answer_behind, token=key))
        assert kept is not None
        assert (kept.chat_id, kept.user_id, kept.body, kept.answer_id) == (5, 5, body, 2)


def test_no_number_comes_back(old: tuple[str, Engine]) -> None:
    """Neither one that Telegram gave an update before, nor that of an answer that somebody rated and deleted since."""
    with closing(Database(old[0])) as database:
        (new,) = database.work(partial(inbox.record, bot_id=BOT, incoming=[incoming(message(1))]))
        assert new.update_id > 7_000
        for _ in range(2):
            token = database.work(partial(add_answer, update_id=new.update_id, held=DialoguePlace(5, 5), body={}))
            kept = database.work(partial(answer_behind, token=token))
            assert kept is not None
            numbers = {2} if old[1].dialect.name == "postgresql" else {2, 40}
            assert kept.answer_id > max(numbers)
            database.work(lambda connection: connection.execute(text("DELETE FROM answers")))
