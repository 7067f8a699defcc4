"""Threads and calls that hold up nobody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.concurrency.threads import Calls, DaemonThreads, run
from retrieval.errors import EndedError

WATCHDOG = 30.0  # seconds, after which a test fails that would else hang


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Return what hangs until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_no_more_threads_than_there_may_be_and_the_rest_waits_its_turn() -> None:
    at_once, most, guard = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        with guard:
            at_once -= 1
        return number

    pool = DaemonThreads(3, "test")
    assert list(pool.map(work, range(200))) == list(range(200))
    assert most <= 3


def test_errors_come_back_to_who_asked() -> None:
    def broken() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        DaemonThreads(1, "test").submit(broken).result(WATCHDOG)
    with pytest.raises(ValueError, match="no"):
        Calls().run(broken)


def test_a_pool_that_is_shut_down_waits_for_nobody_and_drops_what_has_not_begun(hanging: threading.Event) -> None:
    pool = DaemonThreads(1, "test")
    begun, waiting = pool.submit(hanging.wait), pool.submit(int)
    while not begun.running():
        time.sleep(0.001)
    pool.shutdown(wait=True, cancel_futures=True)
    assert (begun.done(), waiting.cancelled()) == (False, True)
    with pytest.raises(RuntimeError):
        pool.submit(int)


def test_calls_that_are_ended_let_everybody_go_now_and_later(hanging: threading.Event) -> None:
    calls = Calls()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(calls.run, hanging.wait) for _ in range(3)] + [pool.submit(calls.pause, 600)]
        calls.end()
        calls.end()
        assert [type(call.exception(WATCHDOG)) for call in waiting] == [EndedError] * 4
    for late in (lambda: calls.run(int), calls.check, lambda: calls.pause(0)):
        with pytest.raises(EndedError):
            late()


def test_a_pause_lasts_no_longer_than_it_should() -> None:
    Calls().pause(0.01)


def test_a_program_ends_though_a_thread_of_its_loop_hangs(hanging: threading.Event) -> None:
    async def main() -> str:
        hung = asyncio.create_task(asyncio.to_thread(hanging.wait))
        await asyncio.sleep(0)
        hung.cancel()
        return "over"

    with ThreadPoolExecutor(1) as pool:
        ran = pool.submit(run, main())
        try:
            assert ran.result(WATCHDOG) == "over"
        finally:
            hanging.set()  # or nothing would end where it fails


def test_the_interpreter_ends_though_a_thread_hangs() -> None:
    program = "import time; from retrieval.concurrency.threads import DaemonThreads\n"
    program += "DaemonThreads(1, 'x').submit(time.sleep, 600)"
    assert subprocess.run([sys.executable, "-c", program], timeout=WATCHDOG, check=False).returncode == 0
