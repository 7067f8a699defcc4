"""A list of names, as a CSV file of one name a row: Excel's encodings and separators too; a bad row names its line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.nlp.analysis import normalise
from retrieval.nlp.display import clean, one_line
from retrieval.readers.encodings import decode

LONGEST_LISTED_NAME = 200  # code points
_SEPARATORS = ",;\t"
_HEADINGS = frozenset(
    map(normalise, ("name", "names", "full name", "اسم", "الاسم", "أسماء", "الأسماء", "الاسم الكامل"))
)


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of a list, and the number of its line."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a list that holds no name, and why."""

    line: int
    reason: str


def read_names(data: bytes) -> tuple[list[ListedName], list[BadLine]]:
    r"""Return the names of a CSV file and the lines that hold none; empty lines are left out.

    They stand in the column whose heading says so, or in the first one. Each line is read by itself, so that a
    quotation mark that nothing closes spoils no other.

    >>> read_names("الاسم;البلد\nشويغو;روسيا\n\n\"لافروف\n".encode("utf-8-sig"))
    ([ListedName(line=2, name='شويغو')], [BadLine(line=4, reason='a quotation mark is not closed')])

    Raises:
        ArticleError: it is no text, or in no encoding that can be told.
    """
    lines = decode(data).text.splitlines()
    separator = _separator(lines)
    column, names, bad = 0, list[ListedName](), list[BadLine]()
    is_first = True
    for number, line in enumerate(lines, 1):
        if not line.strip(f" \ufeff{separator}\t"):
            continue
        try:
            cells = next(csv.reader([line], delimiter=separator, strict=True))
        except csv.Error:
            bad.append(BadLine(number, "a quotation mark is not closed"))
            continue
        headed = next((at for at, cell in enumerate(cells) if normalise(one_line(cell)) in _HEADINGS), None)
        if is_first and headed is not None:
            column = headed
        else:
            _take(cells[column] if column < len(cells) else "", number, names, bad)
        is_first = False
    return names, bad


def _take(cell: str, number: int, names: list[ListedName], bad: list[BadLine]) -> None:
    name = one_line(cell)
    if not any(letter.isalpha() for letter in name):
        bad.append(BadLine(number, f"no name: {clean(name)}" if name else "no name"))
    elif len(name) > LONGEST_LISTED_NAME:
        bad.append(BadLine(number, f"longer than {LONGEST_LISTED_NAME} characters"))
    else:
        names.append(ListedName(number, name))


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the cells: what the first line that has one has most of."""
    first = next((line for line in lines if any(sign in line for sign in _SEPARATORS)), "")
    return max(_SEPARATORS, key=first.count)
