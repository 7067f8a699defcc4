from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.storage import write_probe
from bot.storage.database import PEOPLE, Database
from bot.storage.write_probe import PROBES, WriteProbe


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each question tried anew."""
    monkeypatch.setattr(write_probe, "SECONDS", 0.0)


@pytest.fixture
def sqlite() -> Iterator[Database]:
    with closing(Database("sqlite:///conversations.db")) as opened:
        yield opened


def pragma(database: Database, statement: str) -> None:
    """Say a pragma to the one connection that the database uses."""
    database.work(lambda connection: connection.exec_driver_sql(f"PRAGMA {statement}").close())


def test_a_database_that_works_is_in_no_trouble_and_keeps_nothing_of_it(database: Database) -> None:
    tried = WriteProbe(database)
    assert [tried.trouble() for _ in range(3)] == [None] * 3
    assert database.work(lambda connection: connection.execute(PROBES.select()).all()) == []


@pytest.mark.parametrize(
    ("spoil", "mend", "reason"),
    [
        ("max_page_count=1", "max_page_count=1000000", "database or disk is full"),
        ("query_only=ON", "query_only=OFF", "attempt to write a readonly database"),
    ],
    ids=["full", "read-only"],
)
def test_what_can_be_read_and_not_written_is_told_until_it_can(
    sqlite: Database, spoil: str, mend: str, reason: str
) -> None:
    tried = WriteProbe(sqlite)
    pragma(sqlite, spoil)
    sqlite.work(lambda connection: connection.execute(PEOPLE.select()).all())  # it can be read
    assert reason in (tried.trouble() or "")
    assert reason in (tried.trouble() or "")
    pragma(sqlite, mend)
    assert tried.trouble() is None


def test_a_file_that_is_no_database_any_more_is_told(sqlite: Database) -> None:
    tried = WriteProbe(sqlite)
    for file in Path().glob("conversations.db*"):
        file.write_bytes(b"x" * 8192)
    assert "cannot be used" in (tried.trouble() or "") or "refuses" in (tried.trouble() or "")


def test_however_often_it_is_asked_it_tries_once_in_a_while(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_probe, "SECONDS", 3600.0)
    tried = WriteProbe(sqlite)
    tried.trouble()
    sqlite.work(PROBES.drop)
    assert tried.trouble() is None
    assert not sqlite.work(lambda connection: inspect(connection).has_table(PROBES.name))
