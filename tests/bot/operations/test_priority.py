"""Who goes first: a thread that gives way does so alone, with the threads that it starts."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from bot.operations.priority import NICENESS, give_way


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, niceness is that of the whole process")
def test_a_thread_that_gives_way_takes_along_only_the_threads_that_it_starts() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[int] = []

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def work() -> None:
        give_way()
        look()
        child = threading.Thread(target=look)
        child.start()
        child.join()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert seen == [max(before, NICENESS)] * 2
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
