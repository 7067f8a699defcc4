"""What the tests' own HTTP servers share: a free port of this machine, a thread, and an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar


class Loopback(ThreadingHTTPServer):
    """A server; whoever hangs on purpose waits for `over`."""

    daemon_threads = True  # a client may keep its connection open
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.over = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Say nothing about clients that went away."""


Server = TypeVar("Server", bound=Loopback)


@contextmanager
def listening(server: Server) -> Iterator[Server]:
    """Serve for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
