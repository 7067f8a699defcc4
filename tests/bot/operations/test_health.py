from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from bot.operations.health import HealthServer
from bot.operations.metrics import Metrics
from retrieval.errors import SettingsError


class Watched:
    """What a test says is wrong."""

    def __init__(self) -> None:
        self.index: str | None = None
        self.metrics = Metrics()

    def ready(self) -> dict[str, str | None]:
        return {"index": self.index}


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def client(watched: Watched) -> Iterator[httpx.Client]:
    server = HealthServer("127.0.0.1", 0, dict, watched.ready, watched.metrics.registry)
    with server, httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
        yield client


def test_ready_says_what_is_wrong(client: httpx.Client, watched: Watched) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (200, {"ok": True, "index": None})
    watched.index = "no article yet"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "index": "no article yet"})
    assert client.get("/healthz").status_code == 200


def test_metrics_show_what_was_counted(client: httpx.Client, watched: Watched) -> None:
    watched.metrics.count("answered")
    watched.metrics.count("answered")
    watched.metrics.failed("RetryAfter")
    watched.metrics.follow("queue_length", lambda: 3)
    watched.metrics.follow("index_generation", lambda: 7)
    with watched.metrics.timed("sending"):
        pass
    shown = client.get("/metrics").text.splitlines()
    for line in (
        'sanad_questions_total{outcome="answered"} 2.0',
        'sanad_telegram_errors_total{kind="RetryAfter"} 1.0',
        "sanad_queue_length 3.0",
        "sanad_index_generation 7.0",
        'sanad_stage_seconds_count{stage="sending"} 1.0',
    ):
        assert line in shown


def test_other_paths_say_what_is_there(client: httpx.Client) -> None:
    assert client.get("/").status_code == 404
    assert "/readyz" in client.get("/").text


def test_a_taken_port_is_named(watched: Watched) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port} cannot be had"):
            HealthServer("127.0.0.1", port, dict, watched.ready, watched.metrics.registry)
