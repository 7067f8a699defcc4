"""Where conversations lie when no setting says it: one file for each bot, among the person's own data.

Earlier versions made `conversations.db` in whatever folder they were started. It is taken over: first everything in its
log goes into the one file, then that is moved, so a crash leaves it whole in the one place or in the other.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.errors import SanadError

FORMER = Path("conversations.db")  # in the working directory
OUR_TABLES = {"schema_version", "updates", "parts"}
FORMER_BUSY_SECONDS = 3.0


def default_file(data_home: Path, token: str) -> Path:
    """Return where a bot's conversations lie; bots of one person do not share them.

    >>> default_file(Path("/home/me/.local/share"), "123456:AAE").as_posix()
    '/home/me/.local/share/sanad/conversations-123456.db'
    """
    bot = token.partition(":")[0]
    return data_home / "sanad" / (f"conversations-{bot}.db" if bot.isascii() and bot.isdecimal() else FORMER.name)


def is_former(file: Path) -> bool:
    """Tell whether a file is a database of conversations, and not another program's of the same name."""
    try:
        with file.open("rb") as opened:
            if opened.read(16) != b"SQLite format 3\0":
                return False
        with closing(sqlite3.connect(file, timeout=FORMER_BUSY_SECONDS)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except (OSError, sqlite3.Error):
        return False
    return names >= OUR_TABLES


def settle_database(file: Path, former: Path = FORMER) -> tuple[Path, str | None]:
    """Return which file to use, and what is to be said about it; one of an earlier version is moved there.

    Raises:
        SanadError: another process is using that one, or the folder cannot be made.
    """
    here = former.absolute()
    if not is_former(former) or (file.exists() and file.samefile(former)):
        _make_folder(file)
        return file, None
    if file.exists():
        if not filecmp.cmp(former, file, shallow=False):
            return file, f"{here} is not used, as {file} is there: move it away, or set SANAD_DATABASE_URL to it."
        former.unlink()  # a move to another disk had come so far
        return file, None
    if former.is_symlink():
        return here, f"{here} is used where it is, as it is a link."
    _fold(former)
    try:
        _make_folder(file)
        _move(former, file)
    except (OSError, SanadError) as error:
        return here, f"{here} is used where it is, as it cannot be moved to {file} ({error})."
    return file, f"{here} was moved to {file}."


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SanadError(
            f"The folder {file.parent} for the bot's conversations cannot be made ({error.strerror})."
            " Set SANAD_DATABASE_URL to another place, as sqlite:////var/lib/sanad/conversations.db."
        ) from error


def _fold(file: Path) -> None:
    """Let SQLite bring all that is in the log beside a database into the database, and remove the log.

    Raises:
        SanadError: another process has it open; what that writes would be lost by a move.
    """
    try:
        with closing(sqlite3.connect(file, timeout=FORMER_BUSY_SECONDS)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as error:
        mode = str(error)
    if mode != "delete":
        raise SanadError(
            f"{file.absolute()} cannot be moved to its new place ({mode}): another process may be using it. Stop that"
            " one first, or set SANAD_DATABASE_URL=sqlite:///conversations.db to go on here."
        )


def _move(former: Path, file: Path) -> None:
    try:
        former.rename(file)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy = file.with_suffix(".part")
        shutil.copyfile(former, copy)
        with copy.open("rb+") as written:
            os.fsync(written.fileno())
        copy.replace(file)
        _sync(file.parent)
        former.unlink()
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Let a folder's names outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
