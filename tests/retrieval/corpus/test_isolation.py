"""Whatever one file does to the process that reads it, it is set aside with its reason, and the others are indexed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, TEXTS, write

from retrieval.corpus.isolation import FileReader, ReadingBounds, too_slow
from retrieval.corpus.reading_process import ReadPart, ReadRequest
from retrieval.errors import EndedError, ReadingError
from retrieval.index.index import Index
from retrieval.types import Failure, RefreshReport

SECONDS = 3.0  # that a file may take here; a good one takes some hundredths
# In the place of the library that reads HTML: it does what a page says, as any library may at some page.
LIBRARY = """
import ctypes, os, re, time
from pathlib import Path
from types import SimpleNamespace

def bare_extraction(tree, **_):
    page = tree if isinstance(tree, str) else tree.text_content()
    if page is not tree:
        Path("worker.pid").write_text(str(os.getpid()), encoding="ascii")
    if "pattern" in page:
        re.match(r"(a+)+$", "a" * 64 + "b")  # holds Python's lock
    if "loop" in page:
        while True: pass
    if "library" in page:
        ctypes.PyDLL(None).sleep(600)  # in C, and holds the lock
    if "segfault" in page:
        ctypes.string_at(0)
    if "exit" in page:
        os._exit(7)
    if "killed" in page:
        os.kill(os.getpid(), 9)
    if "memory" in page:
        bytearray(64 * 2**30)
    if "raise" in page:
        raise AttributeError("group")
    if "recursion" in page:
        bare_extraction(page)
    if "slow" in page:
        time.sleep(1.2)
    once = Path("once")
    if "once" in page and not once.exists():
        once.touch()
        os._exit(7)
    text = "نشرت الصحيفة خبرا عن " + page.strip() + " في المدينة أمس."
    return SimpleNamespace(text=text, title=None, author=None, date=None, sitename=None, hostname=None)
"""


@pytest.fixture(autouse=True)
def _library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries" / "trafilatura.py").write_text(LIBRARY, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "libraries"))


def indexed(data: Path, folder: Path, seconds: float = SECONDS) -> RefreshReport:
    with Index.open(data, EMBEDDER, bounds=ReadingBounds(seconds)) as index:
        report = index.refresh(folder)
        assert list(report.failed) == index.catalog.failures()
        return report


def zip_of(*pages: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, page in enumerate(pages):
            archive.writestr(f"{number}.html", page)
    return made.getvalue()


def ended(pid: int) -> bool:
    """Tell whether a process has ended, waiting for it for a while."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


