"""The made articles: each answer stands in them word for word, and a file of another form is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.made import unpack

FILES = sorted((Path(__file__).parents[2] / "bench/made").glob("*.txt"))
FORM = """=== one.txt | bridge | الرافد | 2024-03-18
انهيار جسر

انهار الجسر فجر الثلاثاء.
--- questions
ar when | متى انهار الجسر
A فجر الثلاثاء
en none | who built it
"""


def test_a_file_is_articles_with_their_questions(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    file.write_text(FORM, encoding="utf-8")
    articles, questions = unpack(file)
    assert articles == {"one.txt": "انهيار جسر\n\nانهار الجسر فجر الثلاثاء.\n"}
    assert [(one.text, one.kind, one.story, one.gold) for one in questions] == [
        ("متى انهار الجسر", "when", "bridge", ["فجر الثلاثاء"]),
        ("who built it", "none", "bridge", []),
    ]


def test_a_line_of_no_form_is_named(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    file.write_text(FORM + "fr who | qui ?\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"made\.txt, line 9: fr who"):
        unpack(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_stand_word_for_word_in_the_articles(file: Path) -> None:
    articles, questions = unpack(file)
    assert len({one.text for one in questions}) == len(questions) > 1_000
    for one in questions:
        assert bool(one.gold) == (one.kind != "none"), one.text
        assert all(any(words in text for text in articles.values()) for words in one.gold), one.text


def test_there_are_eight_files() -> None:
    assert len(FILES) == 8
