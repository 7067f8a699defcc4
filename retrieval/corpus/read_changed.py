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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.corpus.isolation import FileReader, OnPage
from retrieval.corpus.reading_process import Done, ReadPart, ReadRequest
from retrieval.corpus.scan import SETTLED_NS, File, FolderScan, Stamp, file_digest, stamp_of
from retrieval.readers.registry import is_container
from retrieval.types import Article, OnProgress, Passage, Progress

PATIENCE_SECONDS = 1.0  # for files that are being written, all together
QUIET_SECONDS = 0.3  # at rest, after which a file that is no article is set aside
PAUSE_SECONDS = 0.05  # between two looks

ReadArticle = tuple[Article, list[Passage]]


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


class ChangedFiles:
    """What may have changed in a folder: its articles, and what each file stands for once all these were read."""

    def __init__(self, seen: FolderScan, folder: Path, reader: FileReader) -> None:
        """Take the folder as it was looked through, and what reads its files."""
        self.files: list[File] = []
        self.vanished: list[str] = []  # deleted after they were seen
        self.unsettled: list[str] = []  # being written
        self._seen = seen
        self._folder = folder
        self._reader = reader
        self._waiting: list[_Waiting] = []

    def articles(self, on_progress: OnProgress | None = None) -> Iterator[ReadArticle]:
        """Read what may have changed, and yield each article with its passages, some more than once.

        Whoever does not take them all is to close the reader, which goes on.

        Raises:
            ReadingError: no file can be read.
        """
        for done, reading in enumerate(self._readings(), start=1):
            on_page = _told_of_pages(on_progress, done - 1, len(self._seen.to_read), reading.of.path)
            yield from self._take(reading, on_page)
            if on_progress:
                on_progress(Progress(done, len(self._seen.to_read), reading.of.path))
        until = time.monotonic() + PATIENCE_SECONDS
        while self._waiting and time.monotonic() <= until:
            time.sleep(PAUSE_SECONDS)
            waiting, self._waiting = self._waiting, []
            for read in waiting:
                yield from self._look_again(read)
        self.unsettled = sorted([*self.unsettled, *(read.path for read in self._waiting)])

    def _readings(self) -> Iterator[_Reading]:
        """Yield the files one by one, as many asked for ahead as there is room for."""
        ahead: deque[_Reading] = deque()
        for file, path, stamp in self._seen.to_read:
            reading = self._begun(_Waiting(file, path, stamp, time.monotonic()))
            while ahead and reading.request and not self._reader.has_room(reading.request):
                yield ahead.popleft()
            if reading.request:
                self._reader.ask(reading.request)
            ahead.append(reading)
        yield from ahead

    def _begun(self, read: _Waiting) -> _Reading:
        """Look at a file, and return what is to be read of it."""
        if not os.path.lexists(read.file):
            return _Reading(read, None, None)
        seen = self._seen
        now, digest = time.time_ns(), file_digest(read.file, read.stamp)
        known = seen.known.get(read.path)
        if known and digest and known.digest == digest and read.path not in seen.restated:
            return _Reading(read, replace(known, stamp=read.stamp, read_ns=now), None)
        if is_container(read.path):
            below = f"{read.path}/"
            speaking = {at: stated for at, stated in seen.overrides.items() if at == read.path or at.startswith(below)}
            request = ReadRequest(self._folder, read.file, read.path, speaking, seen.known_digests(read.path))
        else:
            speaking = {read.path: seen.overrides[read.path]} if read.path in seen.overrides else {}
            request = ReadRequest(self._folder, read.file, read.path, speaking)
        return _Reading(read, File(read.path, read.stamp, now, digest), request)

    def _look_again(self, read: _Waiting) -> Iterator[ReadArticle]:
        """Read a waiting file again if it has changed, or take it as it is if it has been at rest for a while."""
        now = stamp_of(read.file)
        if now != read.stamp or read.outcome is None:
            read.stamp, read.since = now, time.monotonic()
            reading = self._begun(read)
            if reading.request:
                self._reader.ask(reading.request)
            yield from self._take(reading)
        elif time.monotonic() - read.since < QUIET_SECONDS:
            self._waiting.append(read)
        elif (known := self._seen.known.get(read.path)) and (known.article_id or read.path in self._seen.members):
            self.unsettled.append(read.path)
        else:
            self.files.append(read.outcome)

    def _take(self, reading: _Reading, on_page: OnPage | None = None) -> Iterator[ReadArticle]:
        """Take what was read of a file; one that was not at rest waits."""
        read, outcome = reading.of, reading.outcome
        before = self._seen.members.get(read.path, frozenset())
        if outcome is None:
            self.vanished += [read.path, *sorted(before)]
            return
        is_container = reading.request is not None and reading.request.known is not None
        members: dict[str, File] = {}
        own: ReadArticle | None = None
        for part in self._reader.take(on_page) if reading.request else ():
            if isinstance(part, Done):
                outcome = replace(outcome, reason=part.reason)
                continue
            article = _with_passages(part)
            if is_container:
                members[part.path] = self._member(outcome, part)
                yield from article
            else:
                own = next(article, None)
        if not self._is_at_rest(read, outcome):
            self._waiting.append(read)
            return
        if outcome.reason is not None:
            members, own = {}, None
        if own:
            yield own
            outcome = outcome.standing_for(own[0])
        self.files += [outcome, *members.values()]
        if is_container or outcome.reason:
            self.vanished += sorted(before - members.keys())

    def _is_at_rest(self, read: _Waiting, outcome: File) -> bool:
        """Tell whether a file is what it was when it was looked at, and not one that has just begun to be bad."""
        read.outcome = outcome if stamp_of(read.file) == read.stamp else None
        known = self._seen.known.get(read.path)
        is_bad = outcome.reason is not None and outcome.reason != (known.reason if known else None)
        is_fresh = abs(outcome.read_ns - read.stamp.mtime_ns) < SETTLED_NS  # written in the last moments
        return read.outcome is not None and not (is_bad and is_fresh)

    def _member(self, container: File, part: ReadPart) -> File:
        """Return what a member stands for: an article, or where it says the same as before, what it stood for then."""
        blank = replace(container, path=part.path, container=container.path, digest=part.digest, reason=part.reason)
        if part.reason is not None:
            return blank
        if part.article is not None:
            return blank.standing_for(part.article)
        return replace(self._seen.known[part.path], stamp=blank.stamp, read_ns=blank.read_ns)


def _with_passages(part: ReadPart) -> Iterator[ReadArticle]:
    """Yield the article of a part, if it has one, with its passages."""
    if article := part.article:
        yield article, [Passage(article.article_id, *span, article.text[slice(*span)]) for span in part.passages]


def _told_of_pages(on_progress: OnProgress | None, done: int, total: int, path: str) -> OnPage | None:
    """Return what tells of the pages of a scan, while it is read."""
    if on_progress is None:
        return None
    return lambda page, pages: on_progress(Progress(done, total, f"{path} ({page}/{pages})"))
