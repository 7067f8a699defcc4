"""What to do about an index that cannot be read or written, said where it is noticed."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import IndexDamagedError, SanadError, SettingsError

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_UNUSABLE = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)
)


def damaged(what: str, folder: Path, error: object) -> IndexDamagedError:
    """Return the error that says what cannot be read, which folder to delete, and what to run then."""
    return IndexDamagedError(f"{what} cannot be read ({error}). Delete the folder {folder} and run: sanad index")


@contextmanager
def advised(folder: Path) -> Iterator[None]:
    """Add what to do about it where the words or the vectors of an index cannot be read."""
    try:
        yield
    except IndexDamagedError as error:
        raise IndexDamagedError(f"{error} Delete the folder {folder} and run: sanad index") from error
    except ValueError as error:  # the only error that tantivy raises
        raise damaged("The word index", folder, error) from error


def unusable(folder: Path, error: OSError) -> SettingsError:
    """Return the error that says why a folder can be neither read nor written, and what to do."""
    return SettingsError(
        f"The data folder {folder} cannot be used ({error.strerror}). "
        "Allow reading and writing it, or name another folder: SANAD_DATA_DIR=FOLDER"
    )


@contextmanager
def disk_errors_named(folder: Path) -> Iterator[None]:
    """Raise what the disk of a folder raises as one of our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(folder) from error
        if error.errno in _UNUSABLE:
            raise unusable(folder, error) from error
        raise


def disk_full(folder: Path) -> SanadError:
    """Return the error that says which disk is full."""
    return SanadError(
        f"The disk that holds {folder} is full. Free some space, or name another folder with SANAD_DATA_DIR, "
        "and run: sanad index"
    )
