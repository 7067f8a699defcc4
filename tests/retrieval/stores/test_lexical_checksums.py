"""The word index's files: damage is found before tantivy meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import IndexDamagedError
from retrieval.stores.lexical import WordIndex
from retrieval.stores.lexical_checksums import CHECKED_SUFFIXES, check_footers
from retrieval.types import Passage

TEXT = "التقى وزير الدفاع نظيره في سوتشي"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = WordIndex(tmp_path)
    words.add([Passage(article_id, 0, len(TEXT), TEXT) for article_id in ("a", "b")])
    words.commit()
    words.remove(["a"])
    words.commit()
    words.close()
    return tmp_path


def test_a_whole_index_passes(folder: Path) -> None:
    assert {path.suffix[1:] for path in folder.glob("?*.*")} >= {*CHECKED_SUFFIXES, "del"}
    check_footers(folder)


def test_a_folder_without_an_index_passes(tmp_path: Path) -> None:
    check_footers(tmp_path / "words")


def replaced(file: Path) -> None:
    file.write_bytes(b"garbage")


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def changed(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(bytes([data[0] ^ 1]) + data[1:])


@pytest.mark.parametrize("harm", [replaced, emptied, changed, Path.unlink])
@pytest.mark.parametrize("suffix", [*CHECKED_SUFFIXES, "del"])
def test_a_damaged_file_is_named(folder: Path, suffix: str, harm: Callable[[Path], None]) -> None:
    (file,) = folder.glob(f"*.{suffix}")
    harm(file)
    with pytest.raises(IndexDamagedError, match=file.name):
        WordIndex(folder)


@pytest.mark.parametrize("meta", [b"garbage", b"[]", b"{}", b'{"segments": [1]}'])
def test_a_damaged_list_of_segments_is_named(folder: Path, meta: bytes) -> None:
    (folder / "meta.json").write_bytes(meta)
    with pytest.raises(IndexDamagedError, match=r"meta\.json"):
        WordIndex(folder)
