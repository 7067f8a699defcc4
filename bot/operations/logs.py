"""What an operator reads while a bot runs: one line an event on standard error, with the request it belongs to."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from bot.operations.redaction import redactor

if TYPE_CHECKING:
    from pythonjsonlogger.json import JsonFormatter

log = logging.getLogger(__name__)

Format = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]

# httpx logs each address that it calls, and the token is in it; python-telegram-bot logs updates that it cannot read.
QUIET_LOGGERS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.CRITICAL,
    "chromadb": logging.WARNING,
}
TIME = "%Y-%m-%dT%H:%M:%S%z"

_request: ContextVar[str] = ContextVar("request", default="-")


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Mark what is logged meanwhile, in this task or thread, as belonging to one request."""
    before = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(before)


def start_logging(secrets: Iterable[str] = (), form: Format = "text", level: Level = "info") -> None:
    """Log to standard error from now on: one line an event, in which no secret can stand, whoever logs it.

    What ends the process or a thread, and is caught nowhere, is an event too.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(_json() if form == "json" else _text(), secrets))
    handler.addFilter(_with_request)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name, least in QUIET_LOGGERS.items():
        logging.getLogger(name).setLevel(least)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda end: _log_uncaught(end.exc_type, end.exc_value, end.exc_traceback)


class _Redacting(logging.Formatter):
    """Another format, without secrets."""

    def __init__(self, form: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._form = form
        self._redacted = redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return a line, or several with a trace."""
        return self._redacted(self._form.format(record))


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    log.critical("This was caught nowhere.", exc_info=(kind, error or kind(), trace))


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