SLOW = too_slow(SECONDS)
BAD = {
    "pattern": SLOW,
    "loop": SLOW,
    "library": SLOW,
    "segfault": "ends the program that reads it (SIGSEGV); save it anew",
    "exit": "ends the program that reads it (code 7); save it anew",
    "killed": "needs more memory than there is (the system has killed its reader); split it",
    "memory": "needs more memory than one file may take; split it",
    "raise": "cannot be read: its reader failed (AttributeError); save it anew",
    "recursion": "cannot be read as HTML (maximum recursion depth exceeded)",
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_set_aside_and_the_others_are_indexed(data: Path, folder: Path, what: str) -> None:
    write(folder, "b.html", what)
    report = indexed(data, folder)
    assert (report.new, report.failed) == (tuple(TEXTS), (Failure("b.html", BAD[what]),))
    assert indexed(data, folder).unchanged == 3


@pytest.mark.parametrize("what", ["pattern", "segfault", "raise"])
def test_a_bad_member_is_set_aside_and_the_others_are_indexed(data: Path, folder: Path, what: str) -> None:
    (folder / "z.zip").write_bytes(zip_of("جسر", what, "قمح"))
    report = indexed(data, folder)
    assert report.failed == (Failure("z.zip/1.html", BAD[what]),)
    assert report.new == (*TEXTS, "z.zip/0.html", "z.zip/2.html")


def test_a_container_of_many_members_that_end_the_reader_is_set_aside(data: Path, folder: Path) -> None:
    (folder / "z.zip").write_bytes(zip_of("جسر", *["exit"] * 4, "قمح"))
    report = indexed(data, folder)
    assert report.new == tuple(TEXTS)
    assert report.failed == (Failure("z.zip", f"holds more than 3 files of which each {BAD['exit']}"),)


def test_bound_is_for_each_member_and_not_for_all(data: Path, folder: Path) -> None:
    (folder / "z.zip").write_bytes(zip_of("slow 1", "slow 2", "slow 3", "slow 4"))
    assert indexed(data, folder).failed == ()


def test_a_file_at_which_the_reader_happens_to_end_is_read_once_more(data: Path, folder: Path) -> None:
    write(folder, "b.html", "once")
    assert indexed(data, folder).failed == ()


def test_a_slow_file_is_read_again_when_it_may_take_longer(data: Path, folder: Path) -> None:
    write(folder, "b.html", "slow 1")
    (folder / "z.zip").write_bytes(zip_of("جسر", "slow 2"))
    report = indexed(data, folder, 1.0)
    assert [failure.path for failure in report.failed] == ["b.html", "z.zip/1.html"]
    assert indexed(data, folder, 1.0).failed == report.failed
    report = indexed(data, folder, 20.0)
    assert (report.failed, report.new) == ((), ("b.html", "z.zip/1.html"))


def test_nothing_is_started_where_nothing_is_read(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed(data, folder)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert indexed(data, folder).unchanged == 3


def test_a_reader_that_cannot_be_started_takes_nothing_away(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(data, folder)
    write(folder, "a.txt", "نص آخر تماما عن محصول القمح.")
    for program in ("/nowhere/python", "/bin/false"):
        with monkeypatch.context() as patched:
            patched.setattr(sys, "executable", program)
            with pytest.raises(ReadingError, match=r"The process that reads files"):
                indexed(data, folder)
    assert indexed(data, folder).changed == ("a.txt",)


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in Python's place")
def test_a_reader_that_does_not_start_says_why(
    data: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'Traceback:' >&2\necho 'ImportError: no lxml' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(ReadingError, match=r"has not started: ImportError: no lxml$"):
        indexed(data, folder)


def test_an_interruption_ends_the_reader(data: Path, folder: Path) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    write(folder, "0.html", "جسر")
    with Index.open(data, EMBEDDER) as index:
        with pytest.raises(KeyboardInterrupt):
            index.refresh(folder, interrupt)
        assert ended(int(Path("worker.pid").read_text(encoding="ascii")))
        assert index.refresh(folder).new == ("0.html", *TEXTS)


def test_a_refresh_in_another_thread_can_be_interrupted(data: Path, folder: Path) -> None:
    write(folder, "b.html", "library")
    raised: list[BaseException] = []

    def refresh() -> None:
        try:
            index.refresh(folder)
        except EndedError as error:
            raised.append(error)

    with Index.open(data, EMBEDDER, bounds=ReadingBounds(600.0)) as index:
        thread = threading.Thread(target=refresh)
        thread.start()
        while not Path("worker.pid").exists():
            time.sleep(0.05)
        index.interrupt()
        thread.join(60)
        assert not thread.is_alive()
    assert [type(error) for error in raised] == [EndedError]
    (folder / "b.html").unlink()
    assert indexed(data, folder).new == tuple(TEXTS)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
@pytest.mark.parametrize("page", ["جسر", "loop"])
def test_a_killed_parent_leaves_no_reader_behind(folder: Path, page: str) -> None:
    write(folder, "b.html", page)
    code = (
        "import sys, time; sys.path[:] = sys.argv[2:]\n"
        "from pathlib import Path; from retrieval.corpus.isolation import FileReader, ReadingBounds\n"
        "from retrieval.corpus.reading_process import ReadPart, ReadRequest\n"
        "folder = Path(sys.argv[1]); reader = FileReader(ReadingBounds(5.0))\n"
        "reader.ask(ReadRequest(folder, folder / 'b.html', 'b.html', {}))\n"
        "print('asked', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, folder, *sys.path], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"asked\n"
        while not Path("worker.pid").exists():
            time.sleep(0.05)
        parent.kill()
    assert ended(int(Path("worker.pid").read_text(encoding="ascii") or 0))


def test_replies_come_in_the_order_of_the_requests(folder: Path) -> None:
    read: list[str] = []
    for number in range(30):
        write(folder, f"{number:02}.txt", f"{TEXTS['a.txt']} {number}")
    requests = [ReadRequest(folder, path, path.name, {}) for path in sorted(folder.glob("*.txt"))]
    with FileReader() as reader:
        waiting = 0
        for request in requests:
            while not reader.has_room(request):
                read += [part.path for part in reader.take() if isinstance(part, ReadPart)]
                waiting -= 1
            reader.ask(request)
            waiting += 1
        assert waiting > 5  # they go ahead
        for _ in range(waiting):
            read += [part.path for part in reader.take() if isinstance(part, ReadPart)]
    assert read == [request.path for request in requests]
