"""What files of the folder said before they were fetched again or replaced, kept in the folder, and what changed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from retrieval.corpus.articles import text_digest
from retrieval.corpus.atomic_files import append_lines
from retrieval.corpus.origins import Origin, noted_lines
from retrieval.errors import ArticleError
from retrieval.provenance import ChangedLine, Provenance, TextChange
from retrieval.readers.tabular import parse_json
from retrieval.types import Article

FORMER_NAME = ".former.jsonl"


@dataclass(frozen=True, slots=True)
class FormerText(Provenance):
    """The text that a file held until it was replaced, and where it came from."""

    path: str  # relative to the folder
    text: str
    replaced: str  # when, as 2026-11-28T05:40:07Z


_KEPT = tuple(field.name for field in fields(FormerText))
_NEEDED = frozenset(("path", "text", "replaced"))


def keep_former(folder: Path, before: Mapping[str, str], after: Mapping[str, str], known: Origin, now: str) -> None:
    """Keep the texts that a file will no longer hold, durably, before it is replaced; none where it holds them still.

    Args:
        folder: The articles' folder.
        before: The texts that the file holds, by path.
        after: Those that it will hold.
        known: Where the file came from.
        now: When it is replaced, as 2026-11-28T05:40:07Z.
    """
    lost = ((path, text) for path, text in before.items() if after.get(path) != text)
    came = {"url": known.url, "fetched": known.fetched, "sha256": known.sha256}
    kept = [FormerText(path, text, now, **came, text_sha256=text_digest(text)) for path, text in lost]
    if kept:
        append_lines(folder, FORMER_NAME, (json.dumps(asdict(one), ensure_ascii=False) for one in kept))


def read_former(folder: Path) -> dict[str, list[FormerText]]:
    """Return the texts that are kept, the oldest first, by path; a line that cannot be read is passed over."""
    found: dict[str, list[FormerText]] = {}
    for line in noted_lines(folder, FORMER_NAME):
        given: object = None
        with suppress(ArticleError):  # a crash may have cut the last line short
            given = parse_json(line)
        if isinstance(given, dict):
            own = {key: value for key in _KEPT if isinstance(value := given.get(key), str)}
            if own.keys() >= _NEEDED:
                found.setdefault(own["path"], []).append(FormerText(**own))
    return found


def text_changes(former: Mapping[str, list[FormerText]], held: Mapping[str, Article]) -> list[TextChange]:
    """Return what changed from each kept text to the next, and to what its file holds now, by path, the oldest first.

    Of a file that has gone since, the changes before that are told.
    """
    changes = []
    for path, texts in sorted(former.items()):
        later: list[FormerText | Article] = [*texts[1:], *([held[path]] if path in held else [])]
        for before, after in zip(texts, later, strict=False):
            if lines := changed_lines(before.text, after.text):
                changes.append(TextChange(path, before.replaced, before, after, lines))
    return changes


def changed_lines(before: str, after: str) -> tuple[ChangedLine, ...]:
    r"""Return the lines that were taken out and put in, in their order; white space at their ends does not count.

    >>> changed_lines("one\ntwo\nthree", "one \ntwo or three\nthree")
    (('removed', 'two'), ('added', 'two or three'))
    """
    old, new = ([line.strip() for line in text.splitlines() if line.strip()] for text in (before, after))
    kinds: dict[str, Literal["removed", "added"]] = {"-": "removed", "+": "added"}
    delta = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    return tuple((kinds[line[0]], line[1:]) for line in delta if line[0] in kinds)
