"""The commands of the chats, as commands.toml has them: who may give each, where, and what it is for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from retrieval.types import Language

Standing = Literal["stranger", "member", "admin"]  # each may do what those before it may


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name, and what it is for in each language."""

    name: str
    en: str
    ar: str
    telegram: str | None = None  # where Telegram offers it; None where it is none of the bot's
    terminal: str | None = None  # its Arabic name in the terminal's conversation; None where it is none there
    standing: Standing = "member"

    def summary(self, language: Language) -> str:
        """Return what it is for, as the middle of a line."""
        return self.ar if language == "ar" else self.en

    def heading(self, language: Language) -> str:
        """Return what it is for, as a line of its own."""
        summary = self.summary(language)
        return summary[0].upper() + summary[1:]


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_COMMANDS = tuple(Command(name, **given) for name, given in _TABLE.items())
IN_TELEGRAM = {one.name: one for one in _COMMANDS if one.telegram is not None}
IN_TERMINAL = {f"/{typed}": one for one in _COMMANDS if one.terminal for typed in (one.name, one.terminal)}

IN_GROUPS = tuple(name for name, one in IN_TELEGRAM.items() if "groups" in (one.telegram or ""))
FOR_ADMINS = tuple(name for name, one in IN_TELEGRAM.items() if "private" in (one.telegram or ""))
IN_PRIVATE = tuple(name for name in FOR_ADMINS if IN_TELEGRAM[name].standing != "admin")


def command_list(commands: Iterable[Command], language: Language, form: str) -> str:
    """Return commands with what they are for, each once and on a line of that form.

    >>> print(command_list(IN_TERMINAL.values(), "en", "{name:<8} {summary}").splitlines()[0])
    /sources the sources of the last answer
    """
    listed = {one.name: form.format(name=f"/{one.name}", summary=one.summary(language)) for one in commands}
    return "\n".join(listed.values())
