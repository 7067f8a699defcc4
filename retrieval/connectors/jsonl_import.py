"""Bring exported articles into the articles' folder, exact to the byte.

What a text does not state by itself goes into `articles.toml`; what cannot be a text file under its own path, as
a PDF or a member of an archive, gets a name near it, and a note of the path that it had.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.connectors.jsonl import FIELDS, LONGEST_JSON_LINE, ExportedArticle, path_of_export, read_line
from retrieval.corpus.articles import (
    OVERRIDES_NAME,
    Overrides,
    article_id_of,
    parse_article,
    read_article,
    read_documents,
    read_overrides,
)
from retrieval.corpus.atomic_files import settle_file, staged
from retrieval.corpus.corrections import state_facts
from retrieval.corpus.origins import Origin, bytes_digest, note_origins, read_origins
from retrieval.errors import ArticleError, SettingsError
from retrieval.extraction.metadata import Facts, merge_facts
from retrieval.readers.registry import is_container
from retrieval.types import Article, Failure, OnProgress, Progress


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; each entry is a path of the folder."""

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    same: int
    failed: tuple[Failure, ...]  # by the number of the line


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of one line."""

    target: str  # the path of its file
    is_there: bool  # with the same text
    is_other: bool  # with another text
    origin: Origin | None
    stated: Facts  # what articles.toml has to say


def import_file(folder: Path, file: Path, on_progress: OnProgress | None = None, *, force: bool = False) -> Imported:
    """Write the articles of an export into the articles' folder; what is there already is left as it is.

    All lines are looked at before the first file is written. An import that was broken off is completed by
    doing it again.

    Args:
        folder: The articles' folder.
        file: What `sanad export` wrote.
        on_progress: Called after each line that is written.
        force: Whether a file with other content is replaced.

    Raises:
        SettingsError: the export cannot be read, or the folder not be written.
    """
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise SettingsError(f"{file} can be read once only, and an import reads twice. Write it to a file first.")
    plans, failed = _plan(folder, file)
    if not force:
        failed += [
            (number, f"{plan.target} is there with other content; `--force` replaces it")
            for number, plan in plans.items()
            if plan.is_other
        ]
        plans = {number: plan for number, plan in plans.items() if not plan.is_other}
    state_facts(folder, {plan.target: plan.stated for plan in plans.values() if plan.stated})
    written: dict[int, _Plan] = {}
    done = 0
    for number, data in _lines(file):
        plan = plans.get(number)
        if plan and not plan.is_there:
            try:
                _write(folder, plan.target, read_line(data).text, over=plan.is_other)
                written[number] = plan
            except ArticleError as error:
                failed.append((number, str(error)))
            except FileExistsError:
                failed.append((number, f"{plan.target} has appeared meanwhile; import again"))
        if plan and on_progress:
            done += 1
            on_progress(Progress(done, len(plans), plan.target))
    origins = read_origins(folder)
    here = [plan for number, plan in plans.items() if plan.is_there or number in written]
    note_origins(folder, [plan.origin for plan in here if plan.origin and origins.get(plan.target) != plan.origin])
    return Imported(
        new=tuple(plan.target for plan in written.values() if not plan.is_other),
        replaced=tuple(plan.target for plan in written.values() if plan.is_other),
        same=sum(plan.is_there for plan in plans.values()),
        failed=tuple(Failure(f"line {number}", reason) for number, reason in sorted(failed)),
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that say something, with their numbers from 1; a longer one than may be is cut."""
    try:
        with file.open("rb") as opened:
            number = 0
            while data := opened.readline(LONGEST_JSON_LINE + 1):
                number += 1
                rest = data
                while not rest.endswith(b"\n") and (rest := opened.readline(LONGEST_JSON_LINE)):
                    pass
                data = data.removeprefix(codecs.BOM_UTF8) if number == 1 else data
                if data.strip():
                    yield number, data
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}. Name a file that `sanad export` wrote."
        ) from error


