"""Files are read in a process of their own, which is ended and started anew when one of them hangs it or ends it.

Requests go ahead of their replies, so that files are read while those before them are written into the index. A file
that ends the process is read once more, since anything may end a process; one that takes too long is not.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from retrieval.corpus.reading_process import TOO_SLOW, Begun, Done, Ocr, PageBegun, ReadPart, ReadRequest, Reply
from retrieval.corpus.scan import File, Stamp
from retrieval.errors import EndedError, ReadingError
from retrieval.readers.document import NEEDS_OCR

FILE_SECONDS = 20.0  # for one file, or one member of a container
# Bytes of requests without a reply. A pipe holds them all, so that neither process waits for the other to read: eight
# times as many on Linux, four times on macOS, and just so many on Windows.
MOST_AHEAD = 8_192 if sys.platform == "linux" else 4_096
PIPE_BYTES = 2**20  # of replies that may wait, where the system can be told so; some seventy articles
MOST_ENDINGS = 3  # of the process by members of one container, which is then set aside as a whole

_START = (
    "import sys; sys.path[:] = sys.argv[3:]\n"
    "from retrieval.corpus.reading_process import _main; _main(float(sys.argv[1]), sys.argv[2])"
)
_SLOW = "took longer than "


class ReadingBounds(NamedTuple):
    """What reading one file, or one member of a container, may cost."""

    seconds: float = FILE_SECONDS
    ocr: Ocr = "off"  # what reads scans, a page at a time


READING_BOUNDS = ReadingBounds()
OnPage = Callable[[int, int], None]  # the number of a page, and how many there are


@dataclass(slots=True)
class _Asked:
    request: ReadRequest
    size: int  # bytes
    ended: int | None = None  # the member at which it has ended the process; -1 for the file itself
    endings: int = 0  # of the process, at whichever member


class _EndedError(Exception):
    """The process has ended in the midst of a file."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(code)
        self.code = code
        self.said = said  # the last line of its errors, while it starts


