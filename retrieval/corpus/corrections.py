"""What a person says of an article against what it says of itself: written into `articles.toml`, which is theirs too.

What stands there keeps its order, its comments and its form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from retrieval.corpus.articles import OVERRIDES_NAME
from retrieval.corpus.atomic_files import settle_file, staged
from retrieval.corpus.origins import Origin, note_origins
from retrieval.errors import ArticleError, SettingsError
from retrieval.extraction.metadata import Facts

_DATES = frozenset(("published", "dated"))  # one place decides of both


def state_facts(folder: Path, tables: Mapping[str, Facts]) -> None:
    """State facts of articles, by path; what else is stated of these stays.

    Raises:
        SettingsError: `articles.toml` cannot be read or written.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        for path, facts in tables.items():
            table = document.setdefault(path, tomlkit.table())
            for field in _DATES if facts.keys() & _DATES else ():
                table.pop(field, None)
            table.update(facts)

    if tables:
        _rewrite(folder, change)


def move_statements(folder: Path, old: str, new: str) -> None:
    """State of a file, and of what it holds, what was stated of it under another path."""

    def change(document: tomlkit.TOMLDocument) -> None:
        for path in _speaking_of(document, old):
            document[new + path.removeprefix(old)] = document.pop(path)

    _rewrite(folder, change)


def remove_file(folder: Path, path: str) -> None:
    """Remove a file from the articles' folder, with what was stated and noted of it, so that no later one has that.

    Raises:
        ArticleError: there is no such file; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    check_is_there(folder, path)
    try:
        (folder / path).unlink()
    except OSError as error:
        raise SettingsError(f"{folder / path} cannot be removed: {error.strerror}.") from error
    note_origins(folder, [Origin(path)])

    def change(document: tomlkit.TOMLDocument) -> None:
        for stated in _speaking_of(document, path):
            document.pop(stated)

    _rewrite(folder, change)


def check_is_there(folder: Path, path: str) -> None:
    """Refuse a path where no file of the folder stands.

    Raises:
        ArticleError: there is none; the message is the reason alone.
    """
    file = folder / path
    if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
        raise ArticleError("is no longer there")


def _speaking_of(document: tomlkit.TOMLDocument, path: str) -> list[str]:
    """Return the tables that speak of a file, or of what it holds."""
    return [stated for stated in document if stated == path or stated.startswith(f"{path}/")]


def _rewrite(folder: Path, change: Callable[[tomlkit.TOMLDocument], None]) -> None:
    where = folder / OVERRIDES_NAME
    try:
        before = where.read_text(encoding="utf-8-sig") if where.exists() else ""
        document = tomlkit.parse(before)
    except (OSError, ValueError, TOMLKitError) as error:
        raise SettingsError(f"{where} cannot be read as TOML ({error}). Correct it, or move it away.") from error
    change(document)
    after = tomlkit.dumps(document)
    if after != before:
        with staged(folder, ".", ".tmp", after.encode()) as place:
            settle_file(place, where, over=True)
