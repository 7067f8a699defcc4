"""Watching: what happens in the folder is taken in, whatever goes wrong, until it is told to stop."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from support import starved
from support.builders.folder import EMBEDDER, TEXTS, run, state, state_from_scratch, write

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmbeddingError, SanadError
from retrieval.index import watcher
from retrieval.index.index import Index
from retrieval.index.refresh import LOCK_NAME
from retrieval.index.watcher import watch
from retrieval.types import Extent, Move, OnProgress, Progress, RefreshReport

PATIENCE = 60.0  # seconds; a test that waits so long has failed


class Watcher:
    """A watcher in a thread, and what it has told."""

    def __init__(self, index: Index, folder: Path, every: float) -> None:
        self.reports: queue.Queue[RefreshReport] = queue.Queue()
        self.troubles: queue.Queue[SanadError] = queue.Queue()
        self.stop = threading.Event()
        self.thread = threading.Thread(
            target=watch,
            args=(index, folder, self.stop, self.reports.put, self.troubles.put),
            kwargs={"every": every},
        )

    def until(self, is_it: Callable[[RefreshReport], object]) -> RefreshReport:
        """Return the first report of which something is true."""
        while True:
            report = self.reports.get(timeout=PATIENCE)
            if is_it(report):
                return report


@contextmanager
def watching(data: Path, folder: Path, every: float = PATIENCE, embedder: Embedder = EMBEDDER) -> Iterator[Watcher]:
    with Index.open(data, embedder) as index:
        running = Watcher(index, folder, every)
        running.thread.start()
        try:
            yield running
        finally:
            running.stop.set()
            running.thread.join(PATIENCE)
        assert not running.thread.is_alive()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it all go faster than a person needs."""
    monkeypatch.setattr(watcher, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(watcher, "STEP_SECONDS", 0.05)
    monkeypatch.setattr(watcher, "FIRST_PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(watcher, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(watcher, "SETTLING_SECONDS", 0.1)


def test_what_happens_in_the_folder_is_told_and_taken_in(data: Path, folder: Path) -> None:
    with watching(data, folder) as running:
        assert running.until(lambda report: report.new).new == tuple(TEXTS)
        write(folder, "deep/new.txt", "افتتح وزير الري سدا جديدا على النهر.")
        assert running.until(lambda report: report.new).new == ("deep/new.txt",)
        (folder / "a.txt").rename(folder / "z.txt")
        report = running.until(lambda report: report.moved)
        assert report.moved == (Move("a.txt", "z.txt"),)
        if report.pending:
            running.until(lambda report: not report.pending)
        (folder / "b.txt").unlink()
        assert running.until(lambda report: report.deleted).deleted == ("b.txt",)
    assert state(data) == state_from_scratch(folder)


def test_what_the_system_does_not_tell_of_is_found_by_looking(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "_counts", lambda *_: False)
    with watching(data, folder, every=0.2) as running:
        running.until(lambda report: report.new)
        write(folder, "new.txt", "افتتح وزير الري سدا جديدا على النهر.")
        assert running.until(lambda report: report.new).new == ("new.txt",)


def test_a_folder_that_vanishes_takes_nothing_with_it_and_is_watched_again_when_it_is_back(
    data: Path, folder: Path
) -> None:
    with watching(data, folder) as running:
        running.until(lambda report: report.unchanged == 3 and not report.pending)
        before = state(data)
        folder.rename(folder.with_name("away"))
        assert "cannot be listed" in str(running.troubles.get(timeout=PATIENCE))
        assert state(data) == before
        folder.with_name("away").rename(folder)
        assert running.until(lambda report: report.unchanged).unchanged == 3
        write(folder, "new.txt", "افتتح وزير الري سدا جديدا على النهر.")
        assert running.until(lambda report: report.new).new == ("new.txt",)


def test_another_folder_in_its_place_is_watched(data: Path, folder: Path) -> None:
    with watching(data, folder) as running:
        running.until(lambda report: report.new)
        shutil.copytree(folder, folder.with_name("other"))
        folder.rename(folder.with_name("away"))
        folder.with_name("other").rename(folder)
        running.until(lambda report: report.unchanged == 3)
        write(folder, "new.txt", "افتتح وزير الري سدا جديدا على النهر.")
        assert running.until(lambda report: report.new).new == ("new.txt",)


def test_a_bad_articles_toml_is_said_once_and_mended_by_an_edit(data: Path, folder: Path) -> None:
    write(folder, "articles.toml", "[")
    with watching(data, folder) as running:
        assert "articles.toml" in str(running.troubles.get(timeout=PATIENCE))
        write(folder, "articles.toml", '["a.txt"]\ntitle = "لقاء سوتشي"\n')
        assert running.until(lambda report: report.new).new == tuple(TEXTS)
        assert running.troubles.empty()


class Failing:
    """The embedding model, except that it fails so many times."""

    model_name = EMBEDDER.model_name
    embed_batch_size = EMBEDDER.embed_batch_size
    unit = EMBEDDER.unit
    get_query_embedding = EMBEDDER.get_query_embedding

    def __init__(self, times: int) -> None:
        self.left = times

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        if self.left:
            self.left -= 1
            raise EmbeddingError("The embedding model cannot be reached.")
        return EMBEDDER.get_text_embedding_batch(texts)


def test_an_embedding_model_that_fails_is_asked_again_and_complained_of_once(data: Path, folder: Path) -> None:
    with watching(data, folder, embedder=Failing(3)) as running:
        assert running.until(lambda report: report.new).new == tuple(TEXTS)
        running.until(lambda report: not report.pending)
        assert running.troubles.qsize() == 1
    assert state(data) == state_from_scratch(folder)


class PanicError(BaseException):
    """As libraries in Rust raise it."""


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), RuntimeError("x"), MemoryError(), PanicError()])
def test_what_nobody_foresaw_ends_no_watcher(data: Path, folder: Path, error: BaseException) -> None:
    class Broken(Failing):
        """An embedding model that fails in a way of its own."""

        def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
            try:
                return super().get_text_embedding_batch(texts)
            except EmbeddingError:
                raise error from None

    with watching(data, folder, embedder=Broken(3)) as running:
        assert running.until(lambda report: report.new).new == tuple(TEXTS)
        running.until(lambda report: not report.pending)
        trouble = running.troubles.get(timeout=PATIENCE)
        assert type(error).__name__ in str(trouble)
        assert trouble.__cause__ is error
        assert running.troubles.empty()
    assert state(data) == state_from_scratch(folder)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the open descriptors are counted there")
