"""A small real web server on this machine: it gives each path as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler

from support.servers.loopback import Loopback, listening

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"


class Visit(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: WebServer

    def do_GET(self) -> None:
        self.server.visits.append(self)
        with suppress(ConnectionError):
            self.server.pages.get(self.path, fails(404))(self)
        self.close_connection = not self.server.keeps_alive

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Page = Callable[[Visit], None]


class WebServer(Loopback):
    """Has the pages that it is given, and remembers who came."""

    def __init__(self) -> None:
        super().__init__(Visit)
        self.pages: dict[str, Page] = {}
        self.visits: list[Visit] = []
        self.keeps_alive = False  # then a connection stays open for a next request, whoever is meant

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    @property
    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]


@contextmanager
def web_server() -> Iterator[WebServer]:
    with listening(WebServer()) as server:
        yield server


def gives(body: str | bytes, kind: str = HTML, **headers: str) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return lambda visit: visit.reply(200, data, Content_Type=kind, **headers)


def fails(status: int, **headers: str) -> Page:
    return lambda visit: visit.reply(status, b"no", **headers)


def redirects(to: str, status: int = 302) -> Page:
    return lambda visit: visit.reply(status, Location=to)


def hangs(start: bytes = b"") -> Page:
    """Begin to answer, and stop."""

    def page(visit: Visit) -> None:
        visit.wfile.write(start)
        visit.wfile.flush()
        visit.server.over.wait(20)

    return page
