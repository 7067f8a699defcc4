"""What a conversation leaves to a thread: the vectors that are missing, made while somebody asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import EndedError
from retrieval.index.index import Index
from retrieval.types import Progress

JOINED_SECONDS = 2.0  # for the thread to end; what it does not finish, the next start does


@contextmanager
def vectors_in_background(index: Index, folder: Path) -> Iterator[Callable[[], str | None]]:
    """Make missing vectors in a thread; give what tells once why some could not be made."""
    stop = threading.Event()
    troubles: list[str] = []

    def check(_: Progress) -> None:
        if stop.is_set():
            raise EndedError

    def work() -> None:
        try:
            report = index.refresh(folder, check, wait=0.0)
            trouble = report.failure
        except Exception as error:  # noqa: BLE001 - told at the next question
            trouble = str(error)
        if trouble and not stop.is_set():
            troubles.append(trouble)

    thread = threading.Thread(target=work, name="vectors", daemon=True)
    if index.catalog.pending_count():
        thread.start()
    try:
        yield lambda: troubles.pop() if troubles else None
    finally:
        stop.set()
        index.interrupt()
        if thread.ident:
            thread.join(JOINED_SECONDS)
