"""The rooms of the house are as their table says."""

from __future__ import annotations

import pytest
from house.draw_map import the_map
from house.rooms import ROOMS, ROOT, edges, modules, room_of

ON_THE_MOVE = ("retrieval", "retrieval/formats", "bot", "bot/commands", "bot/telegram")


@pytest.mark.parametrize("module", modules())
def test_module_imports_what_its_room_may(module: str) -> None:
    room = room_of(module)
    if room in ON_THE_MOVE:
        return
    allowed = {room, *ROOMS[room].imports, *ON_THE_MOVE}
    assert {other for other in edges()[module] if room_of(other) not in allowed} == set()


@pytest.mark.parametrize("leaf", ["retrieval.types", "retrieval.errors"])
def test_leaves_import_nothing_of_ours(leaf: str) -> None:
    assert edges()[leaf] <= {"retrieval.types"}


def test_packages_import_downwards() -> None:
    upwards = [
        (module, other)
        for module, others in edges().items()
        for other in others
        if {"prompts": 0, "retrieval": 1, "bot": 2}[module.split(".")[0]]
        < {"prompts": 0, "retrieval": 1, "bot": 2}[other.split(".")[0]]
    ]
    assert upwards == []


def test_map_is_drawn_from_the_table() -> None:
    assert (ROOT / "docs/map.md").read_text(encoding="utf-8") == the_map(), "Draw it again: make docs"
