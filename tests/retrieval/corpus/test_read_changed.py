"""A file that is caught half-written: read again when it has settled, and until then nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.builders.folder import TEXTS, age, halve, run, state, state_from_scratch, write

from retrieval.corpus import read_changed
from retrieval.corpus.isolation import FileReader
from retrieval.corpus.read_changed import ChangedFiles
from retrieval.corpus.scan import scan


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """Return what is to be done while the reader waits, one thing a pause; after the last, time goes on."""
    todo: list[Callable[[], object]] = []
    sleep = time.sleep

    def pause(seconds: float) -> None:
        if todo:
            todo.pop(0)()
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", pause)
    return todo


def test_a_half_written_file_is_read_when_it_is_whole(
    data: Path, folder: Path, pauses: list[Callable[[], object]]
) -> None:
    halve(folder / "a.txt")
    pauses.append(lambda: write(folder, "a.txt", TEXTS["a.txt"]))
    report = run(data, folder)
    assert (report.new, report.failed, report.unsettled) == (tuple(TEXTS), (), ())
    assert state(data) == state_from_scratch(folder)


def test_a_half_written_file_takes_no_good_article_away(data: Path, folder: Path) -> None:
    run(data, folder)
    before = state(data)
    halve(folder / "a.txt")
    report = run(data, folder)
    assert (report.unsettled, report.failed, report.unchanged) == (("a.txt",), (), 3)
    assert state(data) == before


def test_what_was_unsettled_is_judged_at_the_next_refresh_after_it_came_to_rest(data: Path, folder: Path) -> None:
    run(data, folder)
    halve(folder / "a.txt")
    run(data, folder)
    age(folder / "a.txt")
    report = run(data, folder)
    assert ([failure.path for failure in report.failed], report.unsettled) == (["a.txt"], ())
    write(folder, "a.txt", TEXTS["a.txt"])
    assert run(data, folder).new == ("a.txt",)
    assert state(data) == state_from_scratch(folder)


def test_a_file_that_is_written_all_the_time_is_said_to_be(
    data: Path, folder: Path, pauses: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_changed, "PATIENCE_SECONDS", 0.2)
    (folder / "a.txt").write_bytes(b"")
    pauses += [lambda at=at: (folder / "a.txt").write_bytes(b"\0" * at) for at in range(1, 90)]  # type: ignore[misc]
    report = run(data, folder)
    assert (report.unsettled, report.new, report.failed) == (("a.txt",), ("b.txt", "deep/c.txt"), ())


def test_a_bad_file_that_is_at_rest_is_not_waited_for(
    data: Path, folder: Path, pauses: list[Callable[[], object]]
) -> None:
    halve(folder / "a.txt")
    age(folder / "a.txt")
    pauses.append(lambda: pytest.fail("waited"))
    assert [failure.path for failure in run(data, folder).failed] == ["a.txt"]


def test_a_file_that_is_written_while_it_is_read_is_read_again(folder: Path) -> None:
    file = folder / "a.txt"
    seen = scan(folder, {}, None)
    write(folder, "a.txt", "نص أطول بكثير مما كان حين نظر إليه القارئ أول مرة، وفيه خبر جديد.")
    with FileReader() as reader:
        changed = ChangedFiles(seen, folder, reader)
        staged = [article.text for article, _ in changed.articles()]
    assert staged.count(file.read_text(encoding="utf-8")) == 1
    assert {found.path: found.stamp.size for found in changed.files}["a.txt"] == file.stat().st_size


def test_a_file_that_vanishes_before_it_is_read_is_no_failure(data: Path, folder: Path) -> None:
    seen = scan(folder, {}, None)
    (folder / "a.txt").unlink()
    with FileReader() as reader:
        changed = ChangedFiles(seen, folder, reader)
        assert len(list(changed.articles())) == 2
    assert changed.vanished == ["a.txt"]
    assert [found.path for found in changed.files] == ["b.txt", "deep/c.txt"]
