"""What `sanad index --watch` does until it is told to stop, and what it says."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.session import print_json
from bot.cli.streams import messages, readable

if TYPE_CHECKING:
    from retrieval.errors import SanadError
    from retrieval.index.index import Index
    from retrieval.types import Failure, RefreshReport

ENDING_SECONDS = 8.0  # for a file that is being read


def follow(index: Index, folder: Path, every: float, *, as_json: bool) -> None:
    """Keep an index up to date with a folder until Ctrl-C or a signal to end; what was begun then is undone."""
    from retrieval.index.watcher import watch
    from retrieval.nlp.display import visible

    stop = threading.Event()
    crash: list[BaseException] = []

    def work() -> None:
        try:
            watch(index, folder, stop, _Teller(as_json=as_json), complain, every=every)
        except BaseException as error:  # noqa: BLE001 - raised below, where it is seen
            crash.append(error)

    messages().print(f"Watching {visible(str(folder))}; Ctrl-C ends it.", style="dim")
    watcher = threading.Thread(target=work, name="watcher", daemon=True)
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        watcher.start()
        while watcher.is_alive() and not stop.is_set():
            watcher.join(1.0)
    except KeyboardInterrupt:
        messages().print("Ending.", style="dim")
    finally:
        stop.set()
        index.end()
        watcher.join(ENDING_SECONDS)
        signal.signal(signal.SIGTERM, before)
    if crash:
        raise crash[0]


def complain(error: SanadError) -> None:
    """Say why a refresh failed."""
    from retrieval.nlp.display import one_line

    messages().print(f"{one_line(readable(str(error)))} Trying again.", style="red")


class _Teller:
    """Says what each refresh has changed, a line each, and which files were set aside since the last one."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._failed: frozenset[Failure] = frozenset()

    def __call__(self, report: RefreshReport) -> None:
        from bot.rendering.json_forms import report_json
        from bot.rendering.terminal import changes_line, failure_lines

        new = [failure for failure in report.failed if failure not in self._failed]
        self._failed = frozenset(report.failed)
        line = changes_line(report)
        if self._as_json and (line or new):
            print_json(report_json(report))
        elif not self._as_json:
            for told in (*([line] if line else ()), *(f"Set aside: {fault}" for fault in failure_lines(new))):
                print(told, flush=True)
