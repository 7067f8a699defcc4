"""What an operator reads while a bot runs: one line an event on standard error, with the request it belongs to."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Format = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]

HIDDEN = "***"
_TOKEN = re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{20,}")  # as BotFather gives it
_NOISY = ("httpx", "httpcore", "apscheduler", "chromadb")  # httpx names each address it calls, and the token is in it

_request: ContextVar[str] = ContextVar("request", default="-")


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Mark what is logged meanwhile, in this task or thread, as belonging to one request."""
    before = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(before)


def set_up(form: Format = "text", level: Level = "info") -> None:
    """Send what is logged to standard error, one line an event, without any token."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(form))
    handler.addFilter(_with_request)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def without_tokens(text: str) -> str:
    """Return a text in which nothing that looks like a bot's token can be read.

    >>> without_tokens("POST https://api.telegram.org/bot123456:AAE-abcdefghijklmnopqrstuvw/getMe")
    'POST https://api.telegram.org/bot***/getMe'
    """
    return _TOKEN.sub(HIDDEN, text.replace("/bot", "/bot\0")).replace("\0", "")


def _with_request(record: logging.LogRecord) -> bool:
    record.request = _request.get()
    return True


def _formatter(form: Format) -> logging.Formatter:
    if form == "text":
        return _Text("%(asctime)s %(levelname)-7s %(request)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    from pythonjsonlogger.json import JsonFormatter

    class Json(JsonFormatter):
        """One JSON object an event; a traceback is a string in it."""

        def format(self, record: logging.LogRecord) -> str:
            """Return the line of an event."""
            return without_tokens(super().format(record))

    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    fields = "%(asctime)s %(levelname)s %(request)s %(name)s %(message)s"
    return Json(fields, "%Y-%m-%dT%H:%M:%S%z", rename_fields=names, json_ensure_ascii=False)


class _Text(logging.Formatter):
    """One line for a person; only a traceback takes more."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event."""
        return without_tokens(super().format(record))