class FileReader:
    """Reads files in another process, started when the first is asked for; for one thread at a time."""

    def __init__(self, bounds: ReadingBounds = READING_BOUNDS) -> None:
        """Take what reading one file may cost."""
        self.bounds = bounds
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: deque[_Asked] = deque()
        self._is_interrupted = False

    def has_room(self, request: ReadRequest) -> bool:
        """Tell whether a request may go ahead of the replies that are still to be taken."""
        ahead = sum(asked.size for asked in self._asked)
        return not ahead or ahead + len(_pickled(request)) <= MOST_AHEAD

    def ask(self, request: ReadRequest) -> None:
        """Have a file be read; replies are taken in the order of the requests.

        Raises:
            ReadingError: the process cannot be started.
        """
        self._asked.append(_Asked(request, len(_pickled(request))))
        if self._process is None:
            self._start()
        else:
            self._write(request)

    def take(self, on_page: OnPage | None = None) -> Iterator[ReadPart | Done]:
        """Yield what the first file holds that was asked for, and last whether it could be read as a whole.

        `on_page` hears of each page of a scan before it is read.

        A part may be given out again, after the process has ended at a later one of the same file.

        Raises:
            ReadingError: the process cannot be started.
            EndedError: it was interrupted.
        """
        asked = self._asked[0]
        begun = -1
        while True:
            try:
                reply = self._reply()
            except _EndedError as ended:
                if self._is_interrupted:
                    raise EndedError from ended
                reason = self._set_aside_reason(asked, begun, ended.code)
                begun = -1
                if reason is not None:
                    self._asked.popleft()
                self._start_again()
                if reason is not None:
                    yield Done(reason)
                    return
                continue
            if isinstance(reply, Begun):
                begun = reply.number
            elif isinstance(reply, PageBegun) and on_page:
                on_page(reply.page, reply.pages)
            elif isinstance(reply, ReadPart):
                yield reply
            elif isinstance(reply, Done):
                self._asked.popleft()
                yield reply
                return

    def interrupt(self) -> None:
        """Have whoever waits for a file in another thread wait no longer; until this is closed, no more is read."""
        self._is_interrupted = True
        if process := self._process:
            process.kill()

    def close(self) -> None:
        """End the process, whatever it is at; the next request starts another one."""
        self._is_interrupted = False
        self._asked.clear()
        if self._process is not None:
            self._process.kill()
            self._ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set_aside_reason(self, asked: _Asked, begun: int, code: int) -> str | None:
        """Return why a file is set aside at which the process has ended; None where it is to be read again."""
        asked.endings += 1
        is_last = asked.endings > 2 * MOST_ENDINGS  # whichever members it ends at, each time another one
        if code != TOO_SLOW and asked.ended != begun and not is_last:
            asked.ended = begun
            return None
        reason = too_slow(self.bounds.seconds) if code == TOO_SLOW else _why_ended(code)
        passed_over = {**asked.request.passed_over, begun: reason}
        if begun == -1 or len(passed_over) > MOST_ENDINGS or is_last:
            return reason if begun == -1 else f"holds more than {MOST_ENDINGS} files of which each {reason}"
        asked.request, asked.ended = replace(asked.request, passed_over=passed_over), None
        return None

    def _start_again(self) -> None:
        if self._asked:
            self._start()

    def _start(self) -> None:
        """Start the process, and ask it for all that no reply was taken for."""
        command = [sys.executable, "-c", _START, str(self.bounds.seconds), self.bounds.ocr, *sys.path]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        except OSError as error:
            raise ReadingError(f"The process that reads files cannot be started: {error.strerror}.") from error
        self._end_when_forgotten = weakref.finalize(self, _kill, self._process)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        _widen(self._process.stdout.fileno())
        try:
            self._reply()
        except _EndedError as ended:
            why = ended.said or f"it ended with code {ended.code}"
            raise ReadingError(f"The process that reads files has not started: {why}") from ended
        self._process.stderr.close()
        for asked in self._asked:
            self._write(asked.request)

    def _write(self, request: ReadRequest) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended, as the next reply will show
            self._process.stdin.write(_pickled(request))
            self._process.stdin.flush()

    def _reply(self) -> Reply:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            reply: Reply = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError) as error:
            raise _EndedError(*self._ended()) from error
        return reply

    def _ended(self) -> tuple[int, str]:
        """Return the code with which the process has ended, and the last line of its errors while it starts."""
        assert self._process is not None
        process, self._process = self._process, None
        self._end_when_forgotten.detach()
        said = b"" if process.stderr is None or process.stderr.closed else process.stderr.read()
        return _let_go(process), said.decode(errors="replace").strip().rpartition("\n")[2]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that nobody can ask any more."""
    process.kill()
    _let_go(process)


def _let_go(process: subprocess.Popen[bytes]) -> int:
    """Close what leads to a process, and return the code with which it ends."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    return process.wait()


def too_slow(seconds: float) -> str:
    """Return why a file is set aside that takes longer than it may.

    >>> too_slow(20.0)
    'took longer than 20 seconds to be read; split it, or set SANAD_FILE_SECONDS higher'
    """
    return f"{_SLOW}{seconds:g} seconds to be read; split it, or set SANAD_FILE_SECONDS higher"


def without_bounded_files(known: Mapping[str, File], bounds: ReadingBounds) -> Mapping[str, File]:
    """Return what is known of files, those unread that may be articles within other bounds."""
    bounded = {path for path, file in known.items() if file.reason and _was_bounded(file.reason, bounds)}
    bounded |= {container for path in bounded if (container := known[path].container)}
    if not bounded:
        return known
    unread = {path: replace(known[path], stamp=Stamp(0, 0, 0), digest=None) for path in bounded if path in known}
    return {**known, **unread}


def _was_bounded(reason: str, bounds: ReadingBounds) -> bool:
    was_slow = _SLOW in reason and too_slow(bounds.seconds) not in reason
    return was_slow or (bounds.ocr != "off" and NEEDS_OCR in reason)


def _why_ended(code: int) -> str:
    if code == -getattr(signal, "SIGKILL", 9):
        return "needs more memory than there is (the system has killed its reader); split it"
    try:
        name = signal.Signals(-code).name if code < 0 else f"code {code}"
    except ValueError:
        name = f"signal {-code}"
    return f"ends the program that reads it ({name}); save it anew"


def _pickled(request: ReadRequest) -> bytes:
    return pickle.dumps(request, pickle.HIGHEST_PROTOCOL)


def _widen(descriptor: int) -> None:
    """Have a pipe hold as much as may wait in it; where this cannot be told, it holds less."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
