"""What to do about an index that cannot be read or written, said where it is noticed."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import IndexBusyError, IndexDamagedError, SanadError, SettingsError

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_UNUSABLE = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)
)
_FULL_SIGNS = ("disk is full", "No space left")  # in what Chroma and tantivy say, which give no number


@contextmanager
def store_errors(folder: Path, what: str = "", damage: type[Exception] = OSError) -> Iterator[None]:
    """Raise what the disk and the library of a store raise as one of our own errors; what is a defect of ours stays.

    Args:
        folder: That of the index, or of the data.
        what: The part of the index that is read or written.
        damage: What its library raises where it cannot read that part.
    """
    try:
        yield
    except (OSError, damage) as error:
        if problem := _problem(error, folder, what):
            raise problem from error
        raise


def _problem(error: Exception, folder: Path, what: str) -> SanadError | None:
    """Return what an error means for a folder; None where it is a defect of ours."""
    if isinstance(error, OSError):
        is_ours = error.errno not in _FULL | _UNUSABLE
        return None if is_ours else disk_full(folder) if error.errno in _FULL else unusable(folder, error)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return None
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return IndexBusyError(f"Another process holds the catalog in {folder}. Try again in a moment.")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return unusable(folder, PermissionError(0, str(error)))
    is_full = code == sqlite3.SQLITE_FULL or any(sign in str(error) for sign in _FULL_SIGNS)
    return disk_full(folder) if is_full else damaged(what, folder, error)


def damaged(what: str, folder: Path, error: object) -> IndexDamagedError:
    """Return the error that says what cannot be read, which folder to delete, and what to run then."""
    return IndexDamagedError(f"{what} cannot be read ({error}). Delete the folder {folder} and run: sanad index")


def unusable(folder: Path, error: OSError) -> SettingsError:
    """Return the error that says why a folder can be neither read nor written, and what to do."""
    return SettingsError(
        f"The data folder {folder} cannot be used ({error.strerror}). "
        "Allow reading and writing it, or name another folder: SANAD_DATA_DIR=FOLDER"
    )


def disk_full(folder: Path) -> SanadError:
    """Return the error that says which disk is full."""
    return SanadError(
        f"The disk that holds {folder} is full. Free some space, or name another folder with SANAD_DATA_DIR, "
        "and run: sanad index"
    )
