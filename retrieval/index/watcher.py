"""Keep the index up to date with its folder until told to stop: by the system's word, and by looking now and then.

The system's watchers miss events, and network folders have none; so the whole folder is looked through every so
often too. One call runs in one thread, in the terminal's process or in a bot's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from retrieval.concurrency.retries import pause_after
from retrieval.errors import (
    EmbeddingError,
    EndedError,
    IndexBusyError,
    SanadError,
    SettingsError,
    UnexpectedError,
    UnwatchedError,
)
from retrieval.types import Extent, OnProgress, Progress, RefreshReport

TICK_SECONDS = 0.25  # between two looks whether there is anything to do
DEBOUNCE_SECONDS = 1.6  # for which changes are gathered, at most
STEP_SECONDS = 0.1  # of quiet, after which they count as gathered
SETTLING_SECONDS = 2.5  # until a file that was being written is looked at again
BUSY_SECONDS = 1.0  # until another process that was writing the index is asked again
FIRST_PAUSE_SECONDS = 1.0  # after a first failure; doubled after each further one, up to the time between two looks


class Refreshable(Protocol):
    """What is kept up to date: an `Index`."""

    def refresh(
        self, folder: Path, on_progress: OnProgress | None = None, wait: float = ..., extent: Extent = "all"
    ) -> RefreshReport:
        """Make the index show what the folder holds, and to some extent make its vectors."""
        ...


class _StoppedError(Exception):
    """The watcher was told to stop while it was reading files or making vectors."""


def watch(
    index: Refreshable,
    folder: Path,
    stop: threading.Event,
    on_report: Callable[[RefreshReport], None],
    on_trouble: Callable[[SanadError], None],
    *,
    every: float,
) -> None:
    """Refresh the index whenever the folder changes, until `stop` is set; vectors are made in between.

    Whatever fails is tried again, after a pause that grows; a folder that has vanished is waited for, and nothing is
    removed from the index meanwhile.

    Args:
        index: What to refresh.
        folder: The articles' folder.
        stop: Ends it, between two files or two batches of texts at the latest; what was begun is undone.
        on_report: Told of each refresh, also of one that changed nothing.
        on_trouble: Told why a refresh failed, or why vectors are missing, of the same trouble only once until it is
            over; and by `UnwatchedError` that the system tells of no changes, so that only looking finds them.
        every: Seconds between two looks through the whole folder, at most.
    """
    due = time.monotonic()
    failures = 0
    is_waiting = False  # until the pause is over, whatever happens in the folder
    pending = 0  # articles without vectors
    complain = _Complaints(on_trouble)

    def check(_: Progress) -> None:
        if stop.is_set():
            raise _StoppedError

    for changed in _ticks(folder, stop, on_trouble, every):
        if time.monotonic() < due and (is_waiting or not changed):
            continue
        try:
            report = _refresh(index, folder, check, "segment" if pending else "none")  # what is new is searchable first
        except (_StoppedError, EndedError):
            return
        except IndexBusyError:
            due, is_waiting = time.monotonic() + BUSY_SECONDS, True
        except SanadError as error:
            failures += 1
            due = time.monotonic() + pause_after(failures, FIRST_PAUSE_SECONDS, every)
            is_waiting = not isinstance(error, SettingsError)  # which a change in the folder may have corrected
            complain(error)
        else:
            on_report(report)
            complain(EmbeddingError(report.failure) if report.failure else None)
            failures, is_waiting = failures + 1 if report.failure else 0, False
            due = time.monotonic() + _until_next(report, pending, failures, every)
            pending = report.pending


class _Complaints:
    """Says what is wrong, the same only once until it is over."""

    def __init__(self, say: Callable[[SanadError], None]) -> None:
        self._say = say
        self._said: str | None = None

    def __call__(self, error: SanadError | None) -> None:
        before, self._said = self._said, str(error) if error else None
        if error and self._said != before:
            self._say(error)


def _until_next(report: RefreshReport, pending: int, failures: int, every: float) -> float:
    """Return the seconds until the folder is looked at again, though nothing happens there."""
    if report.failure:
        return pause_after(failures, FIRST_PAUSE_SECONDS, every)
    if report.pending:
        return 0.0 if report.pending != pending else BUSY_SECONDS  # where another process makes them
    return min(SETTLING_SECONDS, every) if report.unsettled else every


def _refresh(index: Refreshable, folder: Path, on_progress: OnProgress, extent: Extent) -> RefreshReport:
    """Refresh once; nobody else would look into the folder again, so whatever fails is an error of ours.

    Raises:
        SanadError: it failed.
    """
    try:
        return index.refresh(folder, on_progress, wait=0, extent=extent)
    except (KeyboardInterrupt, SystemExit, SanadError, _StoppedError):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        raise UnexpectedError(f"The articles could not be taken in ({_reason(error)}).") from error


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _ticks(
    folder: Path, stop: threading.Event, on_trouble: Callable[[SanadError], None], every: float
) -> Iterator[bool]:
    """Yield every moment whether the folder may have changed; it may have while nobody watched it."""
    failures = 0
    while not stop.is_set():
        if _identity(folder) is None:
            yield True
            while not stop.wait(TICK_SECONDS) and _identity(folder) is None:
                yield False
            continue
        may_have_changed = True
        try:
            for changed in _watched(folder, stop):
                yield changed or may_have_changed
                may_have_changed, failures = False, 0
        except Exception as error:  # noqa: BLE001 - the system has no watcher to give: then time alone counts
            yield may_have_changed
            if _identity(folder) is None:  # it has just vanished, which a refresh will say
                continue
            failures += 1
            if failures == 1:
                reason = f"The system does not tell of changes in {folder} ({_reason(error)})"
                on_trouble(UnwatchedError(f"{reason}; it is looked through every {every:g} seconds instead."))
            again = time.monotonic() + pause_after(failures, FIRST_PAUSE_SECONDS, every)
            while time.monotonic() < again and not stop.wait(TICK_SECONDS):
                yield False


def _watched(folder: Path, stop: threading.Event) -> Iterator[bool]:
    """Yield every moment whether the system tells of a change, as long as the folder is this one."""
    import watchfiles

    identity = _identity(folder)
    for changes in watchfiles.watch(
        folder,
        watch_filter=lambda _, path: _counts(folder, path),
        debounce=round(1000 * DEBOUNCE_SECONDS),
        step=round(1000 * STEP_SECONDS),
        rust_timeout=round(1000 * TICK_SECONDS),
        stop_event=stop,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        yield bool(changes)
        if _identity(folder) != identity:
            return


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one that was put in its place; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _counts(folder: Path, path: str) -> bool:
    """Tell whether a change concerns the articles; what is hidden does not, such as an index kept in their folder."""
    places = (place for place in (folder.absolute(), folder.resolve()) if Path(path).is_relative_to(place))
    return not any(part.startswith(".") for place in places for part in Path(path).relative_to(place).parts)
