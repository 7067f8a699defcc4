"""Questions with their answers as the benches read them, files in SQuAD's form and lines of JSON; and nDCG@10."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

DEPTH = 10
ASIDE = {"xquad": 2, "arcd": 4, "tydiqa": 4}  # every so-many-th entry of a set is kept aside from training

NumberedRow = tuple[int, dict[str, Any], dict[str, Any], dict[str, Any]]  # with the entry's place in the file
SquadRow = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]  # an entry, a paragraph of it, a question to that


def squad_rows(file: Path) -> Iterator[SquadRow]:
    """Return the questions of a file in SQuAD's form (Rajpurkar et al., 2016)."""
    return ((entry, paragraph, asked) for _, entry, paragraph, asked in numbered_rows(file))


def numbered_rows(file: Path) -> Iterator[NumberedRow]:
    """Yield the same, each behind the place of its entry in the file."""
    for number, entry in enumerate(squad_entries(file)):
        for paragraph in entry["paragraphs"]:
            for asked in paragraph["qas"]:
                yield number, entry, paragraph, asked


def squad_entries(file: Path) -> list[dict[str, Any]]:
    """Return the entries of a file in SQuAD's form, each with its paragraphs."""
    entries: list[dict[str, Any]] = json.loads(_text(file))["data"]
    return entries


def kept_aside(file_name: str, entry: int) -> bool:
    """Tell whether an entry of a file, by its place, is kept aside from training; of a file of no such set, all are."""
    return is_aside(entry, next((every for name, every in ASIDE.items() if file_name.startswith(name)), 1))


def is_aside(entry: int, every: int) -> bool:
    """Tell whether an entry is kept aside, of which every so-many-th one is; where that is 0, none is."""
    return bool(every) and entry % every == every - 1


def json_lines(file: Path) -> list[dict[str, Any]]:
    """Return what a file of JSON lines holds, as the `questions.jsonl` of a newsroom."""
    return [json.loads(line) for line in _text(file).split("\n") if line.strip()]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SystemExit(f"{file} cannot be read ({error.strerror}).") from error


def ndcg(found: Sequence[object], right: Collection[object]) -> float:
    """Return nDCG@10 (Järvelin and Kekäläinen, 2002) of what was found, best first, given all that is right."""
    ideal = sum(1 / math.log2(rank + 2) for rank in range(len(right)))
    return sum(1 / math.log2(rank + 2) for rank, one in enumerate(found[:DEPTH]) if one in right) / ideal
