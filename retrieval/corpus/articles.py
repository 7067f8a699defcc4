"""From files to articles: which files count, how they are read, and what `articles.toml` says of them."""

from __future__ import annotations

import hashlib
import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import get_args

from retrieval.errors import ArticleError, SettingsError
from retrieval.extraction.metadata import Facts, Field, merge_facts
from retrieval.extraction.page_layout import read_layout
from retrieval.nlp.dates import date_of
from retrieval.nlp.display import clean, is_hidden
from retrieval.readers.document import Begin, ReadScan, SourceDocument, UniqueNames, unobserved
from retrieval.readers.registry import READABLE_SUFFIXES, check_size, most_bytes, read_document, read_members
from retrieval.readers.tabular import ALIASES
from retrieval.types import Article, Failure

OVERRIDES_NAME = "articles.toml"
COLUMNS = "columns."  # before the name of a column, in what is stated of a container

_FIELDS: tuple[Field, ...] = get_args(Field)
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
            "Name an existing folder of articles: SANAD_ARTICLES_DIR=FOLDER"
        ) from error
    unlisted: list[Path] = []
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: unlisted.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and name.lower().endswith(READABLE_SUFFIXES)
        ]
    return sorted(found + unlisted, key=lambda path: path_of(folder, path))


def path_of(folder: Path, path: Path) -> str:
    r"""Return the path that names a file inside its folder: forward slashes, and fit to be stored and shown.

    >>> path_of(Path("seeds"), Path("seeds/أخبار/a b.txt")), path_of(Path("seeds"), Path("seeds/\udcff\x1b.txt"))
    ('أخبار/a b.txt', '\\xff\\x1b.txt')
    """
    inside = f"{os.fspath(folder).rstrip(os.sep)}{os.sep}"
    # By hand, as pathlib takes ten times as long.
    return _shown_path(os.fspath(path).removeprefix(inside).replace(os.sep, "/"))


def _shown_path(path: str) -> str:
    """Write bytes that are no UTF-8, control characters and characters that reorder text as escapes.

    The backslash is escaped too, so that two files never share a path.
    """
    if path.isprintable() and "\\" not in path:
        return path
    return "".join(_shown(letter) for letter in path)


def _shown(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":  # how Python carries a byte that is no UTF-8
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii") if letter == "\\" or is_hidden(letter) else letter


def read_article(folder: Path, path: Path, overrides: Overrides, scans: ReadScan | None = None) -> Article:
    """Return the article in a file that holds one; `scans` reads a PDF whose letters tell nothing.

    Raises:
        ArticleError: the file cannot be read as one; the message is the reason alone, on one line.
    """
    name = path_of(folder, path)
    return article_of(name, read_document(path.name, read_bytes(folder, path), scans), overrides)


def read_documents(
    folder: Path, path: Path, overrides: Overrides, begin: Begin = unobserved, scans: ReadScan | None = None
) -> Iterator[tuple[str, SourceDocument | Failure]]:
    """Yield what a container holds: the path of each member, below the container's, and its document or failure.

    `begin` is called before each member is read, and may raise an `ArticleError` to have it passed over.

    Raises:
        ArticleError: as `read_article`, of the container as a whole.
    """
    container = path_of(folder, path)
    stated = overrides.get(container, {})
    columns = {key.removeprefix(COLUMNS): name for key, name in stated.items() if key.startswith(COLUMNS)}
    names = UniqueNames()  # "in.zip/a.txt" may be a file of a folder, and one in an archive of the folder's name
    for member in read_members(path.name, read_bytes(folder, path), columns, begin, scans):
        name = names.free(f"{container}/{_shown_path(member.name)}")
        yield name, Failure(name, member.content) if isinstance(member.content, str) else member.content


def read_bytes(folder: Path, path: Path) -> bytes:
    """Return what a file holds, up to what its format may have.

    Raises:
        ArticleError: as `read_article`.
    """
    try:
        return _read_bytes(folder, path)
    except FileNotFoundError as error:
        raise ArticleError("is no longer there, or is a link to nothing") from error
    except PermissionError as error:
        raise ArticleError("cannot be opened: permission denied; allow reading it (chmod +r)") from error
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror}") from error


def _read_bytes(folder: Path, path: Path) -> bytes:
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise ArticleError("is a link that leads out of the articles' folder; copy the file into the folder")
    if path.is_dir():
        raise ArticleError("is a folder that cannot be listed: permission denied; allow listing it (chmod +rx)")
    return read_bounded(path)


def read_bounded(path: Path) -> bytes:
    """Return what a regular file holds, up to what its format may have.

    Raises:
        ArticleError: it is no regular file, or too large; the message is the reason alone.
        OSError: it cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("is no regular file (a pipe, a socket or a device)")
    check_size(path.name, status.st_size)
    with path.open("rb") as file:
        data = file.read(most_bytes(path.name) + 1)
    check_size(path.name, len(data))  # it may have grown
    return data


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
    columns = table.pop("columns", {})
    return _columns(where, path, columns) | {
        key: _stated_by_key(where, path, key, value) for key, value in table.items()
    }


def _columns(where: Path, path: str, columns: object) -> Facts:
    """Return which column of a table of articles is which of ours, under the keys that `read_documents` looks for."""
    if not isinstance(columns, dict) or not all(
        key in ALIASES and isinstance(name, str) and name for key, name in columns.items()
    ):
        raise SettingsError(
            f'{where}: {path!r} has columns = {columns!r}; name them as in columns.text = "Body"; '
            f"known are {', '.join(ALIASES)}."
        )
    return {f"{COLUMNS}{key}": name for key, name in columns.items()}


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


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text, in UTF-8, as hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def article_id_of(text: str) -> str:
    """Return the id of a text: the first 12 hex digits of its SHA-256."""
    return text_digest(text)[:12]


def parse_article(path: str, text: str, overrides: Overrides) -> Article:
    """Return the article that a text is, under a relative path; see `article_of`."""
    return article_of(path, SourceDocument(text, "txt"), overrides)


def article_of(path: str, document: SourceDocument, overrides: Overrides, container: str | None = None) -> Article:
    """Return the article that a document is, under a relative path.

    What the overrides state about the path, then about its container, stands before what the format states, and
    that before what the text states.

    Raises:
        ArticleError: the text is empty, or nothing in it is the article's own.
    """
    text = document.text
    if not text.strip():
        raise ArticleError("is empty")
    try:
        digest = text_digest(text)
    except UnicodeEncodeError as error:
        raise ArticleError("has half a character, a lone surrogate, in its text") from error
    layout = read_layout(text)
    if not layout.body:
        raise ArticleError("holds no paragraph of its own, only links, labels or decoration")
    of_container = overrides.get(container, {}) if container else {}
    stated = document.facts
    if (title := stated.get("title")) == PurePosixPath(path).stem and title not in text:
        stated = {field: value for field, value in stated.items() if field != "title"}  # the file's name, by a scanner
    known = merge_facts(overrides.get(path, {}), of_container, stated, layout.facts)
    return Article(
        article_id=digest[:12],
        path=path,
        text=text,
        body=layout.body,
        encoding=document.encoding,
        format=document.format,
        url=document.url,
        text_sha256=digest,
        **{field: known.get(field) or None for field in _FIELDS},
    )
