"""What a supervisor asks over HTTP: is the bot alive, is it ready, what has it counted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from retrieval.errors import SettingsError

State = Mapping[str, str | None]  # each thing looked at, and what is wrong with it; None where nothing is
_Check = Callable[[], State]


class HealthServer:
    """Serves `/healthz`, `/readyz` and `/metrics` from a thread of its own while it is entered."""

    def __init__(self, host: str, port: int, alive: _Check, ready: _Check, registry: CollectorRegistry) -> None:
        """Take the address and what is looked at; port 0 is any free one.

        `alive` says whether a restart would help, `ready` whether a question would be answered now.

        Raises:
            SettingsError: the address cannot be had.
        """
        answers: Mapping[str, _Check] = {"/healthz": alive, "/readyz": ready}

        class Handler(BaseHTTPRequestHandler):
            server_version, sys_version = "sanad", ""
            timeout = 5  # seconds; a client that says nothing holds its thread no longer

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    encode, kind = choose_encoder(self.headers.get("Accept", ""))
                    self._send(200, kind, encode(registry))
                elif path in answers:
                    state = answers[path]()
                    status = 503 if any(state.values()) else 200
                    self._send(status, "application/json", json.dumps({"ok": status == 200, **state}).encode())
                else:
                    self._send(404, "text/plain; charset=utf-8", b"/healthz, /readyz and /metrics are here.\n")

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep quiet; a supervisor asks every few seconds."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise SettingsError(
                f"The health address {host}:{port} cannot be had ({error.strerror}). "
                "Name a free one: SANAD_HEALTH_PORT=9464, SANAD_HEALTH_HOST=127.0.0.1"
            ) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that was had."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
