"""Which generations are being read: a lock each, which a process that dies cannot keep.

A reader takes the lease of a generation and then looks whether that generation still stands; a writer
publishes the next one and then looks which leases are held. So one of the two always sees the other, and what a
generation consists of is not deleted while somebody reads it.
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
    """A generation that is being read; several may read one."""

    def __init__(self, folder: Path, generation: int) -> None:
        """Take the lease of a generation of the index in a folder."""
        place = folder / _FOLDER_NAME
        place.mkdir(exist_ok=True)
        self._file = os.open(place / str(generation), os.O_RDWR | os.O_CREAT, 0o666)
        if fcntl:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def end(self) -> None:
        """Let go."""
        os.close(self._file)


def are_read(folder: Path, generation: int) -> bool:
    """Tell whether somebody reads another generation than this one; forget the leases that have ended."""
    place = folder / _FOLDER_NAME
    held = [path for path in (place.iterdir() if place.exists() else ()) if path.name != str(generation)]
    ended = [_has_ended(path) for path in held]  # all are looked at, so that each that has ended is forgotten
    return not all(ended)


def _has_ended(path: Path) -> bool:
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
