"""What the parts of the fake server share: values on the wire, errors, and the register of methods."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from support.servers.telegram.server import FakeTelegram

JSON = dict[str, Any]
CURRENT: contextvars.ContextVar[JSON] = contextvars.ContextVar("the call in progress")
Handler = Callable[["FakeTelegram", JSON], Any]
HANDLERS: dict[str, Handler] = {}
NAMES: dict[str, str] = {}  # methods with a behaviour, as Telegram writes them


class Upload(NamedTuple):
    """A file of a multipart request."""

    name: str
    mime: str
    data: bytes


class ApiError(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, code: int, text: str, parameters: JSON | None = None):
        prefix = {400: "Bad Request: ", 404: "Not Found: ", 409: "Conflict: "}.get(code, "")
        self.code, self.parameters, self.description = code, parameters, prefix + text.removeprefix(prefix)
        super().__init__(self.description)


def on(*methods: str) -> Callable[[Handler], Handler]:
    """Register the behaviour of Bot API methods."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update({method.lower(): handler for method in methods})
        NAMES.update({method.lower(): method for method in methods})
        return handler

    return register


def utf16(text: str) -> int:
    """Length in UTF-16 code units, in which entities are measured."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
