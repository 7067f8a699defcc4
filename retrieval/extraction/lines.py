"""The lines of a text that hold words, and what can be said of one line alone."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]")
_CLOSERS = "»”“\"'’)]}›"
_STOPS = ".!?؟…"


class Line(NamedTuple):
    """One line without outer white space; in a news text that is a paragraph, a headline or a label."""

    start: int
    end: int
    text: str
    gap: bool  # a line without words, or nothing more, follows

    @property
    def is_closed(self) -> bool:
        """Return whether the line ends as a sentence does.

        >>> Line(0, 12, "قال: «نعم.»", gap=True).is_closed, Line(0, 9, "حول إدلب", gap=True).is_closed
        (True, False)
        """
        return self.text.rstrip(_CLOSERS + " \u00a0")[-1:] in tuple(_STOPS)


def lines_of(text: str, start: int = 0) -> list[Line]:
    r"""Return the lines from an offset on that hold at least one letter or digit.

    >>> [(line.text, line.gap) for line in lines_of("عنوان\r\n***\r\n فقرة \nفقرة")]
    [('عنوان', True), ('فقرة', False), ('فقرة', True)]
    """
    found: list[Line] = []
    at, gap = start, False
    for raw in text[start:].splitlines(keepends=True):
        ink = raw.strip()
        if not _WORD.search(ink):
            gap = True
        else:
            if found and gap:
                found[-1] = found[-1]._replace(gap=True)
            begin = at + len(raw) - len(raw.lstrip())
            found.append(Line(begin, begin + len(ink), ink, gap=False))
            gap = False
        at += len(raw)
    if found:
        found[-1] = found[-1]._replace(gap=True)
    return found
