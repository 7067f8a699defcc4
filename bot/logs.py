"""What an operator reads while a bot runs: one line an event on standard error, with the request it belongs to."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pythonjsonlogger.json import JsonFormatter

Format = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]

# httpx logs each address that it calls, and the token is in it; python-telegram-bot logs updates that it cannot read.
QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.CRITICAL,
    "chromadb": logging.WARNING,
}
HIDDEN = "…"
TIME = "%Y-%m-%dT%H:%M:%S%z"
_TOKEN = re.compile(r"(?<!\d)\d{3,}:[A-Za-z0-9_-]{20,}")  # as BotFather gives it

_request: ContextVar[str] = ContextVar("request", default="-")


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Mark what is logged meanwhile, in this task or thread, as belonging to one request."""
    before = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(before)


def start_logging(secrets: Sequence[str] = (), form: Format = "text", level: Level = "info") -> None:
    """Log to standard error from now on: one line an event, in which no secret can stand, whoever logs it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(_json() if form == "json" else _text(), secrets))
    handler.addFilter(_with_request)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def without_tokens(text: str) -> str:
    """Return a text in which nothing that looks like a bot's token can be read.

    >>> without_tokens("POST https://api.telegram.org/bot123456:AAE-abcdefghijklmnopqrstuvw/getMe")
    'POST https://api.telegram.org/bot…/getMe'
    """
    return _TOKEN.sub(HIDDEN, text)


class _Redacting(logging.Formatter):
    """Another format, without secrets."""

    def __init__(self, form: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._form = form
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return a line, or several with a trace."""
        line = self._form.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return without_tokens(line)


def _with_request(record: logging.LogRecord) -> bool:
    record.request = _request.get()
    return True


def _text() -> logging.Formatter:
    return logging.Formatter("%(asctime)s %(levelname)-7s %(request)s %(name)s: %(message)s", TIME)


def _json() -> JsonFormatter:
    """Return the format of one JSON object an event; a trace is a string in it."""
    from pythonjsonlogger.json import JsonFormatter

    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    fields = "%(asctime)s %(levelname)s %(request)s %(name)s %(message)s"
    return JsonFormatter(fields, TIME, rename_fields=names, json_ensure_ascii=False)
