"""Tries of what may pass: how often, with which pauses, and how long a server asks to be left alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

_LONGEST_WAIT = 1e9  # seconds; whoever asks for more is taken to ask for so much
_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a server is tried, how long it may be silent, and the pauses between the tries, in seconds."""

    tries: int
    timeout: float  # that ends the tries: whoever was silent for so long would be again
    first_pause: float  # each further one is twice as long
    longest_pause: float  # that a server may ask for

    def retrying(self, wait_of: Callable[[BaseException], float | None], pause: Callable[[float], None]) -> Retrying:
        """Return what calls a function until it succeeds, or has failed as often as it may; the last error is raised.

        Args:
            wait_of: Seconds to wait after an error, 0.0 where the server names none; None where it will not pass.
            pause: Waits.
        """

        def is_worth_it(error: BaseException) -> bool:
            wait = wait_of(error)
            return wait is not None and wait <= self.longest_pause

        def seconds(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = wait_of(error) if error else None
            return max(asked or 0.0, pause_after(state.attempt_number, self.first_pause))

        return Retrying(
            stop=stop_after_attempt(self.tries),
            retry=retry_if_exception(is_worth_it),
            wait=seconds,
            sleep=pause,
            reraise=True,
        )


def pause_after(failures: int, first: float, longest: float = _LONGEST_WAIT) -> float:
    """Return the seconds to wait after so many failures in a row: each pause is twice as long as the one before.

    >>> [pause_after(failures, 0.5, 30.0) for failures in (1, 2, 3, 99)]
    [0.5, 1.0, 2.0, 30.0]
    """
    return min(first * 2.0 ** min(failures - 1, 30), longest)


def seconds_to_wait(retry_after: str | None, now: float | None = None) -> float | None:
    """Return how long a Retry-After header asks to wait, in seconds or until a date; None where it cannot be read.

    RFC 9110, 10.2.3. Some servers send parts of a second, which the standard does not know.

    >>> seconds_to_wait("120"), seconds_to_wait("0.5"), seconds_to_wait("soon"), seconds_to_wait(None)
    (120.0, 0.5, None, None)
    >>> [seconds_to_wait("Thu, 01 Jan 1970 00:01:00 GMT", now) for now in (15.0, 90.0)]
    [45.0, 0.0]
    """
    given = (retry_after or "").strip()
    if _SECONDS.fullmatch(given):
        return min(float(given), _LONGEST_WAIT)
    try:
        return max(parsedate_to_datetime(given).timestamp() - (time.time() if now is None else now), 0.0)
    except (ValueError, OverflowError):
        return None
