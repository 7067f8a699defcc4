"""Read the files that may have changed; one that is caught half-written waits until it has settled.

A file is half-written if it is written while it is read, or if it is no article and was written in the last
moments. It is read again for a short while. What then has come to rest and is still no article is set aside with its
reason; but a file that stood for a good article before goes on standing for it until the new content has been
at rest for `SETTLED_NS`, since a slow copy may pause.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from retrieval.articles import read_article
from retrieval.changes import SETTLED_NS, File, Look, Stamp, digest_of, stamp_of
from retrieval.containers import take_members
from retrieval.errors import ArticleError
from retrieval.formats.kinds import is_container
from retrieval.types import Article, OnProgress, Progress

PATIENCE_SECONDS = 1.0  # for files that are being written, all together
QUIET_SECONDS = 0.3  # after which a file that is no article is taken at its word
PAUSE_SECONDS = 0.05  # between two looks

Stage = Callable[[Article], None]


@dataclass(slots=True)
class Taken:
    """What reading has given."""

    files: list[File] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)  # deleted after they were seen
    unsettled: list[str] = field(default_factory=list)  # being written


@dataclass(slots=True)
class _Waiting:
    """A file that is being written, and what it was when it was last read."""

    file: Path
    path: str
    stamp: Stamp
    since: float  # when it was seen with that stamp, by the monotonic clock
    outcome: File | None = None  # what it would stand for if it stayed so; None where it was written while being read


def take_in(seen: Look, folder: Path, stage: Stage, on_progress: OnProgress | None) -> Taken:
    """Read what may have changed, stage the articles, and return what each file stands for."""
    taken = Taken()
    waiting = []
    for done, (file, path, stamp) in enumerate(seen.to_read, 1):
        read = _Waiting(file, path, stamp, time.monotonic())
        if not _is_taken(read, seen, folder, stage, taken):
            waiting.append(read)
        if on_progress:
            on_progress(Progress(done, len(seen.to_read), path))
    until = time.monotonic() + PATIENCE_SECONDS
    while waiting:
        time.sleep(PAUSE_SECONDS)
        waiting = [read for read in waiting if not _is_taken_later(read, seen, folder, stage, taken)]
        if time.monotonic() > until:
            taken.unsettled += [read.path for read in waiting]
            break
    taken.unsettled.sort()
    return taken


def _is_taken_later(read: _Waiting, seen: Look, folder: Path, stage: Stage, taken: Taken) -> bool:
    """Look at a waiting file again; tell whether there is nothing more to wait for."""
    now = stamp_of(read.file)
    if now != read.stamp or read.outcome is None:
        read.stamp, read.since = now, time.monotonic()
        return _is_taken(read, seen, folder, stage, taken)
    if time.monotonic() - read.since < QUIET_SECONDS:
        return False
    known = seen.known.get(read.path)
    if known and (known.article_id or read.path in seen.members):
        taken.unsettled.append(read.path)
    else:
        taken.files.append(read.outcome)
    return True


def _is_taken(read: _Waiting, seen: Look, folder: Path, stage: Stage, taken: Taken) -> bool:
    """Read a file; tell whether it was at rest."""
    if not os.path.lexists(read.file):
        taken.vanished += [read.path, *sorted(seen.members.get(read.path, ()))]
        return True
    now, digest = time.time_ns(), digest_of(read.file, read.stamp)
    known = seen.known.get(read.path)
    article: Article | None = None
    members: list[File] | None = None  # of a container that was read
    if known and digest and known.digest == digest and not seen.restated:
        outcome = replace(known, stamp=read.stamp, read_ns=now)
    else:
        outcome = File(read.path, read.stamp, now, digest)
        try:
            if is_container(read.path):
                members = take_members(seen, folder, read.file, outcome, stage)
            else:
                article = read_article(folder, read.file, seen.overrides)
        except ArticleError as error:
            outcome = replace(outcome, reason=str(error))
    read.outcome = outcome if stamp_of(read.file) == read.stamp else None
    is_bad = outcome.reason is not None and outcome.reason != (known.reason if known else None)
    if read.outcome is None or (is_bad and _is_fresh(read.stamp, now)):
        return False
    if article:
        stage(article)
        outcome = outcome.standing_for(article)
    taken.files += [outcome, *(members or ())]
    if members is not None or outcome.reason:
        left = seen.members.get(read.path, frozenset()) - {member.path for member in members or ()}
        taken.vanished += sorted(left)
    return True


def _is_fresh(stamp: Stamp, now_ns: int) -> bool:
    """Tell whether a file was written in the last moments."""
    return abs(now_ns - stamp.mtime_ns) < SETTLED_NS
