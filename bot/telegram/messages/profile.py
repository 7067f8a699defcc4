"""What Telegram shows of the bot before it says anything: its commands and its descriptions, in each language."""

from __future__ import annotations

from typing import Literal

Command = Literal[
    "start",
    "ask",
    "sources",
    "latest",
    "why",
    "new",
    "cancel",
    "language",
    "privacy",
    "forget",
    "help",
    "stats",
    "reindex",
]

IN_PRIVATE: tuple[Command, ...] = (
    "ask",
    "sources",
    "why",
    "latest",
    "new",
    "cancel",
    "language",
    "privacy",
    "forget",
    "help",
)
IN_GROUPS: tuple[Command, ...] = ("ask", "sources", "why", "latest", "cancel", "privacy", "help")
FOR_ADMINS: tuple[Command, ...] = (*IN_PRIVATE, "stats", "reindex")
