"""What a long-running process writes on standard error: one line an event, without secrets and without questions."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.CRITICAL}


class Redacting(logging.Formatter):
    """A format in which no secret can stand, whoever logs it: addresses of the Bot API hold the token."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return a line, or several with a trace."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line


def start_logging(secrets: Sequence[str]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in QUIET.items():  # httpx logs each address; python-telegram-bot logs what it cannot read
        logging.getLogger(name).setLevel(level)
