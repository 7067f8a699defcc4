"""Read the files that may have changed; one that is caught half-written waits until it has settled.

The members of a container, rows of a table or files of an archive, are files of their own in the catalog. One that says
what it said before is not read again, so that a table of which one row has changed costs one article; a bad member is a
failure of its own.

A file is half-written if it is written while it is read, or if it is no article and was written in the last
moments. It is read again for a short while. What then has come to rest and is still no article is set aside with its
reason; but a file that stood for a good article before goes on standing for it until the new content has been
at rest for `SETTLED_NS`, since a slow copy may pause.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from retrieval.corpus.isolation import FileReader
from retrieval.corpus.reading_process import ReadPart, ReadRequest
from retrieval.corpus.scan import SETTLED_NS, File, FolderScan, Stamp, file_digest, stamp_of
from retrieval.readers.registry import is_container
from retrieval.types import Article, OnProgress, Passage, Progress

PATIENCE_SECONDS = 1.0  # for files that are being written, all together
QUIET_SECONDS = 0.3  # at rest, after which a file that is no article is set aside
PAUSE_SECONDS = 0.05  # between two looks

Stage = Callable[[Article, Sequence[Passage]], None]


@dataclass(slots=True)
class FilesRead:
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


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that is being read."""

    of: _Waiting
    outcome: File | None  # as far as it is known; None where the file has vanished
    request: ReadRequest | None  # None where there is nothing to be read


def read_changed_files(
    seen: FolderScan, folder: Path, stage: Stage, on_progress: OnProgress | None, reader: FileReader
) -> FilesRead:
    """Read what may have changed, stage the articles, and return what each file stands for.

    Raises:
        ReadingError: no file can be read.
    """
    try:
        return _read_all(_ReadRun(seen, folder, stage, reader), on_progress)
    except BaseException:
        reader.close()  # what it was asked for is no longer wanted
        raise


def _read_all(run: _ReadRun, on_progress: OnProgress | None) -> FilesRead:
    files = run.seen.to_read
    waiting: list[_Waiting] = []
    ahead: deque[_Reading] = deque()
    done = 0

    def settle() -> None:
        nonlocal done
        done += 1
        reading = ahead.popleft()
        if not run.take(reading):
            waiting.append(reading.of)
        if on_progress:
            on_progress(Progress(done, len(files), reading.of.path))

    for file, path, stamp in files:
        reading = run.begun(_Waiting(file, path, stamp, time.monotonic()))
        while ahead and not run.has_room(reading):
            settle()
        run.ask(reading)
        ahead.append(reading)
    while ahead:
        settle()
    taken = run.taken
    until = time.monotonic() + PATIENCE_SECONDS
    while waiting:
        time.sleep(PAUSE_SECONDS)
        waiting = [read for read in waiting if not run.take_later(read)]
        if time.monotonic() > until:
            taken.unsettled += [read.path for read in waiting]
            break
    taken.unsettled.sort()
    return taken


class _ReadRun:
    """One look at a folder, while its files are read."""

    def __init__(self, seen: FolderScan, folder: Path, stage: Stage, reader: FileReader) -> None:
        self.seen = seen
        self.taken = FilesRead()
        self._folder = folder
        self._stage = stage
        self._reader = reader

    def begun(self, read: _Waiting) -> _Reading:
        """Look at a file, and return what is to be read of it."""
        if not os.path.lexists(read.file):
            return _Reading(read, None, None)
        seen = self.seen
        now, digest = time.time_ns(), file_digest(read.file, read.stamp)
        known = seen.known.get(read.path)
        if known and digest and known.digest == digest and not seen.restated:
            return _Reading(read, replace(known, stamp=read.stamp, read_ns=now), None)
        if is_container(read.path):
            below = f"{read.path}/"
            speaking = {at: stated for at, stated in seen.overrides.items() if at == read.path or at.startswith(below)}
            request = ReadRequest(self._folder, read.file, read.path, speaking, seen.known_digests(read.path))
        else:
            speaking = {read.path: seen.overrides[read.path]} if read.path in seen.overrides else {}
            request = ReadRequest(self._folder, read.file, read.path, speaking)
        return _Reading(read, File(read.path, read.stamp, now, digest), request)

    def has_room(self, reading: _Reading) -> bool:
        return reading.request is None or self._reader.has_room(reading.request)

    def ask(self, reading: _Reading) -> None:
        if reading.request is not None:
            self._reader.ask(reading.request)

    def take_later(self, read: _Waiting) -> bool:
        """Look at a waiting file again; return whether there is nothing more to wait for."""
        now = stamp_of(read.file)
        if now != read.stamp or read.outcome is None:
            read.stamp, read.since = now, time.monotonic()
            reading = self.begun(read)
            self.ask(reading)
            return self.take(reading)
        if time.monotonic() - read.since < QUIET_SECONDS:
            return False
        known = self.seen.known.get(read.path)
        if known and (known.article_id or read.path in self.seen.members):
            self.taken.unsettled.append(read.path)
        else:
            self.taken.files.append(read.outcome)
        return True

    def take(self, reading: _Reading) -> bool:
        """Take what was read of a file; return whether it was at rest."""
        read, outcome, taken = reading.of, reading.outcome, self.taken
        before = self.seen.members.get(read.path, frozenset())
        if outcome is None:
            taken.vanished += [read.path, *sorted(before)]
            return True
        known = self.seen.known.get(read.path)
        part: ReadPart | None = None
        members: dict[str, File] = {}
        if reading.request is not None and reading.request.known is None:
            parts: list[ReadPart] = []
            outcome = replace(outcome, reason=self._reader.take(parts.append))
            part = parts[-1] if parts else None
        elif reading.request is not None:
            members, reason = self._members(outcome)
            outcome = replace(outcome, reason=reason)
        read.outcome = outcome if stamp_of(read.file) == read.stamp else None
        is_bad = outcome.reason is not None and outcome.reason != (known.reason if known else None)
        if read.outcome is None or (is_bad and _is_fresh(read.stamp, outcome.read_ns)):
            return False
        if part and part.article and outcome.reason is None:
            self._stage(part.article, _passages(part))
            outcome = outcome.standing_for(part.article)
        is_container_read = reading.request is not None and reading.request.known is not None
        if outcome.reason is not None:
            members = {}
        taken.files += [outcome, *members.values()]
        if is_container_read or outcome.reason:
            taken.vanished += sorted(before - members.keys())
        return True

    def _members(self, container: File) -> tuple[dict[str, File], str | None]:
        """Take the members of a container, by path, and why it cannot be read as a whole; stage their articles."""
        members: dict[str, File] = {}

        def take(part: ReadPart) -> None:
            blank = replace(container, path=part.path, container=container.path, digest=part.digest, reason=part.reason)
            members[part.path] = self._member(blank, part.article)
            if part.article:
                self._stage(part.article, _passages(part))

        return members, self._reader.take(take)

    def _member(self, blank: File, article: Article | None) -> File:
        """Return what a member stands for: an article, or where it says the same as before, what it stood for then."""
        if blank.reason is not None:
            return blank
        if article is not None:
            return blank.standing_for(article)
        return replace(self.seen.known[blank.path], stamp=blank.stamp, read_ns=blank.read_ns)


def _passages(part: ReadPart) -> list[Passage]:
    article = part.article
    assert article is not None
    return [Passage(article.article_id, start, end, article.text[start:end]) for start, end in part.passages]


def _is_fresh(stamp: Stamp, now_ns: int) -> bool:
    """Tell whether a file was written in the last moments."""
    return abs(now_ns - stamp.mtime_ns) < SETTLED_NS