def test_a_process_that_has_run_out_of_descriptors_goes_on_watching(data: Path, folder: Path) -> None:
    here = Path(starved.__file__).parents[1]
    for name in TEXTS:
        (folder / name).unlink()
    write(folder, "first.txt", "افتتح وزير الري سدا جديدا على النهر.")
    ran = subprocess.run(
        [sys.executable, starved.__file__, str(data), str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Too many open files" in ran.stdout


def test_another_writer_is_waited_for_without_a_word(data: Path, folder: Path) -> None:
    run(data, folder)
    write(folder, "new.txt", "افتتح وزير الري سدا جديدا على النهر.")
    with FileLock(data / LOCK_NAME) as lock, watching(data, folder) as running:
        with pytest.raises(queue.Empty):
            running.reports.get(timeout=0.5)
        lock.release()
        assert running.until(lambda report: report.new).new == ("new.txt",)
        assert running.troubles.empty()


def test_a_half_written_file_is_looked_at_again_by_itself(data: Path, folder: Path) -> None:
    run(data, folder)
    with watching(data, folder) as running:
        running.until(lambda report: report.unchanged)
        (folder / "a.txt").write_bytes(b"")
        assert running.until(lambda report: report.unsettled).unsettled == ("a.txt",)
        assert [failure.path for failure in running.until(lambda report: report.failed).failed] == ["a.txt"]


def test_stopping_between_two_batches_undoes_what_was_begun_and_keeps_the_words(data: Path, folder: Path) -> None:
    run(data, folder)
    for at in range(50):
        write(folder, f"more/{at}.txt", f"خبر رقم {at} عن مدينة من المدن. " * 40)
    stop = threading.Event()

    class Stopping:
        """The embedding model, which has the watcher stopped while it is asked."""

        model_name = EMBEDDER.model_name
        embed_batch_size = 4
        unit = EMBEDDER.unit
        get_query_embedding = EMBEDDER.get_query_embedding

        def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
            stop.set()
            return EMBEDDER.get_text_embedding_batch(texts)

    reports: list[RefreshReport] = []
    with Index.open(data, Stopping()) as index:
        watch(index, folder, stop, reports.append, pytest.fail, every=PATIENCE)
        assert [report.pending for report in reports] == [50]
        assert (index.catalog.article_count(), index.search("خبر رقم").pending) == (53, 50 / 53)
    run(data, folder)
    assert state(data) == state_from_scratch(folder)


def test_stopping_between_two_files_undoes_what_was_begun(data: Path, folder: Path) -> None:
    run(data, folder)
    before = state(data)
    for at in range(50):
        write(folder, f"more/{at}.txt", f"خبر رقم {at} عن مدينة من المدن. " * 40)
    stop = threading.Event()

    class Stopping:
        """The index, which has the watcher stopped at the second file."""

        def refresh(
            self, folder: Path, on_progress: OnProgress | None = None, wait: float = 0, extent: Extent = "all"
        ) -> RefreshReport:
            def note(progress: Progress) -> None:
                if progress.done == 2:
                    stop.set()
                assert on_progress
                on_progress(progress)

            return index.refresh(folder, note, wait, extent)

    with Index.open(data, EMBEDDER) as index:
        watch(Stopping(), folder, stop, pytest.fail, pytest.fail, every=PATIENCE)
    assert state(data) == before
    run(data, folder)
    assert state(data) == state_from_scratch(folder)


@pytest.mark.parametrize(
    ("path", "counts"), [("a.txt", True), ("deep/b.txt", True), (".sanad/words/x", False), ("deep/.new.txt", False)]
)
def test_what_is_hidden_does_not_count(folder: Path, path: str, counts: bool) -> None:
    assert watcher._counts(folder, str(folder / path)) == counts
