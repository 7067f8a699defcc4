"""What several commands share: an index that is up to date, progress, and how questions come in and JSON goes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.streams import lines, messages, readable
from retrieval.errors import EmbeddingError, EmptyIndexError, IndexBusyError, VectorsError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.chat import Show
    from bot.settings import Settings
    from retrieval.index import Index
    from retrieval.sanad import Sanad
    from retrieval.types import OnProgress

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


@contextmanager
def current(settings: Settings) -> Iterator[tuple[Index, Callable[[], None]]]:
    """Open the index, up to date with its folder; give it, and what brings it up to date again."""
    from bot.wiring import open_index

    with open_index(settings) as opened:

        def refresh() -> None:
            _refresh(opened, settings.articles_dir)

        refresh()
        yield opened, refresh


@contextmanager
def ready(settings: Settings) -> Iterator[tuple[Index, Callable[[], None]]]:
    """Do as `current`, for who cannot do without articles.

    Raises:
        EmptyIndexError: there are none.
    """
    folder = settings.articles_dir
    with current(settings) as (opened, refresh):
        if opened.is_empty:
            raise EmptyIndexError(
                f"There are no articles in {folder}. Put some there, or set SANAD_ARTICLES_DIR to a folder"
                " that has some; `sanad index` names the files that could not be read."
            )
        yield opened, refresh


def answerer(index: Index, settings: Settings) -> Sanad:
    """Return what answers; its import is slow, and waits until the index stands."""
    from bot.wiring import make_sanad

    return make_sanad(index, settings)


@contextmanager
def stages(screen: Console) -> Iterator[Show]:
    """Give what shows on a terminal, until something else is shown, what is being done."""
    if not screen.is_terminal:
        yield lambda _: None
        return
    from rich.text import Text

    status = screen.status("")

    def show(stage: str | None) -> None:
        if stage is None:
            status.stop()
        else:
            status.update(Text(stage))
            status.start()

    try:
        yield show
    finally:
        status.stop()


def _refresh(opened: Index, folder: Path) -> None:
    """Bring the index up to date, and say on standard error what that changed."""
    from bot.terminal import changes_line

    is_first = opened.is_empty
    try:
        with progress_bar() as on_progress:
            report = opened.refresh(folder, on_progress) if is_first else opened.refresh(folder, on_progress, wait=0)
    except IndexBusyError:
        if is_first:
            raise
        messages().print("Another process is indexing; this answers from the index as it stands.", style="dim")
        return
    except (EmbeddingError, VectorsError) as error:
        if is_first:
            raise
        messages().print(f"{error} This answers from the index as it stands.", style="dim")
        return
    if line := changes_line(report):
        messages().print(line, style="dim")


@contextmanager
def progress_bar() -> Iterator[OnProgress | None]:
    """Give what reports progress on a terminal's standard error; None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from bot.render import for_screen
    from retrieval.types import Progress as Progressed

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[path]}", markup=False))
    with Progress(*columns, console=messages(), transient=True) as bar:
        task = bar.add_task("", total=None, path="", visible=False)

        def advance(progress: Progressed) -> None:
            shown = for_screen(progress.path)
            bar.update(task, completed=progress.done, total=progress.total, path=shown, visible=True)

        yield advance


def asked_questions(argument: str | None, command: str) -> Iterator[str]:
    """Return the questions: the one given, or the lines of standard input."""
    if argument is None:
        if sys.stdin.isatty():
            raise typer.BadParameter(f'say what you look for, as in {command} "إدلب", or pipe one question a line.')
        return map(readable, lines(sys.stdin))
    if not argument.strip():
        raise typer.BadParameter("it is empty.")
    return iter([readable(argument)])


def print_json(value: object) -> None:
    """Print a value as one line of JSON."""
    print(json.dumps(value, ensure_ascii=False), flush=True)
