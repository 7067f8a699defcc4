"""Daemon threads: what hangs in one is abandoned when it is no longer wanted, and no process waits for it.

Python waits at its end for the threads of every `ThreadPoolExecutor`, and asyncio at the end of a loop for those of its
own; a call that a silent server, a slow look-up of a name or a library's own patience holds would hold the process too.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar, runtime_checkable

from retrieval.errors import EndedError

Result = TypeVar("Result")

# Seconds. A signal that comes at the very beginning of a wait is noticed only after it, so that no wait is longer.
LONGEST_WAIT_AT_ONCE = 0.5
FOR_A_LOOP = 32  # threads, as many as asyncio itself has at most


@runtime_checkable
class Endable(Protocol):
    """What others may be waiting for."""

    def end(self) -> None:
        """Make every wait, now and later, raise an `EndedError`."""
        ...


class DaemonThreads(ThreadPoolExecutor):
    """A thread pool that the end of a process or of a loop does not wait for.

    It is a `ThreadPoolExecutor` by name alone, as asyncio takes no other pool for a loop's own.
    """

    def __init__(self, most: int, name: str) -> None:
        """Take how many threads there may be at a time; each ends when there is nothing left to do."""
        super().__init__(most, thread_name_prefix=name)
        self._most, self._name = most, name
        self._guard = threading.Lock()
        self._tasks: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._busy = 0
        self._is_over = False

    def submit(self, fn: Callable[..., Result], /, *arguments: Any, **named: Any) -> Future[Result]:
        """Do something in a thread as soon as one is free."""
        future: Future[Result] = Future()
        with self._guard:
            if self._is_over:
                raise RuntimeError("the threads have been shut down")
            self._tasks.append((future, partial(fn, *arguments, **named)))
            if self._busy < self._most:
                self._busy += 1
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - the library's
        """Take nothing more; what was begun is not waited for, whatever is asked."""
        with self._guard:
            self._is_over = True
            dropped = list(self._tasks) if cancel_futures else []
            if cancel_futures:
                self._tasks.clear()
        for future, _ in dropped:
            future.cancel()

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._tasks:
                    self._busy -= 1
                    return
                future, work = self._tasks.popleft()
            if future.set_running_or_notify_cancel():
                _fulfil(future, work)


class Calls:
    """Blocking calls; when they are ended, every wait for one raises an `EndedError` at once."""

    def __init__(self) -> None:
        self._over: Future[None] = Future()

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what a piece of work returns, which is done in a thread of its own.

        Raises:
            EndedError: the calls were ended, before it or meanwhile.
        """
        self.check()
        call: Future[Result] = Future()
        threading.Thread(target=_fulfil, args=(call, work), name="call", daemon=True).start()
        either: tuple[Future[Any], ...] = call, self._over
        while not wait(either, LONGEST_WAIT_AT_ONCE, return_when=FIRST_COMPLETED).done:
            pass
        if not call.done():
            raise EndedError
        return call.result()

    def check(self) -> None:
        """Raise an `EndedError` if the calls were ended."""
        if self._over.done():
            raise EndedError

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the calls are ended.

        Raises:
            EndedError: they were.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._over.done():
            wait((self._over,), min(left, LONGEST_WAIT_AT_ONCE))
        self.check()

    def end(self) -> None:
        """Make every wait, now and later, raise an `EndedError`."""
        with suppress(InvalidStateError):  # they were ended before
            self._over.set_result(None)


def _fulfil(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
        future.set_exception(error)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a program as `asyncio.run` does, without waiting at its end for what hangs in a thread of the loop's."""

    async def led() -> Result:
        asyncio.get_running_loop().set_default_executor(DaemonThreads(FOR_A_LOOP, "loop"))
        return await main

    return asyncio.run(led())
