from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.corpus.articles import read_article, read_overrides
from retrieval.corpus.corrections import move_statements, remove_file, state_facts
from retrieval.corpus.origins import Origin, note_origins, read_origins
from retrieval.errors import ArticleError, SettingsError

WRITTEN = """# what the desk has found out
["a.txt"]   # the first
title = "قديم"
published = 2019-05-14

["wire.csv"]
columns.text = "Story"
["wire.csv/17"]
title = "سطر"
"""


def test_a_correction_leaves_what_people_wrote(folder: Path) -> None:
    (folder / "articles.toml").write_text("\ufeff" + WRITTEN, encoding="utf-8")
    state_facts(folder, {"a.txt": {"title": 'قال "نعم"\\', "dated": "أمس", "published": ""}, "b.txt": {"source": ""}})
    text = (folder / "articles.toml").read_text(encoding="utf-8")
    assert "# what the desk has found out" in text
    assert "# the first" in text
    assert read_overrides(folder) == {
        "a.txt": {"title": 'قال "نعم"\\', "dated": "أمس", "published": ""},
        "b.txt": {"source": ""},
        "wire.csv": {"columns.text": "Story"},
        "wire.csv/17": {"title": "سطر"},
    }
    assert read_article(folder, folder / "a.txt", read_overrides(folder)).dated == "أمس"


def test_a_day_takes_the_place_of_what_was_said_of_it(folder: Path) -> None:
    state_facts(folder, {"a.txt": {"dated": "الثلاثاء", "published": ""}})
    state_facts(folder, {"a.txt": {"published": "2019-05-14"}})
    assert read_overrides(folder) == {"a.txt": {"published": "2019-05-14"}}


def test_statements_go_with_their_file_and_its_members(folder: Path) -> None:
    (folder / "articles.toml").write_text(WRITTEN, encoding="utf-8")
    move_statements(folder, "wire.csv", "new.csv")
    assert read_overrides(folder).keys() == {"a.txt", "new.csv", "new.csv/17"}


def test_a_removed_file_leaves_nothing_for_a_later_one(folder: Path) -> None:
    (folder / "articles.toml").write_text(WRITTEN, encoding="utf-8")
    note_origins(folder, [Origin("a.txt", "https://news.example/a")])
    remove_file(folder, "a.txt")
    assert not (folder / "a.txt").exists()
    assert "a.txt" not in read_overrides(folder)
    assert read_origins(folder)["a.txt"] == Origin("a.txt")
    with pytest.raises(ArticleError, match="no longer there"):
        remove_file(folder, "a.txt")


def test_nothing_outside_the_folder_is_removed(folder: Path) -> None:
    outside = folder.parent / "outside.txt"
    outside.write_text("kept", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    for path in ("../outside.txt", "link.txt"):
        with pytest.raises(ArticleError, match="no longer there"):
            remove_file(folder, path)
    assert outside.read_text(encoding="utf-8") == "kept"


def test_a_file_that_is_no_toml_is_left_alone(folder: Path) -> None:
    (folder / "articles.toml").write_text("[a", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read as TOML"):
        state_facts(folder, {"a.txt": {"title": "خبر"}})
    assert (folder / "articles.toml").read_text(encoding="utf-8") == "[a"
