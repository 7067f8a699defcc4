"""Every name in the drawings of `docs/how-it-works.md` is one of the code."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

import pytest
from house.rooms import ROOT, modules

TEXT = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
DRAWINGS = re.findall(r"```mermaid\n(.*?)```", TEXT, re.DOTALL)
LABEL = re.compile(r'(?<!\()[\[|]"(.*?)(?:<br/>.*?)?"[\]|]')  # after a line break stands prose, in round ends too
PROSE_NAME = re.compile(r"`([A-Za-z_.]+)`")


def names_in_drawings() -> list[str]:
    return sorted({name for drawing in DRAWINGS for label in LABEL.findall(drawing) for name in label.split(", ")})


def members() -> dict[str, set[str]]:
    """Return the public functions and classes of the code, each with its own functions."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in modules().values():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                inner = node.body if isinstance(node, ast.ClassDef) else []
                found[node.name] |= {own.name for own in inner if isinstance(own, ast.FunctionDef)}
    return found


def test_there_are_two_drawings_with_names() -> None:
    assert len(DRAWINGS) == 2
    assert all(LABEL.search(drawing) for drawing in DRAWINGS)


@pytest.mark.parametrize("name", sorted({*names_in_drawings(), *PROSE_NAME.findall(TEXT)}))
def test_name_is_defined_in_the_code(name: str) -> None:
    owner, _, member = name.partition(".")
    assert owner in members()
    assert not member or member in members()[owner]
