"""The steps that lead an older database of conversations to the tables as they stand; each is as it was written.

A step names tables and columns by itself, and not by `bot.storage.database`: that knows them only as they are today.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, text

_KEY_BYTES = 9  # of an answer's key, twelve characters of base64url


def own_numbers(connection: Connection) -> None:
    """Give updates numbers of our own beside Telegram's and the bot's, and answers keys that never come back.

    No number that was given out is given again: neither one of Telegram's that stands in another table, nor, in
    SQLite, one whose row was deleted.
    """
    highest = _highest(connection, ("updates", "update_id"), ("answers", "update_id"), ("uses", "update_id"))
    answered = _highest(connection, ("answers", "answer_id"), ("feedback", "answer_id"))
    if connection.dialect.name == "sqlite":
        _rebuild(connection, "updates", _UPDATES, f"{_COMMON}, NULL, update_id, sent_at", highest)
        columns = "answer_id, lower(hex(randomblob(16))), update_id, chat_id, user_id, body, made_at"
        _rebuild(connection, "answers", _ANSWERS, columns, answered)
    else:
        for statement in _POSTGRESQL:
            connection.execute(text(statement), {"next": highest + 1} if ":next" in statement else {})
    connection.execute(text("DROP INDEX updates_by_time"))
    connection.execute(text("CREATE INDEX updates_by_time ON updates (received_at)"))
    for answer in connection.execute(text("SELECT answer_id FROM answers")).scalars().all():
        row = {"answer": answer, "token": secrets.token_urlsafe(_KEY_BYTES)}
        connection.execute(text("UPDATE answers SET token = :token WHERE answer_id = :answer"), row)
    _queue_by_person(connection)


def conversations_of_topics(connection: Connection) -> None:
    """Let topics of a chat have conversations of their own and these be about an article, and ratings have reasons.

    Which question a turn came of is noted from here on.
    """
    big = "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER"
    reasons = ("feedback ADD COLUMN reason VARCHAR(20)", "feedback ADD COLUMN words TEXT")
    about = "dialogues ADD COLUMN article_id VARCHAR(12)"
    thread = f"ADD COLUMN thread_id {big} NOT NULL DEFAULT 0"
    for change in (f"turns ADD COLUMN update_id {big}", f"dialogues {thread}", f"answers {thread}", about, *reasons):
        connection.execute(text(f"ALTER TABLE {change}"))


def _queue_by_person(connection: Connection) -> None:
    """Put what waits in a chat's lane into the lane of its chat, topic and person."""
    waiting = "SELECT update_id, chat_id, user_id, payload FROM updates WHERE state <> 'done' AND lane LIKE 'chat:%'"
    for row in connection.execute(text(waiting)).all():
        sent = json.loads(row.payload)
        message = sent.get("message") or sent.get("callback_query", {}).get("message") or {}
        thread = message.get("message_thread_id") if message.get("is_topic_message") else None
        lane = {"update": row.update_id, "lane": f"chat:{row.chat_id}:{thread or 0}:{row.user_id}"}
        connection.execute(text("UPDATE updates SET lane = :lane WHERE update_id = :update"), lane)


def _highest(connection: Connection, *columns: tuple[str, str]) -> int:
    """Return the highest number in some columns; 0 where there is none."""
    found = [connection.execute(text(f"SELECT max({column}) FROM {table}")).scalar() for table, column in columns]
    return max(0, *(number or 0 for number in found))


def _rebuild(connection: Connection, table: str, definition: str, columns: str, highest: int) -> None:
    """Make a table of SQLite anew with its rows and indexes; its next number comes after the highest."""
    wanted = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"
    indexes: Sequence[str] = connection.execute(text(wanted), {"table": table}).scalars().all()
    connection.exec_driver_sql(f"CREATE TABLE {table}_anew ({definition})")
    connection.exec_driver_sql(f"INSERT INTO {table}_anew SELECT {columns} FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for index in indexes:
        connection.exec_driver_sql(index)
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
    numbered = {"table": table, "highest": highest}
    connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :highest)"), numbered)


