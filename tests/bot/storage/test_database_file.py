"""Where conversations lie, and how those of an earlier version come there."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, insert, select

from bot.cli.doctor import Check, examine
from bot.config.settings import Settings, data_home
from bot.config.wiring import open_database
from bot.storage import database_file
from bot.storage.database import PEOPLE, Database
from bot.storage.database_file import FORMER, default_file, is_former, settle_database
from retrieval.errors import SanadError

BOT = Settings(telegram_token=SecretStr("123456:TEST"))


def place() -> Path:
    return default_file(data_home(), "123456:TEST")


def fill(file: Path, person: int = 7) -> None:
    """Make a database with a person in it."""
    with closing(Database(f"sqlite:///{file}")) as opened:
        row = insert(PEOPLE).values(user_id=person, language="ar", chosen=False, seen_at=0.0)
        opened.work(partial(Connection.execute, statement=row))


def people(database: Database) -> list[int]:
    return database.work(lambda connection: list(connection.execute(select(PEOPLE.c.user_id)).scalars()))


def opened(settings: Settings = BOT) -> tuple[list[int], list[str]]:
    """Open the bot's database as the bot does, and return whom it knows and what was said."""
    said: list[str] = []
    with closing(open_database(settings, said.append)) as database:
        return people(database), said


def test_a_new_bot_s_conversations_lie_among_the_person_s_data() -> None:
    assert opened() == ([], [f"Conversations are kept in {place()}."])
    assert place().is_file()
    assert place().parent.stat().st_mode & 0o077 == 0
    assert not FORMER.exists()


def test_wherever_it_is_started_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    fill(place())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert opened()[0] == [7]


def test_two_bots_of_one_person_share_nothing() -> None:
    opened()
    fill(place())
    assert opened(Settings(telegram_token=SecretStr("9:OTHER")))[0] == []


def test_one_of_an_earlier_version_is_moved_and_it_is_said() -> None:
    fill(FORMER)
    known, said = opened()
    assert known == [7]
    assert said == [f"{FORMER.absolute()} was moved to {place()}.", f"Conversations are kept in {place()}."]
    assert list(Path().glob("conversations.db*")) == []
    assert opened() == ([7], said[1:])


def test_what_is_still_in_its_log_moves_along() -> None:
    code = (
        "import os\nfrom functools import partial\nfrom sqlalchemy import Connection, insert\n"
        "from bot.storage.database import PEOPLE, Database\n"
        "database = Database('sqlite:///conversations.db')\n"
        "row = insert(PEOPLE).values(user_id=7, language='ar', chosen=False, seen_at=0.0)\n"
        "database.work(partial(Connection.execute, statement=row))\nos._exit(9)"  # as a kill does
    )
    here = Path(__file__).parent
    subprocess.run([sys.executable, "-c", code], env=paths(here), check=False, timeout=60)
    assert Path("conversations.db-wal").stat().st_size > 0
    assert opened()[0] == [7]
    assert list(Path().glob("conversations.db*")) == []


def paths(here: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))}


def test_one_that_another_process_uses_is_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_file, "FORMER_BUSY_SECONDS", 0.1)
    fill(FORMER)
    with closing(Database(f"sqlite:///{FORMER}")) as used:
        assert people(used) == [7]
        with pytest.raises(SanadError, match="another process may be using it"):
            opened()
        assert people(used) == [7]
    assert opened()[0] == [7]


def test_where_both_are_there_it_is_said_and_neither_is_touched() -> None:
    opened()
    fill(FORMER)
    before = FORMER.read_bytes()
    known, said = opened()
    assert known == []
    assert said[0].startswith(f"{FORMER.absolute()} is not used, as {place()} is there: move it away, or set")
    assert FORMER.read_bytes() == before


def not_ours(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE chats (words TEXT)")


@pytest.mark.parametrize(
    "make",
    [lambda file: file.write_bytes(b"text"), lambda file: file.mkdir(), lambda file: file.touch(), not_ours],
    ids=["text", "folder", "empty", "another program's"],
)
def test_a_file_that_is_none_of_ours_is_left_alone(make: Callable[[Path], object]) -> None:
    make(FORMER)
    assert not is_former(FORMER)
    assert len(opened()[1]) == 1
    assert FORMER.exists()


def test_one_that_cannot_be_moved_is_used_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(FORMER)
    (tmp_path / "no-folder").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "no-folder"))
    known, said = opened()
    assert known == [7]
    assert said[0].startswith(f"{FORMER.absolute()} is used where it is, as it cannot be moved")
    assert said[1] == f"Conversations are kept in {FORMER.absolute()}."


def test_a_link_is_followed(tmp_path: Path) -> None:
    fill(tmp_path / "real.db")
    FORMER.symlink_to(tmp_path / "real.db")
    known, said = opened()
    assert known == [7]
    assert said[0] == f"{FORMER.absolute()} is used where it is, as it is a link."


def test_a_move_to_another_disk_that_was_cut_off_is_finished() -> None:
    fill(FORMER)
    place().parent.mkdir(parents=True)
    place().write_bytes(FORMER.read_bytes())  # as far as it came
    assert settle_database(place()) == (place(), None)
    assert not FORMER.exists()
    assert opened()[0] == [7]


def test_a_move_to_another_disk_that_had_only_begun_is_begun_again() -> None:
    fill(FORMER)
    place().parent.mkdir(parents=True)
    place().with_suffix(".part").write_bytes(FORMER.read_bytes()[:4096])
    assert opened()[0] == [7]


def test_an_address_that_is_set_is_used_as_it_is(tmp_path: Path) -> None:
    fill(FORMER)
    settings = Settings(database_url="sqlite:///mine.db")
    assert opened(settings) == ([], [f"Conversations are kept in {tmp_path / 'mine.db'}."])
    assert FORMER.exists()


def test_no_place_at_all_is_one_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no-folder").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "no-folder"))
    with pytest.raises(SanadError, match=r"cannot be made .* Set SANAD_DATABASE_URL to another place"):
        opened()


def doctor() -> dict[str, Check]:
    return {check.name: check for check in examine() if check.name == "conversations"}


def test_doctor_says_where_it_is_and_what_waits_to_be_moved(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_TELEGRAM_TOKEN", "123456:TEST")
    assert doctor()["conversations"].found == str(place())
    assert not place().parent.exists()
    fill(FORMER)
    assert doctor()["conversations"].advice == f"{FORMER.absolute()} is moved there by the next `sanad bot`."
    opened()
    assert doctor()["conversations"].advice == ""
    fill(FORMER)
    assert doctor()["conversations"].advice == f"{FORMER.absolute()} is not used, as that one is there."
