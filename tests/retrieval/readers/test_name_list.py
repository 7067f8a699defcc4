"""A list of names is read as spreadsheets write it, and a bad line spoils no other."""

from __future__ import annotations

import pytest

from retrieval.errors import ArticleError
from retrieval.readers.name_list import LONGEST_LISTED_NAME, ListedName, read_names

NAMES = ["سيرغي شويغو", "معمر القذافي", "Sergey Lavrov", "أنطونيو غوتيريش", "خلوصي آكار"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_that_spreadsheets_write_is_read(encoding: str, end: str) -> None:
    names, bad = read_names(end.join(NAMES).encode(encoding))
    assert ([one.name for one in names], bad) == (NAMES, [])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("heading", ["name", "Name", "الاسم", " NAMES "])
def test_the_column_that_is_headed_name_is_read(separator: str, heading: str) -> None:
    rows = [["id", heading], ["1", "شويغو"], ["2", "لافروف"]]
    names, bad = read_names("\n".join(map(separator.join, rows)).encode())
    assert (names, bad) == ([ListedName(2, "شويغو"), ListedName(3, "لافروف")], [])


def test_a_name_between_quotation_marks_may_hold_the_separator() -> None:
    assert read_names(b'"Lavrov, Sergey"\n')[0] == [ListedName(1, "Lavrov, Sergey")]


def test_bad_lines_are_named_and_the_others_read() -> None:
    lines = ["شويغو", "", '"لافروف', "123", "x" * (LONGEST_LISTED_NAME + 1), "،", "بوتين", ""]
    names, bad = read_names("\n".join(lines).encode())
    assert names == [ListedName(1, "شويغو"), ListedName(7, "بوتين")]
    assert [(one.line, one.reason.partition(":")[0]) for one in bad] == [
        (3, "a quotation mark is not closed"),
        (4, "no name"),
        (5, f"longer than {LONGEST_LISTED_NAME} characters"),
        (6, "no name"),
    ]


def test_a_row_without_the_column_is_a_bad_line() -> None:
    names, bad = read_names("id,name\n1,شويغو\n2\n".encode())
    assert ([one.line for one in names], [one.line for one in bad]) == ([2], [3])


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ArticleError):
        read_names(b"\x00\x01\x02\x03" * 40)
