"""The kinds of values that settings have, each refused with what is known where it cannot work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

PROVIDERS = ("openai", "ollama", "anthropic", "openai-like", "llama-index")  # of language models


def _folder(path: Path) -> Path:
    """Return a folder's path with `~` expanded; a file in its place is refused."""
    expanded = path.expanduser()
    if expanded.exists() and not expanded.is_dir():
        raise ValueError(f"{expanded} is a file, and a folder is needed")
    return expanded


Folder = Annotated[Path, AfterValidator(_folder)]


def _model(name: str) -> str:
    """Return a language model's name, whose provider is known."""
    provider, _, model = name.partition(":")
    if name == "none" or (provider in PROVIDERS and model.strip()):
        return name
    known = ", ".join(f"{provider}:MODEL" for provider in PROVIDERS[:-1])
    raise ValueError(f"known are none, {known}, llama-index:package.module.Class:MODEL")


Model = Annotated[str, AfterValidator(_model)]


def _reader(name: str) -> str:
    """Return the name of the model that reads again, which may be the one that writes."""
    return name if name == "same" else _model(name)


Reader = Annotated[str, AfterValidator(_reader)]


def _ids(text: str) -> str:
    """Return a list of Telegram's numbers, which are whole numbers with commas between them."""
    if text.strip() and not re.fullmatch(r"\s*-?\d+(\s*,\s*-?\d+)*\s*", text):
        raise ValueError("it is a list of Telegram's numbers, as 12345,-100678")
    return text


Ids = Annotated[str, AfterValidator(_ids)]


def _address(address: str) -> str:
    """Return the address of a server, without what would make it a secret."""
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("an address as http://localhost:8000 is needed")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise PydanticCustomError("secret_address", "an address without a name, password or query is needed")
    return address


Address = Annotated[str, AfterValidator(_address)]


def _hours(text: str) -> str:
    """Return the hours between which it is quiet."""
    if text and not re.fullmatch(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])", text):
        raise ValueError("two hours of the day are needed, as 22-7")
    return text


Hours = Annotated[str, AfterValidator(_hours)]


def _zone(name: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        return name and ZoneInfo(name).key
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise ValueError("no zone goes by that name here; it is one as Asia/Beirut or Europe/Berlin") from None


Zone = Annotated[str, AfterValidator(_zone)]
