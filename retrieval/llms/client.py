"""A language model with a deadline: each call ends by its deadline, in text or in a `ModelError`.

The providers' asynchronous side runs in one thread of its own, where a call can be cancelled at any moment, be the
server silent, dripping or gone; callers stay synchronous and wait on a queue. When the model is closed, all of them
are released at once.
"""

from __future__ import annotations

import asyncio
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole

from prompts import Prompt
from retrieval.concurrency.threads import LONGEST_WAIT_AT_ONCE, Calls, DaemonThreads
from retrieval.errors import EndedError, ModelError
from retrieval.llms.failures import model_error
from retrieval.llms.providers import AnswerForm, ProviderHandle, Schema

_PAUSE = 1.0  # seconds before a second try, where the server does not name them
CLOSING = 1.0  # seconds for the connections to close
LOOK_UPS = 4  # of names at the same time

ReplyQueue = SimpleQueue[str | BaseException | None]  # pieces of a reply, then None, or what went wrong


_HALF = re.compile("[\ud800-\udfff]")  # of a character: JSON can hold it, no text that is sent or stored


class LLMClient:
    """A provider's language model with bounds on time and on simultaneous calls; usable from several threads."""

    def __init__(
        self, provider: ProviderHandle, timeout: float, concurrency: int, first_token: float = math.inf
    ) -> None:
        """Take what `make_llm` gave, and bounds in seconds.

        `timeout` bounds a whole answer, the wait for a slot included; `first_token` the wait for the first sign that
        a model writes or thinks.
        """
        self.timeout = timeout
        self._first_token = first_token
        self._provider = provider
        self._takes_schema = provider.schema is not None
        self._slots = threading.Semaphore(concurrency)
        self._calls = Calls()
        self._lock = threading.Lock()
        self._waiting: set[ReplyQueue] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def deadline(self) -> float:
        """Return by when an answer that begins now must be done, on the monotonic clock."""
        return time.monotonic() + self.timeout

    @property
    def form(self) -> AnswerForm:
        """Return in which form an answer is asked of it: as JSON where its server holds it to a schema."""
        if self._provider.cites:
            return "cited"
        return "json" if self._takes_schema else "lines"

    def complete(self, prompt: Prompt, deadline: float, schema: Schema | None = None) -> str:
        """Return the whole of what the model writes.

        Raises:
            ModelError: it wrote nothing that can be used.
            EndedError: the model was closed.
        """
        return "".join(self.stream(prompt, deadline, schema))

    def stream(self, prompt: Prompt, deadline: float, schema: Schema | None = None) -> Iterator[str]:
        """Yield what the model writes, as it comes, by a JSON schema where its server can.

        A server that is busy is asked once more; one that rejects the schema too, without it, and never with one again.

        Raises:
            ModelError: nothing came, not all of it came, or not in time.
            EndedError: the model was closed.
        """
        begun = False
        try:
            for piece in self._attempt(prompt, deadline, schema):
                begun = True
                yield piece
        except ModelError as error:
            if begun or not self._may_try_again(error, deadline, schema):
                raise
            yield from self._attempt(prompt, deadline, schema)

    def _may_try_again(self, error: ModelError, deadline: float, schema: Schema | None) -> bool:
        """Tell whether a second try may go better, once the time for it has come."""
        if error.reason == "rejected" and schema and self._takes_schema:
            self._takes_schema = False
            return True
        pause = _PAUSE if error.wait is None else error.wait
        if error.reason != "busy" or time.monotonic() + pause >= deadline:
            return False
        self._calls.pause(pause)
        return True

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

    def _attempt(self, prompt: Prompt, deadline: float, schema: Schema | None) -> Iterator[str]:
        while not self._slots.acquire(timeout=min(max(deadline - time.monotonic(), 0.0), LONGEST_WAIT_AT_ONCE)):
            if time.monotonic() >= deadline:
                raise ModelError("slow")
        try:
            yield from self._call(prompt, deadline, schema)
        finally:
            self._slots.release()

    def _call(self, prompt: Prompt, deadline: float, schema: Schema | None) -> Iterator[str]:
        reply_queue: ReplyQueue = SimpleQueue()
        with self._lock:
            self._calls.check()
            self._waiting.add(reply_queue)
            call = asyncio.run_coroutine_threadsafe(self._read(prompt, schema, reply_queue.put), self._running())
        has_text, first_by = False, time.monotonic() + self._first_token
        try:
            while True:
                left = min(deadline, first_by) - time.monotonic()
                if left <= 0:
                    raise ModelError("late" if first_by < deadline else "slow")
                try:
                    piece = reply_queue.get(timeout=min(left, LONGEST_WAIT_AT_ONCE))
                except Empty:
                    continue
                if isinstance(piece, BaseException):
                    raise model_error(piece, begun=has_text, secret=self._provider.secret) from None
                if piece is None:
                    break
                first_by = math.inf
                has_text = has_text or bool(piece.strip())
                if piece:
                    yield piece
            if not has_text:
                raise ModelError("empty")
        finally:
            self._waiting.discard(reply_queue)
            call.cancel()

    async def _read(
        self, prompt: Prompt, schema: Schema | None, put: Callable[[str | BaseException | None], None]
    ) -> None:
        """Put each piece of the reply, empty ones as long as it thinks, then None, or what went wrong."""
        tells_end, end = False, None
        asked = self._provider.schema(schema) if schema and self._takes_schema and self._provider.schema else {}
        if prompt.documents and self._provider.cites:
            asked = {"documents": prompt.documents}
        try:
            async with aclosing(await self._provider.llm.astream_chat(_messages(prompt), **asked)) as reply:
                async for response in reply:
                    knows, reason = _end_of(response.raw)
                    tells_end, end = tells_end or knows, reason or end
                    if response.delta or response.additional_kwargs.get("thinking_delta"):
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
        await self._provider.close()
        await asyncio.get_running_loop().shutdown_asyncgens()


def _messages(prompt: Prompt) -> list[ChatMessage]:
    earlier = [ChatMessage(role=MessageRole(said.role), content=said.text) for said in prompt.earlier]
    system = ChatMessage(role=MessageRole.SYSTEM, content=prompt.system)
    return [system, *earlier, ChatMessage(role=MessageRole.USER, content=prompt.user)]


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
