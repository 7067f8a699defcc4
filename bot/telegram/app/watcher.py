"""The watcher: a thread that takes in what changes in the articles' folder, and what it says to an operator."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Self

from bot.rendering.terminal import changes_line
from retrieval.errors import SanadError, UnexpectedError, UnwatchedError
from retrieval.index.watcher import watch

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.index.index import Index
    from retrieval.types import RefreshReport

log = logging.getLogger(__name__)

LAST_SECONDS = 0.5  # for the thread to end


class Watcher:
    """Keeps the index up to date with the folder while it is entered."""

    def __init__(self, index: Index, folder: Path, every: float) -> None:
        """Take what is kept up to date, and the seconds between two looks through the whole folder."""
        self._index, self._folder, self._every = index, folder, every
        self._trouble: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watcher", daemon=True)

    def trouble(self) -> str | None:
        """Return what keeps changes from being taken in; None where nothing does."""
        return self._trouble

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._index.interrupt()  # a file that takes its time holds no end up
        self._thread.join(LAST_SECONDS)  # it may wait for a server; what it does not finish, the next start does

    def _work(self) -> None:
        try:
            watch(self._index, self._folder, self._stop, self._tell, self._complain, every=self._every)
        except BaseException as error:
            self._trouble = f"has ended ({type(error).__name__}); a restart helps"
            log.exception("What changes in the articles' folder is not taken in any more.")

    def _tell(self, report: RefreshReport) -> None:
        if self._trouble is not None and report.failure is None:
            log.info("The articles' folder can be taken in again.")
            self._trouble = None
        if line := changes_line(report):
            log.info("%s", line)

    def _complain(self, error: SanadError) -> None:
        if isinstance(error, UnwatchedError):  # changes are found all the same, only later
            log.warning("%s", error)
            return
        self._trouble = str(error)
        trace = error.__cause__ if isinstance(error, UnexpectedError) else None
        log.warning("%s Trying again.", error, exc_info=trace)
