"""The rooms of the house are as their table says."""

from __future__ import annotations

from collections import defaultdict

import pytest
from house.draw_map import the_map
from house.rooms import ROOMS, ROOT, circles, edges, modules, room_of

WITHOUT_ROOM = {"bot.telegram", "retrieval.integrations"}  # folders that only hold rooms


@pytest.mark.parametrize("module", [module for module in modules() if module not in WITHOUT_ROOM])
def test_module_imports_what_its_room_may(module: str) -> None:
    room = room_of(module)
    allowed = {room, *ROOMS[room].imports}
    assert {other for other in edges()[module] if room_of(other) not in allowed} == set()


@pytest.mark.parametrize("leaf", ["retrieval.types", "retrieval.errors"])
def test_leaves_import_nothing_of_ours(leaf: str) -> None:
    assert edges()[leaf] <= {"retrieval.types"}


def test_no_modules_import_each_other() -> None:
    assert circles(edges()) == []


def test_no_rooms_import_each_other() -> None:
    between: defaultdict[str, set[str]] = defaultdict(set)
    for module, others in edges().items():
        between[room_of(module)] |= {room_of(other) for other in others} - {room_of(module)}
    assert circles({room: frozenset(others) for room, others in between.items()}) == []


def test_map_is_drawn_from_the_table() -> None:
    assert (ROOT / "docs/map.md").read_text(encoding="utf-8") == the_map(), "Draw it again: make docs"
