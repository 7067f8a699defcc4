"""A data folder's name among others on the same Chroma server: random, and not taken over by a copy of the folder."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

_FILE_NAME = "installation.json"


def installation_of(data_dir: Path, *, is_needed: bool = False) -> str:
    """Return a data folder's name; empty where it has none, unless it is needed and given one.

    The name stands beside the number that the file system gave the file, which a copy of it does not have: two folders
    by one name would each delete what the other has on the server.
    """
    path = data_dir / _FILE_NAME
    try:
        with path.open(encoding="utf-8") as file:
            known = json.load(file)
        if known["inode"] == path.stat().st_ino:
            return str(known["name"])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        pass
    return _named(data_dir) if is_needed else ""


def _named(data_dir: Path) -> str:
    name = secrets.token_hex(6)
    draft = data_dir / f"{_FILE_NAME}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"name": name, "inode": draft.stat().st_ino}, file)
    draft.replace(data_dir / _FILE_NAME)
    return name
