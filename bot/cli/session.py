"""What several commands share: an index that is up to date, progress, and how questions come in and JSON goes out."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.streams import lines, messages, readable
from retrieval.errors import EmptyIndexError, IndexBusyError
from retrieval.types import Progress

if TYPE_CHECKING:
    from rich.console import Console

    from bot.config.settings import Settings
    from retrieval.answering.sanad import Sanad
    from retrieval.index.index import Index
    from retrieval.nlp.dates import Period
    from retrieval.types import Filters, OnProgress

ShowStage = Callable[[str | None], None]  # what is being done, until the next is shown; None takes it away

LEAST_SAID = 60.0  # seconds left; fewer are not worth a word
TERMINATED = 128 + signal.SIGTERM  # the exit code, as a shell has it of what the signal ends

Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help='From that day, month or year on: 2019-05-14, 2019-05, 2019 or "مايو 2019".'
    ),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to that day, month or year, within.")]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Only from this source, in either script: Reuters is رويترز."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


@contextmanager
def current(settings: Settings) -> Iterator[tuple[Index, Callable[[], None]]]:
    """Open the index, up to date with its folder; give it, and what brings it up to date again."""
    from bot.config.wiring import open_index

    with open_index(settings) as opened:
        tell_stand_in(opened, settings)

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
        if opened.catalog.is_empty:
            raise EmptyIndexError(
                f"There are no articles in {folder}. Put some there, or set SANAD_ARTICLES_DIR to a folder"
                " that has some; `sanad index` names the files that could not be read."
            )
        yield opened, refresh


def answerer(index: Index, settings: Settings) -> Sanad:
    """Return what answers; its import is slow, and waits until the index stands."""
    from bot.config.wiring import make_sanad

    return make_sanad(index, settings)


def tell_pending(index: Index) -> None:
    """Say how to get the vectors that are missing."""
    from bot.rendering.terminal import pending_line

    if count := index.catalog.pending_count():
        messages().print(pending_line(count), style="dim")


@contextmanager
def stages(screen: Console) -> Iterator[ShowStage]:
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


@contextmanager
def unwinding() -> Iterator[None]:
    """Let SIGTERM end a command from within, so that a terminal gets its cursor and its line editing back."""

    def end(*_: object) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def tell_stand_in(opened: Index, settings: Settings) -> None:
    """Say on standard error that hashing stands in for the embedding model; once, before its index is first made."""
    from bot.config.wiring import stand_in_notice

    if opened.catalog.is_empty and (notice := stand_in_notice(settings)):
        messages().print(notice, style="dim")


def _refresh(opened: Index, folder: Path) -> None:
    """Bring the index up to date, with its vectors where they are few, and say on standard error what that changed."""
    from bot.rendering.terminal import changes_line
    from retrieval.index.index import WAIT_SECONDS

    wait = WAIT_SECONDS if opened.catalog.is_empty else 0.0
    try:
        with progress_bar() as on_progress:
            report = opened.refresh(folder, on_progress, wait, "few")
    except IndexBusyError:
        if opened.catalog.is_empty:
            raise
        messages().print("Another process is indexing; this answers from the index as it stands.", style="dim")
        return
    if line := changes_line(report):
        messages().print(line, style="dim")
    if report.failure:
        messages().print(f"{report.failure} This answers by words where vectors are missing.", style="dim")


@contextmanager
def progress_bar() -> Iterator[OnProgress | None]:
    """Give what reports progress on a terminal's standard error; None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from retrieval.nlp.display import for_screen

    beside = TextColumn("{task.fields[path]}", markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), beside)
    started: dict[str, tuple[float, int]] = {}  # when each phase began, and how far it was then
    with Bar(*columns, console=messages(), transient=True) as bar:
        task = bar.add_task("", total=None, path="", visible=False)

        def advance(progress: Progress) -> None:
            began, before = started.setdefault(progress.phase, (time.monotonic(), progress.done))
            left = time_left(progress, time.monotonic() - began, before) if progress.phase == "vectors" else ""
            bar.update(
                task,
                description=progress.phase,
                completed=progress.done,
                total=progress.total,
                path=left or for_screen(progress.path),
                visible=True,
            )

        yield advance


def time_left(progress: Progress, seconds: float, before: int) -> str:
    """Return how long a phase will go on, which has come from `before` to where it is in some seconds.

    >>> time_left(Progress(3_400, 51_000, "", "vectors"), 60.0, 400), time_left(Progress(8, 9, "", "vectors"), 1.0, 8)
    ('16 min left', '')
    """
    done = progress.done - before
    left = seconds * (progress.total - progress.done) / done if done else 0.0
    return f"{left / 60:.0f} min left" if left >= LEAST_SAID else ""


def asked_questions(argument: str | None, command: str) -> Iterator[str]:
    """Return the questions: the one given, or the lines of standard input."""
    if argument is None:
        if sys.stdin.isatty():
            raise typer.BadParameter(f'say what you look for, as in {command} "إدلب", or pipe one question a line.')
        return map(readable, lines(sys.stdin))
    if not argument.strip():
        raise typer.BadParameter("it is empty.")
    return iter([readable(argument)])


def filters_of(since: str | None, until: str | None, source: str | None) -> Filters:
    """Return the filters that options name."""
    from retrieval.types import Filters

    first, last = _period("--since", since), _period("--until", until)
    if first and last and first.first > last.last:
        raise typer.BadParameter("it is before --since.", param_hint="'--until'")
    if source is not None and not source.strip():
        raise typer.BadParameter("it is empty.", param_hint="'--source'")
    named = readable(source).strip() if source else None
    return Filters(first.first if first else None, last.last if last else None, named)


def _period(option: str, value: str | None) -> Period | None:
    from retrieval.nlp.dates import period_of

    if value is None:
        return None
    if period := period_of(readable(value)):
        return period
    wanted = 'write 2019-05-14, 2019-05, 2019 or "مايو 2019"'
    raise typer.BadParameter(f"{readable(value)!r} is no date; {wanted}.", param_hint=f"'{option}'")


def print_json(value: object) -> None:
    """Print a value as one line of JSON."""
    print(json.dumps(value, ensure_ascii=False), flush=True)
