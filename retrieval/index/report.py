"""What a refresh did, each file in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retrieval.corpus.scan import File
from retrieval.types import Failure, Move, RefreshReport


def report_of(
    before: Mapping[str, File], after: Mapping[str, File], unsettled: Iterable[str], passages: int
) -> RefreshReport:
    """Return what has changed between two states of the files."""
    first, duplicates = _shown(after)
    old = {path for path, file in before.items() if file.article_id}
    failed = [Failure(path, file.reason) for path, file in sorted(after.items()) if file.reason is not None]
    gone = sorted(old - {path for path, file in after.items() if file.article_id} - {fault.path for fault in failed})
    new = [path for path in first if path not in old]
    moved = _moves([before[path] for path in gone], [after[path] for path in new])
    changed = [path for path in first if path in old and before[path].shown != after[path].shown]
    left, arrived = {move.old for move in moved}, {move.new for move in moved}
    return RefreshReport(
        new=tuple(path for path in new if path not in arrived),
        changed=tuple(changed),
        moved=tuple(moved),
        deleted=tuple(path for path in gone if path not in left),
        unchanged=len(first) - len(new) - len(changed),
        duplicates=tuple(duplicates),
        failed=tuple(failed),
        unsettled=tuple(unsettled),
        passages=passages,
    )


def _shown(files: Mapping[str, File]) -> tuple[list[str], list[str]]:
    """Return the paths that stand first for their article, and those that stand for one again, each sorted."""
    seen: set[str] = set()
    first: list[str] = []
    duplicates: list[str] = []
    for path in sorted(files):
        article_id = files[path].article_id
        if article_id is None:
            continue
        (duplicates if article_id in seen else first).append(path)
        seen.add(article_id)
    return first, duplicates


def _moves(gone: Iterable[File], new: Iterable[File]) -> list[Move]:
    """Return which new files are files that have gone: those with the same bytes, each paired once.

    >>> from retrieval.corpus.scan import Stamp
    >>> at = lambda path: File(path, Stamp(1, 1, 1), 1, "digest", "id")
    >>> _moves([at("a.txt"), at("b.txt")], [at("c.txt")])
    [Move(old='a.txt', new='c.txt')]
    """
    by_digest: dict[str | None, list[str]] = {}
    for file in gone:
        by_digest.setdefault(file.digest, []).append(file.path)
    return [
        Move(by_digest[file.digest].pop(0), file.path) for file in new if file.digest and by_digest.get(file.digest)
    ]
