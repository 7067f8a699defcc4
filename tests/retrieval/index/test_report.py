"""What a refresh says it did: each file in one place."""

from __future__ import annotations

import pytest

from retrieval.corpus.scan import File, Stamp
from retrieval.index.report import report_of
from retrieval.types import Failure, Move, RefreshReport


def files(**stands_for: str) -> dict[str, File]:
    """Return files by name, each with what it stands for; "!reason" is a bad file."""
    return {
        path: File(path, Stamp(1, 1, 1), 1, text, reason=text[1:])
        if text.startswith("!")
        else File(path, Stamp(1, 1, 1), 1, text, article_id=text)
        for path, text in stands_for.items()
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (files(a="x"), files(a="x"), RefreshReport(unchanged=1)),
        (files(a="x"), files(b="x"), RefreshReport(moved=(Move("a", "b"),))),
        (files(a="x"), files(b="y"), RefreshReport(new=("b",), deleted=("a",))),
        (files(a="x", b="y"), files(a="y", b="x"), RefreshReport(changed=("a", "b"))),
        (files(a="x", b="y"), files(c="x", d="y"), RefreshReport(moved=(Move("a", "c"), Move("b", "d")))),
        (files(a="x", b="x"), files(c="x"), RefreshReport(moved=(Move("a", "c"),), deleted=("b",))),
        (files(a="x"), files(b="x", c="x"), RefreshReport(moved=(Move("a", "b"),), duplicates=("c",))),
        (files(a="x"), files(a="x", b="x"), RefreshReport(unchanged=1, duplicates=("b",))),
        (files(a="x", b="y"), files(b="x"), RefreshReport(changed=("b",), deleted=("a",))),
        (files(a="x"), files(a="!is empty"), RefreshReport(failed=(Failure("a", "is empty"),))),
        (files(a="!is empty"), files(b="!is empty"), RefreshReport(failed=(Failure("b", "is empty"),))),
        (files(a="!is empty"), {}, RefreshReport()),
    ],
)
def test_each_file_is_named_once(before: dict[str, File], after: dict[str, File], expected: RefreshReport) -> None:
    assert report_of(before, after, (), 0) == expected
