"""A real Chroma server on the loopback, which can be killed and started again, and a guard that asks for a token."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from support.servers.loopback import Loopback, listening
from support.servers.ports import free_port

STARTING = 60.0  # seconds, on a machine that is busy


@dataclass
class ChromaServer:
    """A server with a folder of its own."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run the server, on the port that it had before, and wait until it answers."""
        self.port = self.port or free_port()
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        until = time.monotonic() + STARTING
        while not self._answers():
            assert self.process.poll() is None, "chroma run has ended"
            assert time.monotonic() < until, "chroma run does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/v2/heartbeat")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@dataclass
class Guard:
    """What stands before a server: it passes on, counts, and refuses or fails as it is told."""

    server: ChromaServer
    token: str = ""
    status: int = 0  # where it is set, all that is answered
    body: bytes = b"{}"
    waits: float = 0.0  # seconds, before it answers
    version: str = ""  # where it is set, what is said of the server's
    kills_at: str = ""  # the server behind it is killed before a request whose path ends so is passed on
    asked: list[str] = field(default_factory=list)  # method and path
    url: str = ""

    def reply(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.asked.append(f"{method} {path}")
        time.sleep(self.waits)
        if self.status:
            return self.status, self.body
        if self.token and headers.get("Authorization") != f"Bearer {self.token}":
            return 401, b'{"error":"AuthError","message":"Forbidden"}'
        if self.version and path.endswith("/version"):
            return 200, json.dumps(self.version).encode()
        if self.kills_at and path.endswith(self.kills_at):
            self.server.kill()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.read()
        except OSError:
            return 502, b"the server behind this proxy is down"
        finally:
            connection.close()


@contextmanager
def guarding(server: ChromaServer) -> Iterator[Guard]:
    """Run a guard for as long as the block lasts."""
    guard = Guard(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, said = guard.reply(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has not waited
                self.wfile.write(said)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the library's own names

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's own name
            pass

    with listening(Loopback(Handler)) as listener:
        guard.url = f"http://127.0.0.1:{listener.server_port}"
        yield guard