_COMMON = "update_id, kind, lane, chat_id, user_id, message_id, sent_at, payload, state, outcome, preview_id"
_UPDATES = """
    update_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR(40) NOT NULL,
    lane VARCHAR(80) NOT NULL,
    chat_id INTEGER,
    user_id INTEGER,
    message_id INTEGER,
    sent_at FLOAT NOT NULL,
    payload TEXT,
    state VARCHAR(20) NOT NULL,
    outcome VARCHAR(20),
    preview_id INTEGER,
    bot_id INTEGER,
    telegram_id INTEGER,
    received_at FLOAT NOT NULL,
    CONSTRAINT updates_by_origin UNIQUE (bot_id, telegram_id)
"""
_ANSWERS = """
    answer_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    token VARCHAR(32) NOT NULL,
    update_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    made_at FLOAT NOT NULL,
    UNIQUE (token),
    UNIQUE (update_id)
"""
_POSTGRESQL = (
    "ALTER TABLE updates ADD COLUMN bot_id BIGINT",
    "ALTER TABLE updates ADD COLUMN telegram_id BIGINT",
    "ALTER TABLE updates ADD COLUMN received_at FLOAT",
    "UPDATE updates SET telegram_id = update_id, received_at = sent_at",
    "ALTER TABLE updates ALTER COLUMN received_at SET NOT NULL",
    "ALTER TABLE updates ADD CONSTRAINT updates_by_origin UNIQUE (bot_id, telegram_id)",
    "CREATE SEQUENCE updates_update_id_seq OWNED BY updates.update_id",
    "ALTER TABLE updates ALTER COLUMN update_id SET DEFAULT nextval('updates_update_id_seq')",
    "SELECT setval('updates_update_id_seq', :next, false)",
    "ALTER TABLE answers ADD COLUMN token VARCHAR(32)",
    "UPDATE answers SET token = answer_id",
    "ALTER TABLE answers ALTER COLUMN token SET NOT NULL",
    "ALTER TABLE answers ADD UNIQUE (token)",
)


def watch_tables(connection: Connection) -> None:
    """Make the tables of what people wait for, of what was found for them, and of the articles looked through."""
    kind = "postgresql" if connection.dialect.name == "postgresql" else "sqlite"
    for statement in _OF_WATCHES:
        connection.exec_driver_sql(statement.format(**_TYPES[kind]))


_TYPES = {
    "sqlite": {"big": "INTEGER", "counted": "INTEGER PRIMARY KEY AUTOINCREMENT", "serial": "INTEGER PRIMARY KEY"},
    "postgresql": {"big": "BIGINT", "counted": "BIGSERIAL PRIMARY KEY", "serial": "BIGSERIAL PRIMARY KEY"},
}
_OF_WATCHES = (
    """CREATE TABLE watches (
    watch_id {counted} NOT NULL,
    teller VARCHAR(500) NOT NULL,
    chat_id {big} NOT NULL,
    thread_id {big},
    user_id {big} NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    language VARCHAR(2) NOT NULL,
    hour INTEGER,
    at_night BOOLEAN NOT NULL,
    made_at FLOAT NOT NULL,
    UNIQUE (teller, chat_id, number)
)""",
    "CREATE INDEX watches_by_user ON watches (user_id)",
    """CREATE TABLE alerts (
    alert_id {serial} NOT NULL,
    watch_id {big} NOT NULL,
    article_id VARCHAR(64) NOT NULL,
    story TEXT NOT NULL,
    body TEXT NOT NULL,
    found_at FLOAT NOT NULL,
    due_at FLOAT NOT NULL,
    told_at FLOAT,
    part_id {big},
    outlets INTEGER NOT NULL,
    outlets_told INTEGER NOT NULL,
    UNIQUE (watch_id, article_id)
)""",
    "CREATE INDEX alerts_by_time ON alerts (told_at, due_at)",
    "CREATE INDEX alerts_by_part ON alerts (part_id)",
    """CREATE TABLE seen_articles (
    teller VARCHAR(500) NOT NULL,
    article_id VARCHAR(64) NOT NULL,
    PRIMARY KEY (teller, article_id)
)""",
)


def access_table(connection: Connection) -> None:
    """Keep what admins decide of people."""
    big = "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER"
    columns = f"bot_id {big} NOT NULL, user_id {big} NOT NULL, state VARCHAR(20) NOT NULL, at FLOAT NOT NULL"
    connection.execute(text(f"CREATE TABLE access ({columns}, PRIMARY KEY (bot_id, user_id))"))
