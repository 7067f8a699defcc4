"""The rooms of the house are as their table says."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest
from house.rooms import ROOMS, circles, edges, modules, room_of

DEFINED_TWICE = {  # public names that two modules define, and why
    "log": "each module's own logger",
    "Result": "type variables",
    **dict.fromkeys(("add", "fetch", "show"), "commands of the terminal go by the name of their function"),
}
WITHOUT_ROOM = {"bot.telegram", "retrieval.integrations"}  # folders that only hold rooms


@pytest.mark.parametrize("module", [module for module in modules() if module not in WITHOUT_ROOM])
def test_module_imports_what_its_room_may(module: str) -> None:
    room = room_of(module)
    allowed = {room, *ROOMS[room].imports}
    assert {other for other in edges()[module] if room_of(other) not in allowed} == set()


_LEAVES = {"retrieval.types", "retrieval.answer_sides", "retrieval.archive_types", "retrieval.provenance"}


@pytest.mark.parametrize("leaf", sorted({*_LEAVES, "retrieval.errors"}))
def test_leaves_import_nothing_of_ours(leaf: str) -> None:
    assert edges()[leaf] <= _LEAVES


def test_no_modules_import_each_other() -> None:
    assert circles(edges()) == []


def test_no_rooms_import_each_other() -> None:
    between: defaultdict[str, set[str]] = defaultdict(set)
    for module, others in edges().items():
        between[room_of(module)] |= {room_of(other) for other in others} - {room_of(module)}
    assert circles({room: frozenset(others) for room, others in between.items()}) == []


def test_public_name_is_defined_once() -> None:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for module, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in defined(node):
                homes[name].append(module)
    twice = {name: found for name, found in homes.items() if len(found) > 1 and not name.startswith("_")}
    assert {name: found for name, found in twice.items() if name not in DEFINED_TWICE} == {}


def defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
