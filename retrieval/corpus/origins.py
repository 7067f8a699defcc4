"""Where each file of the articles' folder came from, noted in the folder, as it cannot be worked out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from retrieval.corpus.atomic_files import append_lines
from retrieval.errors import ArticleError, SettingsError
from retrieval.readers.tabular import parse_json

ORIGINS_NAME = ".origins.jsonl"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file of the folder came from: an address of the web, or another collection."""

    path: str  # relative to the folder
    url: str | None = None
    original: str | None = None  # its path in the collection that it was exported from
    fetched: str | None = None  # when it came from the address, as 2026-11-28T05:40:07Z
    sha256: str | None = None  # of the bytes that came from there
    written: str | None = None  # of the file that was written of them: while it holds just that, the note speaks of it


_NOTED = tuple(field.name for field in fields(Origin))


def read_origins(folder: Path) -> dict[str, Origin]:
    """Return where the files came from that were noted, by path; a line that cannot be read is passed over."""
    return {origin.path: origin for line in noted_lines(folder, ORIGINS_NAME) if (origin := _origin_of(line))}


def origins_digest(folder: Path) -> str:
    """Return the digest of what is noted in a folder."""
    return bytes_digest(b"\n".join(noted_lines(folder, ORIGINS_NAME)))


def noted_lines(folder: Path, name: str) -> list[bytes]:
    """Return the lines of a file of notes; none where there is no such file yet.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return (folder / name).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SettingsError(f"{folder / name} cannot be read: {error.strerror}.") from error


def utc_timestamp() -> str:
    """Return the present second, as 2026-11-28T05:40:07Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bytes_digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, as hex digits."""
    return hashlib.sha256(data).hexdigest()


def origins_of(origins: Mapping[str, Origin], digests: Mapping[str, str | None]) -> list[Origin]:
    """Return the origins of files, given their digests by path: by path, or by content where a file was renamed.

    >>> page = Origin("a.html", url="https://example.org/a", written="cafe")
    >>> [one.path for one in origins_of({"a.html": page}, {"b.html": "cafe", "c.html": "beef"})]
    ['b.html']
    """
    left = {origin.written: origin for origin in origins.values() if origin.written and origin.path not in digests}
    found = ((path, origins.get(path) or left.get(digest or "")) for path, digest in digests.items())
    return [replace(origin, path=path) for path, origin in found if origin]


def _origin_of(line: bytes) -> Origin | None:
    given: object = None
    with suppress(ArticleError):  # a crash may have cut the last line short
        given = parse_json(line)
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        return None
    return Origin(**{key: value for key in _NOTED if isinstance(value := given.get(key), str)})


def note_origins(folder: Path, origins: Iterable[Origin]) -> None:
    """Note where files came from; the last note about a file counts."""
    noted = [{key: value for key, value in asdict(origin).items() if value} for origin in origins]
    if noted:
        append_lines(folder, ORIGINS_NAME, (json.dumps(one, ensure_ascii=False) for one in noted))
