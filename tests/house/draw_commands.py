"""Draw docs/commands.md from the help of every command.

Usage: PYTHONPATH=tests python -m house.draw_commands
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from house.rooms import ROOT
from typer.main import get_command

from bot.cli.main import app

WIDTH = 100  # columns
HEAD = """# Commands

What `--help` says of each command. This page is made from it by `make docs`. [Asking](asking.md) and
[articles](articles.md) say more of what the commands are for.
"""


def commands_page() -> str:
    """Return the page."""
    return "\n".join(
        [HEAD, *(f"## {name}\n\n```text\n{shown}\n```\n" for name, shown in _helps(get_command(app), "sanad"))]
    )


def _helps(command: Any, name: str, parent: Any = None) -> Iterator[tuple[str, str]]:
    """Yield the full name and the help of a command and of those below it."""
    given = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = command.context_class(command, info_name=name, parent=parent, **given)
    yield context.command_path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    for below, inner in getattr(command, "commands", {}).items():
        yield from _helps(inner, below, context)


if __name__ == "__main__":
    (ROOT / "docs/commands.md").write_text(commands_page(), encoding="utf-8")
