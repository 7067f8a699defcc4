"""Check the files of a word index before tantivy opens them: it ends the process's thread on damage that it meets.

tantivy never changes a file of a segment once it is written, and closes each with a footer: JSON that has the
CRC-32 of all before it, the length of that JSON, and a magic number (tantivy's src/directory/footer.rs).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

META_NAME = "meta.json"
CHECKED_SUFFIXES = ("fast", "fieldnorm", "idx", "pos", "store", "term")
TAIL = struct.Struct("<II")  # the footer's length in bytes, and the magic number
MAGIC = 1337


def check_footers(folder: Path) -> None:
    """Check all files that the word index in a folder is made of; there may be no index yet.

    Raises:
        ValueError: a file is missing, or its bytes are not those that were written.
    """
    meta = _meta(folder)
    for name in _names(meta):
        try:
            is_whole = _is_whole(folder / name, _stamp(folder / name))
        except FileNotFoundError:
            if _meta(folder) != meta:  # the index was committed meanwhile
                return check_footers(folder)
            is_whole = False
        if not is_whole:
            raise ValueError(f"{name} is missing or damaged")
    return None


def _meta(folder: Path) -> bytes:
    """Return the list of an index's segments; nothing if there is no index yet."""
    path = folder / META_NAME
    return path.read_bytes() if path.exists() else b""


def _names(meta: bytes) -> Iterator[str]:
    try:
        segments: list[dict[str, Any]] = json.loads(meta)["segments"] if meta else []
        for segment in segments:
            name = segment["segment_id"].replace("-", "")
            yield from (f"{name}.{suffix}" for suffix in CHECKED_SUFFIXES)
            if segment["deletes"]:
                yield f"{name}.{segment['deletes']['opstamp']}.del"
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{META_NAME}: {error!r}") from error


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=4096)
def _is_whole(path: Path, _: tuple[int, int, int]) -> bool:
    """Tell whether a file has the bytes that were written; in one process each is read once, until it changes."""
    data = path.read_bytes()
    if len(data) < TAIL.size:
        return False
    length, magic = TAIL.unpack_from(data, len(data) - TAIL.size)
    end = len(data) - TAIL.size - length
    if magic != MAGIC or end < 0:
        return False
    try:
        footer = json.loads(data[end : -TAIL.size])
    except ValueError:
        return False
    return bool(footer["crc"] == crc32(memoryview(data)[:end]))
