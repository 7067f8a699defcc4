"""A watcher whose process runs out of file descriptors and gets some again; a test starts it as its own process."""

from __future__ import annotations

import os
import queue
import resource
import sys
import threading
from pathlib import Path

from support.builders.folder import EMBEDDER

from retrieval.errors import SanadError, UnwatchedError
from retrieval.index import watcher
from retrieval.index.index import Index
from retrieval.types import RefreshReport

PATIENCE = 20.0  # seconds
MOST_LEFT = 10  # descriptors; with so many a refresh goes through


def main(data: Path, folder: Path) -> None:
    """Let each call of a refresh fail in turn: leave it no descriptor, then one, then two, and so on."""
    watcher.FIRST_PAUSE_SECONDS = 0.05
    told: queue.Queue[RefreshReport | SanadError] = queue.Queue()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    stop = threading.Event()
    reasons = set()
    with Index.open(data, EMBEDDER) as index:
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(open_ones()), hard))
        args = (index, folder, stop, told.put, told.put)
        thread = threading.Thread(target=watcher.watch, args=args, kwargs={"every": 0.2}, daemon=True)
        thread.start()
        for left in range(MOST_LEFT):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            (folder / f"{left}.txt").write_text(f"افتتح وزير الري السد رقم {left} على النهر.", encoding="utf-8")
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(open_ones()) + left, hard))
            fillers = fill(left)
            while isinstance(news := told.get(timeout=PATIENCE), UnwatchedError):
                pass
            if isinstance(news, SanadError):
                reasons.add(str(news))
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for filler in fillers:
                os.close(filler)
            while not isinstance(news, RefreshReport):
                news = told.get(timeout=PATIENCE)
        while index.catalog.article_count() <= MOST_LEFT:
            told.get(timeout=PATIENCE)
        stop.set()
        thread.join(PATIENCE)
    sys.stdout.write("\n".join(reasons))


def open_ones() -> list[int]:
    """Return the descriptors that are open, and the one that it takes to look."""
    return [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]


def fill(but: int) -> list[int]:
    """Take every descriptor that is left below the limit, but so many."""
    taken = []
    try:
        while True:
            taken.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for _ in range(min(but, len(taken))):
            os.close(taken.pop())
        return taken


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
