"""A language model with a deadline: each call ends by its deadline, in text or in a `ModelError`.

The providers' asynchronous side runs in one thread of its own, where a call can be cancelled at any moment, be the
server silent, dripping or gone; callers stay synchronous and wait on a queue. When the model is closed, all of them
are released at once.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue
from typing import Any

import httpx
from llama_index.core.base.llms.types import ChatMessage, MessageRole

from prompts import Prompt
from retrieval.concurrency.retries import seconds_to_wait
from retrieval.concurrency.threads import LONGEST_WAIT_AT_ONCE, Calls, DaemonThreads
from retrieval.errors import EndedError, ModelError, SanadError
from retrieval.llms.providers import ProviderHandle
from retrieval.types import LLMFailure

_PAUSE = 1.0  # seconds before a second try, where the server does not name them
CLOSING = 1.0  # seconds for the connections to close
LOOK_UPS = 4  # of names at the same time

ReplyQueue = SimpleQueue[str | BaseException | None]  # pieces of a reply, then None, or what went wrong


_HALF = re.compile("[\ud800-\udfff]")  # of a character: JSON can hold it, no text that is sent or stored


class LLMClient:
    """A provider's language model with bounds on time and on simultaneous calls; usable from several threads."""

    def __init__(self, provider: ProviderHandle, timeout: float, concurrency: int) -> None:
        """Take what `make_llm` gave; `timeout` bounds a whole answer, in seconds, the wait for a slot included."""
        self.timeout = timeout
        self._llm, self._close = provider
        self._slots = threading.Semaphore(concurrency)
        self._calls = Calls()
        self._lock = threading.Lock()
        self._waiting: set[ReplyQueue] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def deadline(self) -> float:
        """Return by when an answer that begins now must be done, on the monotonic clock."""
        return time.monotonic() + self.timeout

    def complete(self, prompt: Prompt, deadline: float) -> str:
        """Return the whole of what the model writes.

        Raises:
            ModelError: it wrote nothing that can be used.
            EndedError: the model was closed.
        """
        return "".join(self.stream(prompt, deadline))

    def stream(self, prompt: Prompt, deadline: float) -> Iterator[str]:
        """Yield what the model writes, as it comes; a server that is busy is asked once more.

        Raises:
            ModelError: nothing came, not all of it came, or not in time.
            EndedError: the model was closed.
        """
        begun = False
        try:
            for piece in self._attempt(prompt, deadline):
                begun = True
                yield piece
        except ModelError as error:
            pause = _PAUSE if error.wait is None else error.wait
            if begun or error.reason != "busy" or time.monotonic() + pause >= deadline:
                raise
            self._calls.pause(pause)
            yield from self._attempt(prompt, deadline)

    def close(self) -> None:
        """End all calls for good, and the thread; whoever waits for one gets an `EndedError` at once."""
        with self._lock:
            self._calls.end()
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
            for reply_queue in list(self._waiting):  # a caller may leave at any moment
                reply_queue.put(EndedError())
        self._slots.release()  # whoever waits for a slot gets one, is told, and hands it on to the next
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._cancel_calls(), loop).result(CLOSING)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSING)

    def _attempt(self, prompt: Prompt, deadline: float) -> Iterator[str]:
        while not self._slots.acquire(timeout=min(max(deadline - time.monotonic(), 0.0), LONGEST_WAIT_AT_ONCE)):
            if time.monotonic() >= deadline:
                raise ModelError("slow")
        try:
            yield from self._call(prompt, deadline)
        finally:
            self._slots.release()

    def _call(self, prompt: Prompt, deadline: float) -> Iterator[str]:
        reply_queue: ReplyQueue = SimpleQueue()
        with self._lock:
            self._calls.check()
            self._waiting.add(reply_queue)
            call = asyncio.run_coroutine_threadsafe(self._read(prompt, reply_queue.put), self._running())
        has_text = False
        try:
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise ModelError("slow")
                try:
                    piece = reply_queue.get(timeout=min(left, LONGEST_WAIT_AT_ONCE))
                except Empty:
                    continue
                if isinstance(piece, BaseException):
                    raise _translated(piece, begun=has_text) from None
                if piece is None:
                    break
                has_text = has_text or bool(piece.strip())
                yield piece
            if not has_text:
                raise ModelError("empty")
        finally:
            self._waiting.discard(reply_queue)
            call.cancel()

    async def _read(self, prompt: Prompt, put: Callable[[str | BaseException | None], None]) -> None:
        """Put each piece of the reply, then None, or what went wrong."""
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=prompt.system),
            ChatMessage(role=MessageRole.USER, content=prompt.user),
        ]
        tells_end, end = False, None
        try:
            async with aclosing(await self._llm.astream_chat(messages)) as reply:
                async for response in reply:
                    knows, reason = _end_of(response.raw)
                    tells_end, end = tells_end or knows, reason or end
                    put(_HALF.sub("\N{REPLACEMENT CHARACTER}", response.delta or ""))
            if end == "content_filter":
                raise ModelError("declined")
            if tells_end and end != "stop":
                raise ModelError("cut")
            put(None)
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            put(error)

    def _running(self) -> asyncio.AbstractEventLoop:
        """Return the loop, which runs in its thread from the first call on; the lock is held."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.set_default_executor(DaemonThreads(LOOK_UPS, "sanad-model-names"))
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="sanad-model", daemon=True)
            self._thread.start()
        return self._loop

    async def _cancel_calls(self) -> None:
        own = asyncio.current_task()
        calls = [task for task in asyncio.all_tasks() if task is not own]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await self._close()
        await asyncio.get_running_loop().shutdown_asyncgens()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _end_of(raw: Any) -> tuple[bool, str | None]:
    """Return whether a provider's piece tells when a reply is complete, and how it ended once it has."""
    if isinstance(raw, dict):  # Ollama's
        return "done" in raw, (raw.get("done_reason") or "stop") if raw.get("done") else None
    choices = getattr(raw, "choices", None)  # the OpenAI protocol's
    if choices is None:
        return False, None
    return True, next((choice.finish_reason for choice in choices if choice.finish_reason), None)


def _translated(error: BaseException, *, begun: bool) -> SanadError:
    """Return what went wrong as one of our own errors, whichever library it comes from."""
    if isinstance(error, SanadError):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        headers = getattr(getattr(error, "response", None), "headers", {})
        return ModelError(_REASONS.get(status, "broken"), status, seconds_to_wait(headers.get("retry-after")))
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return ModelError("slow")
    broke_off = isinstance(error, _BROKEN_OFF) or isinstance(error.__cause__, _BROKEN_OFF)
    if broke_off or (begun and isinstance(error, httpx.TransportError)):
        return ModelError("cut")
    if names & {"APIConnectionError", "ConnectionError", "TransportError"}:
        return ModelError("unreachable")
    return ModelError("broken")


_BROKEN_OFF = (httpx.RemoteProtocolError, httpx.ReadError)
_REASONS: Mapping[int, LLMFailure] = {
    401: "refused",
    403: "refused",
    404: "unknown_model",
    408: "slow",
    429: "busy",
    503: "busy",
    504: "slow",
}
