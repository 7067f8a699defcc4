"""Where each file of the articles' folder came from, noted in the folder, as it cannot be worked out again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
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


def read_origins(folder: Path) -> dict[str, Origin]:
    """Return where the files came from that were noted, by path; a line that cannot be read is passed over."""
    try:
        lines = (folder / ORIGINS_NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{folder / ORIGINS_NAME} cannot be read: {error.strerror}.") from error
    return {origin.path: origin for line in lines if (origin := _origin_of(line))}


def _origin_of(line: bytes) -> Origin | None:
    given: object = None
    with suppress(ArticleError):  # a crash may have cut the last line short
        given = parse_json(line)
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        return None
    known = {key: given.get(key) for key in ("url", "original")}
    return Origin(given["path"], **{key: value for key, value in known.items() if isinstance(value, str)})


def note_origins(folder: Path, origins: Iterable[Origin]) -> None:
    """Note where files came from; the last note about a file counts."""
    noted = [{key: value for key, value in asdict(origin).items() if value} for origin in origins]
    if noted:
        append_lines(folder, ORIGINS_NAME, (json.dumps(one, ensure_ascii=False) for one in noted))
