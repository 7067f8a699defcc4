"""How fast the bot may call: Telegram's limits are kept here, so that it seldom has to say them.

A call waits for its chat, its group and the whole bot. After a 429 only the chat that it named is quiet.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter, ExtBot

JSON = dict[str, Any]
Returned = bool | JSON | list[JSON]
Bot = ExtBot[JSON]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds, whenever the seconds begin."""

    calls: int
    seconds: float


# core.telegram.org/bots/faq: one message a second in a chat with short bursts, 20 a minute in a group, 30 a second in
# all. The seconds are a little longer than Telegram's, as calls do not all travel equally fast.
IN_CHAT = Limit(5, 5.1)
IN_GROUP = Limit(20, 60.5)
IN_ALL = Limit(30, 1.003)
SIGNS = Limit(10, 5.1)  # typing and previews, which Telegram counts by themselves
HASTE = 0.6  # the share of a limit that hurried calls may use up: the rest is for answers
HURRY: JSON = {"hurry": True}
LONGEST_MEMORY = 60.5  # seconds
_MOST_REMEMBERED = 10_000  # chats, before those that were quiet for long are forgotten


class HurriedError(TelegramError):
    """A call that is only worth something at once was not made, as its turn had not come."""


@dataclass(slots=True)
class _Line:
    """The calls of one chat, or of all: the moments at which they were made, in order."""

    calls: deque[float] = field(default_factory=deque)
    quiet_until: float = 0.0
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimiter(BaseRateLimiter[JSON]):
    """Lets each call wait for its turn; `rate_limit_args=HURRY` raises `HurriedError` instead of waiting."""

    def __init__(self, on_failure: Callable[[TelegramError], None]) -> None:
        """Take who is told of each call that fails."""
        self.is_reachable = True  # Telegram, at the last call
        self.answers = 0  # that Telegram gave, so that one can see that it gave another
        self._on_failure = on_failure
        self._lines: dict[tuple[str, int], _Line] = {}
        self._all = _Line()
        self._resting: set[asyncio.Task[object]] = set()
        self._stopped = False

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Wait for something meanwhile, but not at the end of the process: then whoever waits is cancelled."""
        task = asyncio.current_task()
        if task is None or self._stopped:
            raise asyncio.CancelledError
        self._resting.add(task)
        try:
            yield
        finally:
            self._resting.discard(task)

    async def rest(self, seconds: float) -> None:
        """Wait, but not at the end of the process."""
        with self.resting():
            await asyncio.sleep(seconds)

    def stop(self) -> None:
        """Let nobody wait any more."""
        self._stopped = True
        for task in self._resting:
            task.cancel()

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def process_request(  # noqa: PLR0917 - the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Returned]],
        args: Any,
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: JSON | None,
    ) -> Returned:
        """Make a call when its turn has come."""
        try:
            returned = await self._in_turn(partial(callback, *args, **kwargs), endpoint, data, rate_limit_args)
        except HurriedError:
            raise
        except TelegramError as error:
            self.is_reachable = isinstance(error, BadRequest) or not isinstance(error, NetworkError)
            self._on_failure(error)
            raise
        self.is_reachable = True
        self.answers += 1
        return returned

    async def _in_turn(
        self, call: Callable[[], Coroutine[Any, Any, Returned]], endpoint: str, data: JSON, rate_limit_args: JSON | None
    ) -> Returned:
        chat = data.get("chat_id")
        is_sign = endpoint in ("sendChatAction", "sendMessageDraft")
        if not isinstance(chat, int) or not endpoint.startswith(("send", "edit", "forward", "copy")):
            return await call()
        if len(self._lines) >= _MOST_REMEMBERED:
            self._forget()
        line = self._lines.setdefault(("sign" if is_sign else "message", chat), _Line())
        of_chat = (SIGNS,) if is_sign else (IN_CHAT, IN_GROUP) if chat < 0 else (IN_CHAT,)
        places = [(line, of_chat)] if is_sign else [(line, of_chat), (self._all, (IN_ALL,))]
        if rate_limit_args == HURRY:
            share = 1.0 if is_sign else HASTE
            if any(place.gate.locked() or _turn(place, limits, share) > _now() for place, limits in places):
                raise HurriedError("too early")
        for place, limits in places:
            async with place.gate:  # who came first goes first
                while (wait := _turn(place, limits) - _now()) > 0:
                    await self.rest(wait)
                place.calls.append(_now())
        try:
            return await call()
        except RetryAfter as error:
            line.quiet_until = max(line.quiet_until, _now() + seconds_of(error) + 0.1)
            raise

    def _forget(self) -> None:
        idle = _now() - LONGEST_MEMORY
        quiet = [key for key, line in self._lines.items() if not line.calls or line.calls[-1] < idle]
        for key in quiet:
            if self._lines[key].quiet_until < _now() and not self._lines[key].gate.locked():
                del self._lines[key]


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait."""
    wait = error.retry_after  # an int today, by the library's own account a timedelta later
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _turn(line: _Line, limits: Sequence[Limit], share: float = 1.0) -> float:
    """Return the moment on the loop's clock at which the next call may be made, with a share of the limits in use."""
    now = _now()
    while line.calls and line.calls[0] < now - LONGEST_MEMORY:
        line.calls.popleft()
    moments = [now, line.quiet_until]
    for limit in limits:
        most = int(share * limit.calls)
        if len(line.calls) >= most:
            moments.append(line.calls[-most] + limit.seconds)
    return max(moments)


def _now() -> float:
    return asyncio.get_running_loop().time()
