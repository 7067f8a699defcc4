from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
import traceback
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update

import bot.storage.database
from bot.storage.database import CLOSING_SECONDS, PEOPLE, TURNS, VERSION, Database, DatabaseError, StatementError
from retrieval.errors import SanadError, SettingsError

ROOT = Path(__file__).parents[3]
URL = "sqlite:///conversations.db"
CURRENT = 1 + len(bot.storage.database.STEPS)


def version(connection: Connection) -> int:
    found: int = connection.execute(select(VERSION.c.version)).scalar_one()
    return found


def test_tables_stay_as_they_are_found(database: Database) -> None:
    row = {"user_id": 8_000_000_000, "language": "ar", "chosen": True, "seen_at": 1.5}
    database.work(lambda connection: connection.execute(insert(PEOPLE).values(row)))
    database.work(bot.storage.database.bring_up_to_date)
    assert database.work(lambda connection: connection.execute(select(PEOPLE)).one()._asdict()) == row


def test_older_tables_are_led_through_the_steps_they_lack(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def add_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE people ADD COLUMN nickname VARCHAR(9)"))

    monkeypatch.setattr(bot.storage.database, "STEPS", (*bot.storage.database.STEPS, add_column))
    for _ in range(2):  # the second time nothing is left to do
        database.work(bot.storage.database.bring_up_to_date)
    assert database.work(version) == CURRENT + 1
    assert database.work(lambda connection: connection.execute(text("SELECT nickname FROM people")).all()) == []


def test_step_that_fails_leaves_the_tables_as_they_were(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE people ADD COLUMN nickname VARCHAR(9)"))
        connection.execute(insert(PEOPLE).values(user_id=1, language="ar", chosen=False, seen_at=0.0))
        raise RuntimeError

    monkeypatch.setattr(bot.storage.database, "STEPS", (*bot.storage.database.STEPS, fail))
    with pytest.raises(RuntimeError):
        database.work(bot.storage.database.bring_up_to_date)
    rows = database.work(lambda connection: connection.execute(text("SELECT * FROM people")))
    assert "nickname" not in rows.keys()  # noqa: SIM118 - a result has keys, and is no mapping
    assert database.work(lambda connection: connection.execute(select(PEOPLE)).all()) == []
    assert database.work(version) == CURRENT


def test_tables_of_a_newer_program_are_refused(database: Database) -> None:
    database.work(lambda connection: connection.execute(update(VERSION).values(version=9)))
    with pytest.raises(SanadError, match=f"The database is of version 9, and this Sanad knows {CURRENT}"):
        database.work(bot.storage.database.bring_up_to_date)


def test_work_is_done_whole_or_not_at_all(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(insert(PEOPLE).values(user_id=1, language="ar", chosen=False, seen_at=0.0))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(database.run(fail))
    assert database.work(lambda connection: connection.execute(select(PEOPLE)).all()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "this is no URL of a database"),
        ("mysql://x/y", "mysql is not known; known are sqlite, postgresql"),
    ],
)
def test_url_that_cannot_work_is_refused(url: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Database(url)


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "postgresql://me:secret@127.0.0.1:1/x"])
def test_database_that_cannot_be_reached_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be used") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_database_outlives_its_process() -> None:
    for user_id in (1, 2):
        with closing(Database(URL)) as opened:
            row = insert(PEOPLE).values(user_id=user_id, language="ar", chosen=False, seen_at=0.0)
            opened.work(partial(Connection.execute, statement=row))
    with closing(Database(URL)) as opened:
        assert len(opened.work(lambda connection: connection.execute(select(PEOPLE)).all())) == 2


def test_close_waits_for_what_was_begun(database: Database) -> None:
    begun = threading.Event()

    def add(connection: Connection) -> None:
        begun.set()
        time.sleep(0.2)
        connection.execute(insert(PEOPLE).values(user_id=1, language="ar", chosen=False, seen_at=0.0))

    async def leave() -> None:
        working = asyncio.create_task(database.run(add))
        await asyncio.to_thread(begun.wait)
        database.close()
        await working

    asyncio.run(leave())
    assert database.work(lambda connection: len(connection.execute(select(PEOPLE)).all())) == 1


def test_close_is_bounded_where_the_server_is_silent(postgres_url: str) -> None:
    code = f"""
import asyncio, contextlib, time
from sqlalchemy import text
from bot.storage.database import Database

async def leave():
    working = asyncio.create_task(database.run(lambda connection: connection.execute(text("SELECT pg_sleep(60)"))))
    await asyncio.sleep(0.3)
    started = time.monotonic()
    database.close()
    print(time.monotonic() - started)
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working

database = Database({postgres_url!r})
asyncio.run(leave())
"""
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, encoding="utf-8", timeout=30)
    assert float(ran.stdout) < CLOSING_SECONDS + 1.0


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_only_what_must_outlast_a_power_cut_waits_for_the_disk(durable: bool, level: int) -> None:
    with closing(Database(URL)) as opened:
        found = opened.work(lambda connection: connection.execute(text("PRAGMA synchronous")).scalar(), durable=durable)
    assert found == level


def test_error_of_a_statement_does_not_tell_what_people_ask(database: Database) -> None:
    row = insert(TURNS).values(dialogue_id=None, question="a private question", answer="", made_at=0.0)
    with pytest.raises(StatementError, match="dialogue_id") as caught:
        database.work(partial(Connection.execute, statement=row))
    assert "private" not in "".join(traceback.format_exception(caught.value))
