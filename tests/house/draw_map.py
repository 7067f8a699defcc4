"""Draw docs/map.md from the table of rooms and from the modules' own first lines.

Usage: PYTHONPATH=tests python -m house.draw_map
"""

from __future__ import annotations

import ast
from pathlib import Path

from house.rooms import ROOMS, ROOT, modules, room_of

HEAD = """# Where things are

Every arrow goes down: a room imports only the rooms named beside it. This page is made from the table that the tests
check, `tests/house/rooms.py`, by `make docs`.
"""


def the_map() -> str:
    """Return the page."""
    sections = [HEAD]
    for room, (promise, imports) in ROOMS.items():
        inside = [name for name in modules() if room_of(name) == room and (name != room.replace("/", "."))]
        if not inside:
            continue
        allowed = ", ".join(f"`{one}`" for one in imports) or "nothing of ours"
        rows = [f"| `{name.rpartition('.')[2]}` | {_first_line(modules()[name])} |" for name in inside]
        sections.append(
            "\n".join(
                [f"## {room}", "", promise, "", f"Imports {allowed}.", "", "| module | |", "| --- | --- |", *rows]
            )
            + "\n"
        )
    return "\n".join(sections)


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs/map.md").write_text(the_map(), encoding="utf-8")
