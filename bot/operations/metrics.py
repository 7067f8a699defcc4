"""What is counted while a bot runs, for Prometheus; names and units follow its naming practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.storage.inbox import Outcome

Counted = Outcome | Literal["declined", "replied"]
TimedStage = Literal["waiting", "answering", "sending"]

# Seconds. A quotation takes milliseconds, a model's answer up to a minute.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "sanad_questions", "Questions by what became of them.", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "sanad_stage_seconds",
            "Seconds from a question's arrival to its turn, of answering it, and of sending the answer.",
            ["stage"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._errors = Counter(
            "sanad_telegram_errors", "Calls that Telegram refused or that failed.", ["kind"], registry=self.registry
        )
        self._gauges = {
            name: Gauge(f"sanad_{name}", text, registry=self.registry)
            for name, text in (
                ("queue_length", "Updates accepted and not settled yet."),
                ("index_generation", "Generation of the index that answers."),
            )
        }

    def follow(self, gauge: Literal["queue_length", "index_generation"], read: Callable[[], float]) -> None:
        """Read a gauge whenever somebody asks for it."""
        self._gauges[gauge].set_function(read)

    def count(self, outcome: Counted) -> None:
        """Count a question."""
        self._questions.labels(outcome).inc()

    def failed(self, kind: str) -> None:
        """Count a failed call to Telegram; `kind` is the error's name, as "RetryAfter"."""
        self._errors.labels(kind).inc()

    def observe(self, stage: TimedStage, seconds: float) -> None:
        """Count how long a stage took."""
        self._seconds.labels(stage).observe(seconds)

    @contextmanager
    def timed(self, stage: TimedStage) -> Iterator[None]:
        """Count how long what is done meanwhile takes, whether it fails or not."""
        started = perf_counter()
        try:
            yield
        finally:
            self.observe(stage, perf_counter() - started)
