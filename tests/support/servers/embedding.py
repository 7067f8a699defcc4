"""A small real embedding server on the loopback, of both protocols, that misbehaves on order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.servers.loopback import Loopback, listening

from retrieval.embeddings.hashing import embed

MODEL = "tiny"


@dataclass(frozen=True)
class Reply:
    """A reply in place of a good one."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class EmbeddingServer:
    """What the server was asked, and what it is to answer next; then, and by default, it answers well."""

    dimensions: int = 64
    orders: list[Reply] = field(default_factory=list)
    is_silent: bool = False  # it takes requests, and says nothing
    dies_after: int | None = None  # good replies; then it is 503 for good
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""

    @property
    def texts(self) -> list[str]:
        return [text for asked in self.asked for text in asked["input"]]

    def reply(self, path: str, key: str | None, asked: dict[str, Any]) -> Reply:
        self.paths.append(path)
        self.keys.append(key)
        self.asked.append(asked)
        if self.orders:
            return self.orders.pop(0)
        if self.dies_after is not None:
            if self.dies_after == 0:
                return Reply(503, b"out of memory")
            self.dies_after -= 1
        if asked["model"] != MODEL:
            message = f'model "{asked["model"]}" not found, try pulling it first'
            return Reply(404, json.dumps({"error": message}).encode())
        vectors = [embed(text)[: self.dimensions] for text in asked["input"]]
        if path == "/api/embed":
            return Reply(body=json.dumps({"model": MODEL, "embeddings": vectors}).encode())
        data = [{"index": index, "embedding": vector} for index, vector in enumerate(vectors)]
        return Reply(body=json.dumps({"object": "list", "data": data[::-1]}).encode())


@contextmanager
def serving() -> Iterator[EmbeddingServer]:
    """Run a server for as long as the block lasts."""
    state = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = state.reply(self.path, self.headers["Authorization"], asked)
            if state.is_silent:
                server.over.wait()
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's own name
            pass

    with listening(Loopback(Handler)) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
