"""Hard-wrapped texts: lines that a program or a hand broke at a width are joined to the paragraphs that they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.extraction.datelines import dateline_of
from retrieval.extraction.lines import Line, lines_of
from retrieval.extraction.metadata import statement_of

LEAST_WIDTH, MOST_WIDTH = 40, 130  # columns; e-mails have 72, terminals 80 to 120
LEAST_BREAKS = 2  # that a width explains; one may be chance
HAND_SHARE = 0.8  # of the breaks inside the paragraphs of a text that was wrapped by hand
HAND_WIDTH = 0.75  # of the width, to which a hand fills a line at least
_NEAR_HEAD, _NEAR_END = 20, 10

_INNER_MARK = re.compile(r"[.،؛,;]\s")  # prose has some within its lines, verses have none
_LIST_MARK = re.compile(r"(?:[-–—*•●■▪#>|]|\d{1,3}[.)/-]|[أ-ي][.)-])\s")


class _Break(NamedTuple):
    """The end of a line, and the line that follows it without a gap."""

    before: Line
    after: Line


def join_wrapped_lines(text: str) -> str:
    r"""Return a text with a space wherever a line was broken at the text's width.

    A program breaks a line where the next word has no room, a hand somewhat before. The width is told by all lines
    together; a text whose lines it does not explain, or whose lines hold no mark within them as prose does, stays as
    it is: a list, verses, a paragraph a line.

    >>> import textwrap
    >>> prose = "قال الوزير إن المحطة ستعمل ليلا ونهارا، وإن كلفتها بلغت 12.5 مليون دينار. " * 4
    >>> join_wrapped_lines(textwrap.fill(prose, 60)) == prose.strip()
    True
    >>> join_wrapped_lines("خبر أول\nخبر ثان\nخبر ثالث")
    'خبر أول\nخبر ثان\nخبر ثالث'
    """
    lines = lines_of(text)
    longest = max((line.text for line in lines if " " in line.text), key=len, default="")
    if not LEAST_WIDTH <= len(longest) <= MOST_WIDTH:
        return text
    about = {*lines[:_NEAR_HEAD], *lines[-_NEAR_END:]}  # among which some may be about the article
    breaks = [
        _Break(before, after)
        for before, after in pairwise(lines)
        if not (
            before.gap
            or _LIST_MARK.match(after.text)
            or any(one in about and _states(one.text) for one in (before, after))
        )
    ]
    for measure in (len, _columns, _bytes):
        if broken := _by_program(breaks, measure, measure(longest)):
            return _joined(text, broken)
    return _joined(text, _by_hand(breaks, len(longest)))


def _by_program(breaks: Sequence[_Break], measure: Callable[[str], int], width: int) -> list[_Break]:
    """Return the breaks, where all that stand within sentences are explained by the longest line's width."""
    full = [one for one in breaks if measure(f"{one.before.text} {one.after.text.split()[0]}") > width]
    open_ends = [one for one in breaks if not one.before.is_closed]
    is_explained = len(full) >= LEAST_BREAKS and set(open_ends) <= set(full)
    return full if is_explained and open_ends and _is_prose_within(full) else []


def _by_hand(breaks: Sequence[_Break], width: int) -> list[_Break]:
    """Return the breaks of prose, where nearly all its lines are nearly as long as the longest."""
    full = [one for one in breaks if len(one.before.text) >= HAND_WIDTH * width]
    open_ends = [one for one in full if not one.before.is_closed]
    is_even = len(full) >= max(LEAST_BREAKS, HAND_SHARE * len(breaks)) and 2 * len(open_ends) >= len(full)
    return full if is_even and _is_prose_within(full) else []


def _is_prose_within(breaks: Sequence[_Break]) -> bool:
    return any(_INNER_MARK.search(one.before.text) for one in breaks)


def _joined(text: str, breaks: Sequence[_Break]) -> str:
    pieces, at = [], 0
    for before, after in breaks:
        pieces += [text[at : before.end], " "]
        at = after.start
    return "".join([*pieces, text[at:]])


def _states(text: str) -> bool:
    return statement_of(text) is not None or dateline_of(text) is not None


def _columns(text: str) -> int:
    """Return how many columns a text takes on a terminal: marks above letters take none."""
    return sum(unicodedata.category(letter) not in ("Mn", "Me", "Cf") for letter in text)


def _bytes(text: str) -> int:
    """Return the length that `fold` and `fmt` count."""
    return len(text.encode("utf-8", "replace"))
