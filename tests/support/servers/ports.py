"""Ports that stay free: for servers that start later, that come back on the port they had, or that never start."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator

# Below what Linux (32768) and the others (49152) give to whoever asks for any port, and above the well-known ones: so
# no other server of a test that runs at the same time is given one of these between two starts of the same server.
_LOWEST, _HIGHEST = 20_000, 32_000


def _candidates() -> Iterator[int]:
    ports = list(range(_LOWEST, _HIGHEST))
    random.Random(os.getpid()).shuffle(ports)  # each process of a run in an order of its own
    yield from ports


_LEFT = _candidates()


def free_port() -> int:
    """Return a port of the loopback that nobody listens on, and that is handed out once."""
    for port in _LEFT:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is left")
