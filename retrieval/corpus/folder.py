"""Writing into the articles' folder: safe names, whole files or none, and a note of where each came from.

The folder is the truth, so what cannot be worked out again is kept in it and not beside the index. Names that
begin with a dot are no articles.
"""

from __future__ import annotations

import errno
import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from retrieval.errors import SanadError, SettingsError

ORIGINS_NAME = ".origins.jsonl"
LONGEST_STEM = 60  # code points; at most 240 of the 255 bytes that file systems take


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file of the folder came from: an address of the web, or another collection."""

    path: str  # relative to the folder
    url: str | None = None
    original: str | None = None  # its path in the collection that it was exported from


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
    with _advised(folder):
        if not folder.is_dir():
            raise SettingsError(f"The articles' folder {folder} does not exist. Make it, or set SANAD_ARTICLES_DIR.")
        parent = folder / near
        if not Path(os.path.realpath(parent)).is_relative_to(os.path.realpath(folder)):
            raise SettingsError(f"{parent} leads out of the articles' folder. Remove that link.")
        parent.mkdir(parents=True, exist_ok=True)
        place = parent / f".sanad-{token_hex(8)}{suffix}"
        try:
            with place.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
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
    try:
        with place.open("xb") as opened:
            yield opened.write
            opened.flush()
            os.fsync(opened.fileno())
        place.replace(file)
        _sync(file.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SanadError(f"The disk of {file} is full. Free some space, or name a file elsewhere.") from error
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}. Name a file elsewhere.") from error
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


def read_origins(folder: Path) -> dict[str, Origin]:
    """Return where the files came from that were noted, by path; a line that cannot be read is passed over."""
    try:
        lines = (folder / ORIGINS_NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{folder / ORIGINS_NAME} cannot be read: {error.strerror}.") from error
    return {origin.path: origin for line in lines if (origin := _origin_of(line))}


def _origin_of(line: bytes) -> Origin | None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):  # a crash may have cut the last line short
        return None
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        return None
    known = {key: given.get(key) for key in ("url", "original")}
    return Origin(given["path"], **{key: value for key, value in known.items() if isinstance(value, str)})


def note_origins(folder: Path, origins: Iterable[Origin]) -> None:
    """Note where files came from; the last note about a file counts."""
    noted = [
        {
            "path": origin.path,
            **({"url": origin.url} if origin.url else {}),
            **({"original": origin.original} if origin.original else {}),
        }
        for origin in origins
    ]
    if not noted:
        return
    # A line of its own, whatever a crash may have left on the last one.
    lines = "".join(f"\n{json.dumps(one, ensure_ascii=False)}" for one in noted) + "\n"
    with _advised(folder), (folder / ORIGINS_NAME).open("ab") as file:
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _advised(folder: Path) -> Iterator[None]:
    """Raise what the folder's disk raises as one of our own errors."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SanadError(
                f"The articles' folder {folder} is on a full disk. Free some space, then try again."
            ) from error
        raise SettingsError(
            f"The articles' folder {folder} cannot be written: {error.strerror or error}. "
            "Allow it, or set SANAD_ARTICLES_DIR to another folder."
        ) from error
