"""From files to articles: which files count, how they are read, and what `articles.toml` says of them."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import get_args

from retrieval.dates import date_of
from retrieval.errors import ArticleError, SettingsError
from retrieval.layout import read_layout
from retrieval.metadata import Facts, Field, clean, is_hidden
from retrieval.types import Article

MAX_BYTES = 16 * 2**20  # of one file
SUFFIXES = (".txt", ".md")
OVERRIDES_NAME = "articles.toml"

CONTROL_SHARE = 0.1  # of the bytes; more means that the file is no text

_FIELDS: tuple[Field, ...] = get_args(Field)
_CONTROL_BYTES = bytes({*range(32), 127} - set(b"\t\n\v\f\r"))
_WIDE_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)

Overrides = Mapping[str, Mapping[str, str]]


def find_files(folder: Path) -> list[Path]:
    """Return the files that count as articles, and the subfolders that cannot be listed, sorted by relative path.

    A subfolder that cannot be listed stands in the list so that `read_article` can say so. Links to
    folders are not followed.

    Raises:
        SettingsError: the folder itself is missing or cannot be listed.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise SettingsError(
            f"The articles' folder {folder} cannot be listed ({error.strerror}). "
            "Name an existing folder of .txt or .md files: SANAD_ARTICLES_DIR=FOLDER"
        ) from error
    unlisted: list[Path] = []
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: unlisted.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".") and name.lower().endswith(SUFFIXES)]
    return sorted(found + unlisted, key=lambda path: path_of(folder, path))


def path_of(folder: Path, path: Path) -> str:
    r"""Return the path that names a file inside its folder: forward slashes, and fit to be stored and shown.

    Bytes that are no UTF-8, control characters and characters that reorder text are written as escapes,
    and so is the backslash, so that two files never share a path.

    >>> path_of(Path("seeds"), Path("seeds/أخبار/a b.txt")), path_of(Path("seeds"), Path("seeds/\udcff\x1b.txt"))
    ('أخبار/a b.txt', '\\xff\\x1b.txt')
    """
    inside = f"{os.fspath(folder).rstrip(os.sep)}{os.sep}"
    relative = os.fspath(path).removeprefix(inside).replace(os.sep, "/")  # by hand, as pathlib takes ten times as long
    if relative.isprintable() and "\\" not in relative:
        return relative
    return "".join(_shown(letter) for letter in relative)


def _shown(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":  # how Python carries a byte that is no UTF-8
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii") if letter == "\\" or is_hidden(letter) else letter


def read_article(folder: Path, path: Path, overrides: Overrides) -> Article:
    """Return the article in a file.

    Raises:
        ArticleError: the file cannot be read as one; the message is the reason alone, on one line.
    """
    return parse_article(path_of(folder, path), read_text(folder, path), overrides)


def read_text(folder: Path, path: Path) -> str:
    """Return a file's text: UTF-8, without a byte order mark at its head and otherwise untouched.

    Raises:
        ArticleError: as `read_article`.
    """
    try:
        return _decode(_read_bytes(folder, path))
    except FileNotFoundError as error:
        raise ArticleError("is no longer there, or is a link to nothing") from error
    except PermissionError as error:
        raise ArticleError("cannot be opened: permission denied; allow reading it (chmod +r)") from error
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror}") from error


def _read_bytes(folder: Path, path: Path) -> bytes:
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise ArticleError("is a link that leads out of the articles' folder; copy the file into the folder")
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ArticleError("is a folder that cannot be listed: permission denied; allow listing it (chmod +rx)")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("is no regular file (a pipe, a socket or a device)")
    _check_size(status.st_size)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    _check_size(len(data))  # it may have grown
    return data


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise ArticleError(
            f"is too large: {size / 2**20:.1f} MiB, at most {MAX_BYTES / 2**20:g}; split it into articles"
        )


def _decode(data: bytes) -> str:
    for mark, encoding in _WIDE_MARKS:
        if data.startswith(mark):
            raise ArticleError(f"is {encoding}, not UTF-8; convert it: iconv -f {encoding} -t UTF-8 OLD > NEW")
    if b"\0" in data:
        raise ArticleError(f"is binary: a NUL byte at offset {data.index(0)}")
    if len(data) - len(data.translate(None, _CONTROL_BYTES)) > CONTROL_SHARE * len(data):
        raise ArticleError("is binary: too many control characters for a text")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if error.end == len(data) and "end of data" in error.reason:
            reason = "ends in the middle of a character, as a half-written file does; copy it again"
        else:
            reason = "if it is in the older Arabic encoding, convert it: iconv -f WINDOWS-1256 -t UTF-8 OLD > NEW"
        byte = data[error.start]
        raise ArticleError(f"is not UTF-8 (byte 0x{byte:02X} at offset {error.start}): {reason}") from error


def read_overrides(folder: Path) -> dict[str, Facts]:
    """Return what `articles.toml` in the folder states, by relative path; an empty value means that it is not known.

    Raises:
        SettingsError: the file cannot be read, or names a key or a value that cannot work.
    """
    where = folder / OVERRIDES_NAME
    try:
        tables = tomllib.loads(where.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:  # ValueError: no UTF-8, or no TOML
        raise SettingsError(f"{where} cannot be read as TOML ({error}). Correct it, or move it away.") from error
    return {PurePosixPath(path).as_posix(): _stated_by_table(where, path, table) for path, table in tables.items()}


def _stated_by_table(where: Path, path: str, table: object) -> Facts:
    if not isinstance(table, dict):
        raise SettingsError(f'{where}: {path!r} must be a table; write ["{path}"] above its lines.')
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise SettingsError(f"{where}: {path!r} is not in the articles' folder; name files relative to it.")
    return {key: _stated_by_key(where, path, key, value) for key, value in table.items()}


def _stated_by_key(where: Path, path: str, key: str, value: object) -> str:
    if isinstance(value, dict):
        raise SettingsError(f'{where}: {path}.{key} reads as a table in a table; quote a path: ["{path}.{key}"].')
    if key not in _FIELDS:
        raise SettingsError(f"{where}: {path!r} has an unknown key {key!r}; known are {', '.join(_FIELDS)}.")
    if key == "published":
        stated = (
            value.isoformat()[:10] if isinstance(value, date) else date_of(value) if isinstance(value, str) else None
        )
        if stated is None and value != "":
            raise SettingsError(f"{where}: {path!r} has published = {value!r}; write a date, as 2019-05-14.")
        return stated or ""
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {path!r} has {key} = {value!r}; write a text in quotes.")
    return clean(value)


def article_id_of(text: str) -> str:
    """Return the id of a text: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def parse_article(path: str, text: str, overrides: Overrides) -> Article:
    """Return the article that a text is, under a relative path.

    What the overrides state about the path stands before what the text states.

    Raises:
        ArticleError: the text is empty, or nothing in it is the article's own.
    """
    if not text.strip():
        raise ArticleError("is empty")
    layout = read_layout(text)
    if not layout.body:
        raise ArticleError("holds no paragraph of its own, only links, labels or decoration")
    known: Facts = {**layout.facts, **overrides.get(path, {})}
    return Article(
        article_id=article_id_of(text),
        path=path,
        text=text,
        body=layout.body,
        title=known.get("title") or None,
        source=known.get("source") or None,
        author=known.get("author") or None,
        published=known.get("published") or None,
    )
