"""The public door gives what it names, and loads nothing before it is asked."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import retrieval


@pytest.mark.parametrize("name", retrieval.__all__)
def test_name_is_the_one_that_type_checkers_see(name: str) -> None:
    tree = ast.parse(Path(retrieval.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    (home,) = [node.module for node in imports if name in [alias.name for alias in node.names]]
    assert home is not None
    assert getattr(retrieval, name) is getattr(import_module(home), name)


def test_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'retrieval' has no attribute 'Sanat'"):
        _ = retrieval.Sanat  # type: ignore[attr-defined]


def test_opening_the_door_loads_nothing() -> None:
    code = "import sys, retrieval; print([name for name in sys.modules if name.startswith('retrieval.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", timeout=60)
    assert ran.stdout.strip() == "[]"
