from __future__ import annotations

from pathlib import Path

from retrieval.corpus.articles import parse_article
from retrieval.corpus.former_texts import FORMER_NAME, keep_former, read_former, text_changes
from retrieval.corpus.origins import Origin, bytes_digest

OLD = "قال الوزير إن عدد القتلى 12.\n\nوأضاف أن البحث مستمر.\n"
NEW = "قال الوزير إن عدد القتلى 14.\n\nوأضاف أن البحث مستمر.\n"
NEWEST = "قال الوزير إن عدد القتلى 14.\n"
KNOWN = Origin("a.html", "https://news.example/a", fetched="2026-11-01T00:00:00Z", sha256="cafe")


def test_each_change_is_told_line_by_line_with_where_both_texts_came_from(folder: Path) -> None:
    keep_former(folder, {"a.html": OLD}, {"a.html": NEW}, KNOWN, "2026-11-02T00:00:00Z")
    keep_former(folder, {"a.html": NEW}, {"a.html": NEWEST}, KNOWN, "2026-11-03T00:00:00Z")
    first, second = text_changes(read_former(folder), {"a.html": parse_article("a.html", NEWEST, {})})
    assert first.lines == (
        ("removed", "قال الوزير إن عدد القتلى 12."),
        ("added", "قال الوزير إن عدد القتلى 14."),
    )
    assert (first.before.fetched, first.before.sha256) == ("2026-11-01T00:00:00Z", "cafe")
    assert (first.before.text_sha256, first.replaced) == (bytes_digest(OLD.encode()), "2026-11-02T00:00:00Z")
    assert second.lines == (("removed", "وأضاف أن البحث مستمر."),)
    assert second.after.text_sha256 == bytes_digest(NEWEST.encode())


def test_what_stays_as_it_was_is_not_kept(folder: Path) -> None:
    keep_former(folder, {"a.zip/1.txt": OLD, "a.zip/2.txt": OLD}, {"a.zip/1.txt": OLD}, KNOWN, "2026-11-02T00:00:00Z")
    assert read_former(folder).keys() == {"a.zip/2.txt"}
    assert text_changes(read_former(folder), {}) == []  # nothing stands in its place


def test_a_replacement_that_was_killed_before_its_file_came_changes_nothing(folder: Path) -> None:
    keep_former(folder, {"a.html": OLD}, {"a.html": NEW}, KNOWN, "2026-11-02T00:00:00Z")
    assert text_changes(read_former(folder), {"a.html": parse_article("a.html", OLD, {})}) == []


def test_a_torn_line_spoils_no_other(folder: Path) -> None:
    (folder / FORMER_NAME).write_text('[1]\n{"path": "b.txt"}\n{"pa', encoding="utf-8")
    keep_former(folder, {"a.html": OLD}, {}, KNOWN, "2026-11-02T00:00:00Z")
    assert [one.text for one in read_former(folder)["a.html"]] == [OLD]
