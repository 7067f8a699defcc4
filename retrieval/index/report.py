"""What a refresh did, each file in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retrieval.corpus.scan import File
from retrieval.types import Failure, Move, RefreshReport


def report_of(
    before: Mapping[str, File], after: Mapping[str, File], unsettled: Iterable[str], passages: int
) -> RefreshReport:
    """Return what has changed between two states of the files."""
    standing = sorted(path for path, file in after.items() if file.article_id)
    first_of = {after[path].article_id: path for path in reversed(standing)}
    first = sorted(first_of.values())
    old = {path for path, file in before.items() if file.article_id}
    failed = [Failure(path, file.reason) for path, file in sorted(after.items()) if file.reason is not None]
    gone = sorted(old - {*standing, *(failure.path for failure in failed)})
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
        duplicates=tuple(path for path in standing if first_of[after[path].article_id] != path),
        failed=tuple(failed),
        unsettled=tuple(unsettled),
        passages=passages,
    )


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
