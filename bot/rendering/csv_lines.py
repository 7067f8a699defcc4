"""Lines of CSV, as RFC 4180 has it, in which a spreadsheet finds no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# What a spreadsheet would run, in full width too (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_line(cells: Iterable[object]) -> str:
    r"""Return a line of CSV; what a spreadsheet would take for a formula has an apostrophe before it, None is empty.

    >>> csv_line(("شويغو", '=cmd|"/c calc"!A1', -1, None))
    'شويغو,"\'=cmd|""/c calc""!A1",\'-1,\r\n'
    """
    written = io.StringIO(newline="")
    csv.writer(written).writerow(map(_guarded, cells))
    return written.getvalue()


def _guarded(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
