"""What a refresh reads again: all that may have been written since, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from retrieval.corpus.scan import SETTLED_NS, File, FolderScan, file_digest, scan, stamp_of
from retrieval.errors import SettingsError

LATER_NS = SETTLED_NS + 1_000_000_000


def remember(folder: Path, after_ns: int = LATER_NS) -> tuple[dict[str, File], str]:
    """Return what a refresh would note down that read the folder some time after it was written."""
    first = scan(folder, {}, None)
    read_ns = time.time_ns() + after_ns
    return {path: File(path, stamp, read_ns, file_digest(file, stamp)) for file, path, stamp in first.to_read}, (
        first.overrides_text
    )


def paths(found: FolderScan) -> list[str]:
    return [path for _, path, _ in found.to_read]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("سلام", encoding="utf-8")
    (folder / "deep" / "b.md").write_text("حرب", encoding="utf-8")
    return folder


def test_at_first_everything_is_read(folder: Path) -> None:
    assert paths(scan(folder, {}, None)) == ["a.txt", "deep/b.md"]


def test_what_has_not_been_written_since_is_not_read_again(folder: Path) -> None:
    assert scan(folder, *remember(folder)).finds_nothing


def test_a_file_written_just_before_it_was_read_is_read_again(folder: Path) -> None:
    assert paths(scan(folder, *remember(folder, after_ns=0))) == ["a.txt", "deep/b.md"]


def test_an_edit_that_keeps_size_and_time_is_found(folder: Path) -> None:
    known = remember(folder)
    times = (folder / "a.txt").stat()
    (folder / "a.txt").write_text("كلام", encoding="utf-8")
    os.utime(folder / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert paths(scan(folder, *known)) == ["a.txt"]


def test_a_deleted_file_is_gone_and_a_moved_one_is_new_elsewhere(folder: Path) -> None:
    known = remember(folder)
    (folder / "deep" / "b.md").rename(folder / "c.md")
    found = scan(folder, *known)
    assert (paths(found), found.gone) == (["c.md"], ("deep/b.md",))


def test_a_link_to_nothing_has_a_stamp_but_no_digest(folder: Path) -> None:
    (folder / "c.txt").symlink_to(folder / "nowhere")
    assert file_digest(folder / "c.txt", stamp_of(folder / "c.txt")) is None


def test_a_folder_without_articles_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SANAD_ARTICLES_DIR"):
        scan(tmp_path, {}, None)


def test_a_folder_that_has_lost_its_articles_is_taken_at_its_word(folder: Path) -> None:
    known, digest = remember(folder)
    (folder / "a.txt").unlink()
    (folder / "deep" / "b.md").unlink()
    assert scan(folder, known, digest).gone == ("a.txt", "deep/b.md")


def test_what_is_stated_of_one_file_has_no_other_read_again(folder: Path) -> None:
    (folder / "rows.jsonl").write_text('{"text": "سلام"}', encoding="utf-8")
    (folder / "articles.toml").write_text('["a.txt"]\ntitle = "خبر"\n', encoding="utf-8")
    known = remember(folder)
    assert scan(folder, *known).finds_nothing
    more = '["a.txt"]\ntitle = "خبر"\n["rows.jsonl/1"]\nsource = "سانا"\n["gone.txt"]\nsource = "سانا"\n'
    (folder / "articles.toml").write_text(more, encoding="utf-8")
    found = scan(folder, *known)
    assert paths(found) == ["rows.jsonl"]
    assert not found.finds_nothing
    (folder / "articles.toml").write_text("", encoding="utf-8")
    assert paths(scan(folder, *known)) == ["a.txt"]
