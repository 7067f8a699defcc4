"""Files are written whole or not at all, and durably, under names that are safe anywhere.

Names that begin with a dot are no articles.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from retrieval.errors import SanadError, SettingsError

LONGEST_STEM = 60  # code points; at most 240 of the 255 bytes that file systems take


def file_stem(text: str) -> str:
    r"""Return a text as the stem of a file's name: letters and digits of any script, joined by hyphens.

    >>> file_stem("  لقاءُ بوتين/بومبيو: «../etc» \x1b  "), file_stem("؟")
    ('لقاء-بوتين-بومبيو-etc', 'article')
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Mn")
    spaced = "".join(letter if letter.isalnum() else " " for letter in plain)
    return "-".join(spaced.split())[:LONGEST_STEM].strip("-") or "article"


@contextmanager
def staged(folder: Path, near: str, suffix: str, data: bytes) -> Iterator[Path]:
    """Write a file under a name that no index reads, whole and durable; it goes unless it is settled.

    Args:
        folder: The articles' folder.
        near: The subfolder to write into, relative to it; it is made where it is missing.
        suffix: How the name ends.
        data: What to write.

    Raises:
        SettingsError: nothing can be written there, or the subfolder leads out of the folder.
        SanadError: the disk is full.
    """
    with _disk_errors_of(folder):
        if not folder.is_dir():
            raise SettingsError(f"The articles' folder {folder} does not exist. Make it, or set SANAD_ARTICLES_DIR.")
        parent = folder / near
        if not Path(os.path.realpath(parent)).is_relative_to(os.path.realpath(folder)):
            raise SettingsError(f"{parent} leads out of the articles' folder. Remove that link.")
        parent.mkdir(parents=True, exist_ok=True)
        place = parent / f".sanad-{token_hex(8)}{suffix}"
        try:
            with place.open("xb") as file:
                _write_through(file, data)
            yield place
        finally:
            place.unlink(missing_ok=True)


@contextmanager
def written_whole(file: Path) -> Iterator[Callable[[bytes], object]]:
    """Give what writes to a file outside the folder; it is there, durable, when all is written, or as it was.

    Raises:
        SettingsError: nothing can be written there.
        SanadError: the disk is full.
    """
    place = file.with_name(f".sanad-{token_hex(8)}.tmp")
    with _disk_errors(str(file), "name a file elsewhere"):
        try:
            with place.open("xb") as opened:
                yield opened.write
                opened.flush()
                os.fsync(opened.fileno())
            place.replace(file)
            _sync(file.parent)
        finally:
            place.unlink(missing_ok=True)


def settle_file(place: Path, target: Path, *, over: bool) -> None:
    """Give a staged file its name, in one step.

    Raises:
        FileExistsError: there is a file by that name, and it is not to be replaced.
    """
    if over:
        place.replace(target)
    else:
        try:
            os.link(place, target)
        except OSError as error:  # some file systems have no links
            if isinstance(error, FileExistsError) or target.exists():
                raise FileExistsError(errno.EEXIST, "File exists", str(target)) from error
            place.rename(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make a folder's names durable, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def append_lines(folder: Path, name: str, lines: Iterable[str]) -> None:
    """Add lines to a file of the articles' folder, durably, whatever a crash may have left of the last one.

    Raises:
        SettingsError: nothing can be written there.
        SanadError: the disk is full.
    """
    data = "".join(f"\n{line}" for line in lines) + "\n"
    with _disk_errors_of(folder), (folder / name).open("ab") as file:
        _write_through(file, data.encode())


def _write_through(file: BinaryIO, data: bytes) -> None:
    """Write bytes through to the disk."""
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _disk_errors_of(folder: Path) -> AbstractContextManager[None]:
    return _disk_errors(f"The articles' folder {folder}", "set SANAD_ARTICLES_DIR to another folder")


@contextmanager
def _disk_errors(place: str, elsewhere: str) -> Iterator[None]:
    """Raise what a disk raises as one of our own errors; that a file is there already is for the caller."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SanadError(f"{place} is on a full disk. Free some space, or {elsewhere}.") from error
        raise SettingsError(
            f"{place} cannot be written: {error.strerror or error}. Allow it, or {elsewhere}."
        ) from error
