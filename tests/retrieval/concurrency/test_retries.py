"""Tries of what may pass."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from retrieval.concurrency.retries import RetryPolicy, seconds_to_wait

POLICY = RetryPolicy(tries=4, timeout=1.0, first_pause=1.0, longest_pause=60.0)


class BusyError(Exception):
    """A failure that may pass."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


class Server:
    """Fails as it is told to, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.pauses: list[float] = []

    def ask(self) -> str:
        """Fail or answer."""
        if self.failures:
            raise self.failures.pop(0)
        return "answered"

    def asked(self) -> str:
        """Ask as the policy has it; the pauses are written down, not waited for."""
        tries = POLICY.retrying(lambda error: error.wait if isinstance(error, BusyError) else None, self.pauses.append)
        return tries(self.ask)


@pytest.mark.parametrize(
    ("waits", "pauses"),
    [((), []), ((0.0, 0.0, 0.0), [1.0, 2.0, 4.0]), ((30.0, 0.0), [30.0, 2.0]), ((60.0, 1.0), [60.0, 2.0])],
)
def test_a_pause_is_twice_the_last_one_or_what_is_asked_for(waits: tuple[float, ...], pauses: list[float]) -> None:
    server = Server(*map(BusyError, waits))
    assert server.asked() == "answered"
    assert server.pauses == pauses


@pytest.mark.parametrize(
    ("failures", "pauses"),
    [
        ([BusyError(60.1)], []),  # longer than anybody would wait
        ([KeyError()], []),  # it will not pass
        ([BusyError(0.0), KeyError()], [1.0]),
        ([BusyError(0.0)] * 4, [1.0, 2.0, 4.0]),
    ],
)
def test_the_last_failure_is_raised_once_no_try_is_worth_it(failures: list[Exception], pauses: list[float]) -> None:
    server = Server(*failures)
    with pytest.raises(type(failures[-1])):
        server.asked()
    assert (server.failures, server.pauses) == ([], pauses)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (" 7 ", 7.0),
        ("0.25", 0.25),
        ("9" * 400, 1e9),
        (formatdate(90.0, usegmt=True), 60.0),
        (formatdate(20.0, usegmt=True), 0.0),
        *((header, None) for header in (None, "", "soon", "-1", "inf", "nan", "٧", "Mon, 99 Foo 2019 10:00:00 GMT")),
    ],
)
def test_a_server_asks_for_seconds_or_for_a_date(header: str | None, wait: float | None) -> None:
    assert seconds_to_wait(header, now=30.0) == wait
