"""Who waits for a server that takes a request and says nothing is let go when told, and gets nothing from then on."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from support.servers.web import WebServer, gives

from retrieval.concurrency.clients import EndableClient
from retrieval.concurrency.threads import Calls, Endable
from retrieval.embeddings.factory import make_embedder
from retrieval.errors import EndedError
from retrieval.index.index import Index
from retrieval.stores.vectors.server import ServerVectors

WATCHDOG = 30.0  # seconds, after which a test fails that would else hang
Wait = Callable[[], object]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def url_of(silent: socket.socket) -> str:
    return f"http://127.0.0.1:{silent.getsockname()[1]}"


def embeddings(url: str) -> tuple[Endable, Wait]:
    embedder: Any = make_embedder("openai-like:m", url, SecretStr(""))
    return embedder, lambda: embedder.get_text_embedding_batch(["نص"])


def question(url: str) -> tuple[Endable, Wait]:
    embedder: Any = make_embedder("ollama:m", url, SecretStr(""))
    return embedder, lambda: embedder.get_query_embedding("نص")


def hub(url: str) -> tuple[Endable, Wait]:
    embedder: Any = make_embedder("onnx:intfloat/multilingual-e5-small", url, SecretStr(""))
    embedder.cache_dir = "hub"
    return embedder, lambda: embedder.get_query_embedding("نص")


def chroma(url: str) -> tuple[Endable, Wait]:
    place = ServerVectors(url)
    return place, lambda: place.status(Path("data"))


def refresh(url: str) -> tuple[Endable, Wait]:
    index = Index(Path("data"), make_embedder("openai-like:m", url, SecretStr("")))
    return index, lambda: index.refresh(Path("seeds"))


@pytest.mark.parametrize("made", [embeddings, question, hub, chroma, refresh], ids=lambda made: made.__name__)
def test_who_waits_is_let_go_when_told(
    articles: Path, silent: socket.socket, made: Callable[[str], tuple[Endable, Wait]]
) -> None:
    silent.settimeout(WATCHDOG)
    endable, wait = made(url_of(silent))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        with silent.accept()[0]:
            endable.end()
            assert isinstance(waiting.exception(WATCHDOG), EndedError)
    with pytest.raises(EndedError):
        wait()
    if isinstance(endable, Index):
        endable.close()  # it has a process that reads files


def test_responses_and_errors_are_those_of_httpx(web: WebServer) -> None:
    web.pages["/a"] = gives("نص")
    with EndableClient(Calls(), trust_env=False) as client:
        response = client.get(web.url("/a"))
        assert (response.status_code, response.text) == (200, "نص")
        with pytest.raises(httpx.ConnectError):
            client.get("http://127.0.0.1:9/")
