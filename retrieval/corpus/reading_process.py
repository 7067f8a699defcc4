"""The process that reads files for another one, so that a file which hangs or ends a process does so to this one alone.

`isolation` starts it, with requests on its standard input and replies on its standard output. It is ended in the midst
of a file that takes too long by a thread in C, which needs no lock of Python's: nothing in Python could end a pattern
or a library that holds it.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from retrieval.corpus.articles import Overrides, article_of, read_article, read_documents
from retrieval.errors import ArticleError
from retrieval.extraction.chunking import split_passages
from retrieval.readers.document import ReadScan, refusing_unreadable
from retrieval.readers.pdf_ocr import SCANNED_PAGE_SECONDS, read_scan
from retrieval.types import Article, Failure

MOST_MEMORY = 2 * 2**30  # bytes; what may be read, 256 MiB at most, takes half of it, and is far from the usual 30 MiB
Ocr = Literal["off", "tesseract"]
TOO_SLOW = 1  # the exit code of a process that faulthandler has ended
DEFECT = 70  # that of one which a defect of ours has ended


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to be read."""

    folder: Path
    file: Path
    path: str
    overrides: Overrides  # that speak of it
    known: Mapping[str, str] | None = None  # of a container, the digests of its members by path; None for a file of one
    passed_over: Mapping[int, str] = field(default_factory=dict)  # why members are not read, by the order of reading


class Ready(NamedTuple):
    """The process has started."""


class Begun(NamedTuple):
    """A member of a container is about to be read."""

    number: int


class PageBegun(NamedTuple):
    """A page of a scan is about to be read, of so many."""

    page: int
    pages: int


class ReadPart(NamedTuple):
    """An article of a file, or why a member is none; neither where it says what it said when it was known."""

    path: str
    digest: str | None = None  # of a member
    article: Article | None = None
    passages: tuple[tuple[int, int], ...] = ()
    reason: str | None = None


class Done(NamedTuple):
    """A file has been read, or cannot be as a whole."""

    reason: str | None


Reply = Ready | Begun | PageBegun | ReadPart | Done
Send = Callable[[Reply], None]


class _Clock:
    """Ends this process when a step takes too long; waiting for the other process counts to no step."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._nowhere = Path(os.devnull).open("wb")  # noqa: SIM115 - for a traceback, as long as the process lives

    def start(self, least: float = 0.0) -> None:
        """Begin a step, which may take some seconds at least."""
        faulthandler.dump_traceback_later(max(self._seconds, least), exit=True, file=self._nowhere)

    def stop(self) -> None:
        """End it."""
        faulthandler.cancel_dump_traceback_later()


def _main(seconds: float, ocr: Ocr) -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process has it too, and decides
    requests, replies = sys.stdin.buffer, _apart(1)
    _bound_resources()
    _apart(2).close()  # what libraries print is dropped
    clock = _Clock(seconds)

    def send(reply: Reply) -> None:
        clock.stop()
        replies.write(pickle.dumps(reply, pickle.HIGHEST_PROTOCOL))
        if not isinstance(reply, ReadPart):
            replies.flush()
        clock.start(SCANNED_PAGE_SECONDS if isinstance(reply, PageBegun) else 0.0)

    def scans(data: bytes) -> str:
        return read_scan(data, lambda page, pages: send(PageBegun(page, pages)))

    try:
        send(Ready())
        while True:
            clock.stop()
            request: ReadRequest = pickle.load(requests)
            clock.start()
            send(Done(_answered(request, send, scans if ocr == "tesseract" else None)))
    except (EOFError, BrokenPipeError):  # the other process has gone
        return
    except Exception:  # noqa: BLE001 - it ends the process, and must not look as if a file were slow
        os._exit(DEFECT)


def _answered(request: ReadRequest, send: Send, scans: ReadScan | None) -> str | None:
    """Send what a file holds; return why it cannot be read as a whole."""
    try:
        with refusing_unreadable():
            if request.known is None:
                send(_part(request.path, read_article(request.folder, request.file, request.overrides, scans)))
            else:
                _send_members(request, request.known, send, scans)
    except ArticleError as error:
        return str(error)
    return None


def _send_members(request: ReadRequest, known: Mapping[str, str], send: Send, scans: ReadScan | None) -> None:
    begun = -1

    def begin() -> None:
        nonlocal begun
        begun += 1
        send(Begun(begun))
        if begun in request.passed_over:
            raise ArticleError(request.passed_over[begun])

    for path, content in read_documents(request.folder, request.file, request.overrides, begin, scans):
        if isinstance(content, Failure):
            send(ReadPart(path, reason=content.reason))
            continue
        digest = content.digest
        if known.get(path) == digest:
            send(ReadPart(path, digest))
            continue
        try:
            with refusing_unreadable():
                part = _part(path, article_of(path, content, request.overrides, request.path), digest)
        except ArticleError as error:
            part = ReadPart(path, digest, reason=str(error))
        send(part)


def _part(path: str, article: Article, digest: str | None = None) -> ReadPart:
    return ReadPart(path, digest, article, tuple((passage.start, passage.end) for passage in split_passages(article)))


def _apart(descriptor: int) -> BinaryIO:
    """Return a stream of this process's own, and have whatever a library writes there go nowhere."""
    own = os.fdopen(os.dup(descriptor), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return own


def _bound_resources() -> None:
    """Bound the memory, and be the one that a system without memory ends first; where the system has such bounds."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
