"""The table of the bot's commands: who may give each, and where Telegram offers it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Standing = Literal["stranger", "member", "admin"]  # each may do what those before it may


class Command(NamedTuple):
    """A command by its name; `in_link` where a link t.me/BOT?start=NAME may give it."""

    name: str
    standing: Standing = "member"
    in_private: bool = True
    in_groups: bool = False
    in_link: bool = False


COMMANDS = (
    Command("start", in_private=False),
    Command("ask", in_groups=True, in_link=True),
    Command("sources", in_groups=True),
    Command("why", in_groups=True),
    Command("latest", in_groups=True, in_link=True),
    Command("new"),
    Command("cancel", in_groups=True),
    Command("language", in_link=True),
    Command("privacy", "stranger", in_groups=True, in_link=True),
    Command("forget", "stranger"),
    Command("help", in_groups=True, in_link=True),
    Command("stats", "admin"),
    Command("reindex", "admin"),
)
BY_NAME = {command.name: command for command in COMMANDS}

IN_GROUPS = tuple(command.name for command in COMMANDS if command.in_groups)
FOR_ADMINS = tuple(command.name for command in COMMANDS if command.in_private)
IN_PRIVATE = tuple(name for name in FOR_ADMINS if BY_NAME[name].standing != "admin")
