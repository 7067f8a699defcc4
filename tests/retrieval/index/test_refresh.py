"""A refresh: whatever happened to the folder or the process, the index ends as if built from scratch."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from support.builders.folder import EMBEDDER, TEXTS, edit, run, state, state_from_scratch, state_of_readers, write

from retrieval.corpus.scan import SETTLED_NS
from retrieval.errors import SanadError, SettingsError
from retrieval.index import manifest
from retrieval.index.catalog_writer import Segment
from retrieval.index.index import Index
from retrieval.index.manifest import explain_rebuild
from retrieval.index.refresh import LOCK_NAME, refresh
from retrieval.index.vector_writer import segments_to_merge
from retrieval.types import Move, Progress, RefreshReport

ROOT = Path(__file__).parents[3]


def run_settled(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshReport:
    """Refresh as if some time had passed since the files were written."""
    now = time.time_ns() + 2 * SETTLED_NS
    with monkeypatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: now)
        return run(data, folder)


def test_everything_is_new_at_first(data: Path, folder: Path) -> None:
    report = run(data, folder)
    assert report.new == ("a.txt", "b.txt", "deep/c.txt")
    assert report.passages == 3
    assert (report.changed, report.deleted, report.unchanged, report.failed, report.rebuilt) == ((), (), 0, (), None)


def test_progress_is_told_after_each_file(data: Path, folder: Path) -> None:
    told: list[Progress] = []
    refresh(data, EMBEDDER, folder, told.append, 10.0)
    assert told[:3] == [Progress(1, 3, "a.txt"), Progress(2, 3, "b.txt"), Progress(3, 3, "deep/c.txt")]
    assert {(one.phase, one.total) for one in told[3:]} == {("vectors", 3)}
    assert [one.done for one in told[3:]] == sorted(one.done for one in told[3:])
    assert told[-1].done == 3


def test_nothing_changed_touches_nothing(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_settled(data, folder, monkeypatch)
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}
    report = run(data, folder)
    assert (report.unchanged, report.new, report.passages) == (3, (), 3)
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()} == before


def test_nothing_changed_needs_no_lock_and_no_library(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_settled(data, folder, monkeypatch)
    program = (
        "import sys; from pathlib import Path; from retrieval.index.refresh import refresh\n"
        "class Embedder: model_name, unit = 'hashing-1', 'passage'\n"
        "print(refresh(Path(sys.argv[1]), Embedder(), Path(sys.argv[2]), None, 0.0).unchanged, "
        "{'chromadb', 'tantivy', 'llama_index'} & set(sys.modules))"
    )
    with FileLock(data / LOCK_NAME):
        ran = subprocess.run(
            [sys.executable, "-c", program, data, folder], check=True, capture_output=True, text=True, cwd=ROOT
        )
    assert ran.stdout == "3 set()\n"


def test_a_file_that_was_only_touched_is_hashed_once_more_and_the_stores_stay(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, folder)  # at once after the files were written, so that they might have been written again
    stores = {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")}
    assert run_settled(data, folder, monkeypatch).unchanged == 3
    assert {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")} == stores
    with FileLock(data / LOCK_NAME):
        assert refresh(data, EMBEDDER, folder, None, 0.0).unchanged == 3


def move(folder: Path) -> None:
    (folder / "a.txt").rename(folder / "z.txt")


def delete(folder: Path) -> None:
    (folder / "b.txt").unlink()


def delete_all(folder: Path) -> None:
    for path in TEXTS:
        (folder / path).unlink()


def duplicate(folder: Path) -> None:
    write(folder, "0.txt", TEXTS["b.txt"])


def swap(folder: Path) -> None:
    write(folder, "a.txt", TEXTS["b.txt"])
    write(folder, "b.txt", TEXTS["a.txt"])


def spoil(folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"\x00\x01\x02")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit, RefreshReport(changed=("a.txt",), unchanged=2, passages=3)),
        (move, RefreshReport(moved=(Move("a.txt", "z.txt"),), unchanged=2, passages=3)),
        (delete, RefreshReport(deleted=("b.txt",), unchanged=2, passages=2)),
        (delete_all, RefreshReport(deleted=tuple(TEXTS), passages=0)),
        (duplicate, RefreshReport(new=("0.txt",), duplicates=("b.txt",), unchanged=2, passages=3)),
        (swap, RefreshReport(changed=("a.txt", "b.txt"), unchanged=1, passages=3)),
    ],
)
def test_a_change_is_reported_and_ends_in_the_index_that_scratch_gives(
    data: Path, folder: Path, change: Callable[[Path], None], expected: RefreshReport
) -> None:
    run(data, folder)
    change(folder)
    report = run(data, folder)
    assert report == RefreshReport(**{**_fields(expected), "seconds": report.seconds})
    if change is not delete_all:
        assert state(data) == state_from_scratch(folder)


def _fields(report: RefreshReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in RefreshReport.__slots__}


def test_an_emptied_index_finds_nothing_and_fails_at_nothing(data: Path, folder: Path) -> None:
    run(data, folder)
    delete_all(folder)
    run(data, folder)
    with Index.open(data, EMBEDDER) as index:
        assert index.search("شويغو").hits == ()
        assert index.catalog.is_empty


def test_a_moved_file_is_not_written_again(data: Path, folder: Path) -> None:
    run(data, folder)
    stores = {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")}
    move(folder)
    run(data, folder)
    assert {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")} == stores


def test_another_articles_toml_changes_what_is_said_and_not_the_stores(data: Path, folder: Path) -> None:
    run(data, folder)
    stores = {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")}
    write(folder, "articles.toml", '["a.txt"]\ntitle = "لقاء سوتشي"\n')
    assert run(data, folder).changed == ("a.txt",)
    with Index.open(data, EMBEDDER) as index:
        assert index.article("a.txt").title == "لقاء سوتشي"
    assert {path: path.stat().st_mtime_ns for path in data.glob("index-*/*/**/*")} == stores


def test_a_bad_file_is_named_and_the_rest_is_indexed(data: Path, folder: Path) -> None:
    write(folder, "empty.txt", "")
    report = run(data, folder)
    assert [failure.path for failure in report.failed] == ["empty.txt"]
    assert report.new == tuple(TEXTS)


def test_a_bad_file_stays_named_until_it_is_good(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "empty.txt", "")
    run_settled(data, folder, monkeypatch)
    assert [failure.path for failure in run(data, folder).failed] == ["empty.txt"]
    write(folder, "empty.txt", "صار فيه خبر عن الاقتصاد.")
    report = run(data, folder)
    assert (report.new, report.failed) == (("empty.txt",), ())


def test_a_good_file_that_turns_bad_leaves_the_index(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(data, folder)
    spoil(folder)
    report = run_settled(data, folder, monkeypatch)
    assert [failure.path for failure in report.failed] == ["a.txt"]
    assert report.deleted == ()
    with Index.open(data, EMBEDDER) as index:
        assert [article.path for article in index.catalog.articles()] == ["b.txt", "deep/c.txt"]


def test_an_interrupted_refresh_leaves_the_old_state(data: Path, folder: Path) -> None:
    run(data, folder)
    old = state(data)
    edit(folder)
    delete(folder)

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(data, EMBEDDER, folder, interrupt, 10.0)
    assert state_of_readers(data) == old
    run(data, folder)
    assert state(data) == state_from_scratch(folder)


@pytest.mark.parametrize(
    ("segments", "merged"),
    [
        ([], []),
        ([Segment(1, 50, 50)], []),
        ([Segment(1, 9000, 5000), Segment(2, 9000, 4000), Segment(3, 10, 10)], [2]),
        ([Segment(at, 10, 10) for at in range(1, 9)], []),
        ([Segment(at, 10, at) for at in range(5, 14)], [*range(5, 11)]),
        ([Segment(at, 9000, 9000) for at in range(1, 20)], [1, 2]),
        ([Segment(at, 10_000, 10_000) for at in range(1, 20)], []),
    ],
)
def test_hollow_segments_and_the_smallest_of_many_are_merged(segments: list[Segment], merged: list[int]) -> None:
    assert segments_to_merge(segments) == merged


# Made otherwise.


def test_an_index_made_otherwise_is_rebuilt_beside_the_old_one_which_then_goes(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, folder)
    (old,) = data.glob("index-*")
    monkeypatch.setattr(manifest, "ANALYSIS_VERSION", 99)
    beside: list[bool] = []
    report = refresh(data, EMBEDDER, folder, lambda _: beside.append(old.exists()), 10.0)
    assert report.rebuilt
    assert report.rebuilt.endswith("this is analysis 99: built anew beside the old one.")
    assert report.new == tuple(TEXTS)
    assert all(beside)
    assert not old.exists()
    assert run(data, folder).rebuilt is None


def test_the_reason_names_all_that_differs() -> None:
    old = {"embedding": "small", "chunking": "1", "analysis": "1"}
    new = {"embedding": "large", "chunking": "2", "analysis": "1"}
    assert explain_rebuild(old, new) == (
        "The index was made with embedding small and chunking 1, this is embedding large and chunking 2: "
        "built anew beside the old one."
    )


# What cannot work.


def test_a_missing_folder_is_named_with_the_setting(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SANAD_ARTICLES_DIR"):
        run(data, tmp_path / "nowhere")


def test_an_empty_folder_is_named_with_the_setting_and_leaves_no_index(data: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with pytest.raises(SettingsError, match="SANAD_ARTICLES_DIR"):
        run(data, tmp_path / "articles")
    with Index.open(data, EMBEDDER) as index:
        assert index.catalog.is_empty


def test_a_data_folder_that_is_a_file_is_named_with_the_setting(data: Path, folder: Path) -> None:
    data.write_text("", encoding="utf-8")
    with pytest.raises(SanadError, match="SANAD_DATA_DIR"):
        run(data, folder)