def _plan(folder: Path, file: Path) -> tuple[dict[int, _Plan], list[tuple[int, str]]]:
    """Return what is to become of each line, by its number, and why nothing can become of others."""
    overrides = read_overrides(folder)
    containers = _Containers(folder, overrides)
    plans: dict[int, _Plan] = {}
    failed = []
    numbers: dict[str, int] = {}
    for number, data in _lines(file):
        try:
            line = read_line(data)
            plan = _plan_of(folder, line, overrides, containers)
        except ArticleError as error:
            failed.append((number, str(error)))
            continue
        except OSError as error:  # of the place, as of a path that is too long for the file system
            failed.append((number, f"has a path that cannot be used here: {error.strerror}"))
            continue
        if numbers.setdefault(plan.target, number) != number:
            failed.append((number, f"has the path of line {numbers[plan.target]}"))
        else:
            plans[number] = plan
    return plans, failed


class _Containers:
    """The tables and archives of a folder, each read once, where an export names a member of it."""

    def __init__(self, folder: Path, overrides: Overrides) -> None:
        self._folder = folder
        self._overrides = overrides
        self._ids: dict[Path, dict[str, str]] = {}  # by container, then by path

    def hold(self, line: ExportedArticle) -> bool:
        """Tell whether one has just this article under just this path."""
        for parent in PurePosixPath(line.path).parents:
            file = self._folder / parent
            if is_container(parent.name) and file.is_file():
                if file not in self._ids:
                    self._ids[file] = self._read(file)
                return self._ids[file].get(line.path) == article_id_of(line.text)
        return False

    def _read(self, file: Path) -> dict[str, str]:
        with suppress(ArticleError):
            return {
                path: article_id_of(content.text)
                for path, content in read_documents(self._folder, file, self._overrides)
                if not isinstance(content, Failure)
            }
        return {}


def _plan_of(folder: Path, line: ExportedArticle, overrides: Overrides, containers: _Containers) -> _Plan:
    target = path_of_export(line.path)
    if containers.hold(line):
        return _Plan(line.path, is_there=True, is_other=False, origin=None, stated={})
    for parent in PurePosixPath(target).parents:
        if (folder / parent).exists() and not (folder / parent).is_dir():
            raise ArticleError(f"{parent} is a file here and no folder; move it away, then import again")
    held = _held(folder, target)
    if target != line.path and (own := _held(folder, line.path)) and own.text == line.text:
        target, held = line.path, own
    is_there = held is not None and held.text == line.text
    article = held if held and is_there else parse_article(target, line.text, {})
    table = overrides.get(target, {})
    known = merge_facts(table, {field: value for field in FIELDS if (value := getattr(article, field))})
    stated: Facts = {field: said or "" for field, said in line.facts.items() if known.get(field, "") != (said or "")}
    if stated.keys() & {"published", "dated"}:  # of the dates one place decides
        dates: Facts = {"published": line.facts["published"] or "", "dated": line.facts["dated"] or ""}
        stated |= dates if dates["dated"] else {"published": dates["published"]}
    if stated and table:
        raise ArticleError(f"{OVERRIDES_NAME} says otherwise of {target}; take that table out, then import again")
    original = line.path if target != line.path else None
    written = bytes_digest((folder / target).read_bytes() if is_there else _bytes_of(line.text))
    origin = Origin(target, line.url, original, line.fetched, line.sha256, written if line.sha256 else None)
    tells = line.url or original or line.fetched or line.sha256 != origin.written
    return _Plan(target, is_there, (folder / target).exists() and not is_there, origin if tells else None, stated)


def _held(folder: Path, path: str) -> Article | None:
    """Return the article that stands in a file of the folder; None where there is no such file, or no article."""
    try:
        return read_article(folder, folder / path, {}) if (folder / path).is_file() else None
    except (ArticleError, OSError):
        return None


def _write(folder: Path, target: str, text: str, *, over: bool) -> None:
    """Write a text so that it reads back exactly.

    Raises:
        ArticleError: it cannot be read back so, as where it looks like another kind of file.
        FileExistsError: there is a file by that name meanwhile.
    """
    where = PurePosixPath(target)
    with staged(folder, str(where.parent), where.suffix, _bytes_of(text)) as place:
        if read_article(folder, place, {}).text != text:
            raise ArticleError("holds a text that no text file gives back")
        settle_file(place, folder / target, over=over)


def _bytes_of(text: str) -> bytes:
    """Return what a file holds that reads as a text: a reader takes one mark off, so one that begins so needs another.

    >>> _bytes_of("\ufeffa") == 2 * codecs.BOM_UTF8 + b"a"
    True
    """
    return (codecs.BOM_UTF8 if text.startswith("\ufeff") else b"") + text.encode()
