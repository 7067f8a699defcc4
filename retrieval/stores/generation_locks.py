"""Locks on the generations that are being read; the system takes each from a process that dies.

A reader locks a generation and then looks whether that generation still stands; a writer publishes the next one and
then looks which are locked. So one of the two always sees the other, and what a generation consists of is not deleted
while somebody reads it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, which lets nobody delete a file that is open
    fcntl = None  # type: ignore[assignment]  # a module, or none

_FOLDER_NAME = "readers"


class GenerationLock:
    """A reader's lock on one generation; several may hold one on the same."""

    def __init__(self, folder: Path, generation: int) -> None:
        """Lock a generation of the index in a folder."""
        locks = folder / _FOLDER_NAME
        locks.mkdir(exist_ok=True)
        self._file = os.open(locks / str(generation), os.O_RDWR | os.O_CREAT, 0o666)
        if fcntl:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._file)


def clear_released_locks(folder: Path, generation: int) -> int:
    """Delete the locks on other generations than this one that nobody holds; return how many are still held."""
    locks = folder / _FOLDER_NAME
    others = [path for path in (locks.iterdir() if locks.exists() else ()) if path.name != str(generation)]
    return sum(not _clear(path) for path in others)


def _clear(path: Path) -> bool:
    """Delete a lock unless somebody holds it; return whether it is gone."""
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDWR)
        try:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        except OSError:  # held; on Windows, open
            return False
        finally:
            os.close(file)
    return True
