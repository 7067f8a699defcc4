"""The paragraphs of pages, from lines and their places: joined where a line goes on, page furniture left out."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

WIDE_GAP = 1.4  # times the usual distance of two lines; a wider one parts paragraphs
WIDEST_GAP = 2.5  # times the size of the letters, however far apart the lines of the page stand
SHORT_LINE = 0.06  # of the column's width left empty, where the next word would have found room: a paragraph ends
FIT = 1.3  # times its width: some programs break lines by the widths of letters that are not joined
FIT_SLACK = 0.5  # of the size of the letters: a space, and what measuring may miss
OTHER_SIZE = 1.12  # times the letters of the line above; a headline's are larger
LEAST_PAGES = 3  # on which a line recurs at the edge, so that it is the page's and not the text's
LEAST_OF_COLUMN = 3  # lines; fewer beside others are a row of a table, or a box
EDGE_LINES = 2  # at the head and at the foot, that may be the page's

_LEAST_SIZE = 0.01  # points

_NUMBER = re.compile(r"\d+")
_GOES_ON = re.compile(r"ـ$|[^\W\d_]/$")  # a line that ends within a word


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page in reading order, and where it stands, in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    size: float  # of its letters
    rightward: bool  # whether it reads from left to right
    first_word: float  # how much room it takes


def text_of(pages: Sequence[Sequence[PageLine]]) -> str:
    """Return the text of pages, a blank line between paragraphs."""
    furniture = _furniture(pages)
    paragraphs: list[str] = []
    before: PageLine | None = None
    reach = (0.0, 0.0)  # of the lines about the one before
    for page in pages:
        own = [line for at, line in enumerate(page) if not (_at_edge(at, len(page)) and _bare(line) in furniture)]
        usual = _usual_gap(own)
        same_page = False
        for column in _columns(own):
            edges = _edges(column)
            for line in column:
                if before and _goes_on(before, line, usual if same_page else None, reach):
                    paragraphs[-1] += line.text if _GOES_ON.search(before.text) else f" {line.text}"
                else:
                    paragraphs.append(line.text)
                before, reach, same_page = line, edges[_step(line)], True
    return "\n\n".join(paragraphs)


def _usual_gap(lines: Sequence[PageLine]) -> float:
    gaps = [one.bottom - two.bottom for one, two in pairwise(lines) if one.bottom > two.bottom]
    return median(gaps) if gaps else 0.0


def _columns(lines: Sequence[PageLine]) -> list[Sequence[PageLine]]:
    """Return the lines of a page, parted where they go on further up; all in one where a part is no column."""
    starts = [0, *(at for at in range(1, len(lines)) if lines[at].bottom > lines[at - 1].bottom + lines[at].size)]
    columns = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    return columns if all(len(column) >= LEAST_OF_COLUMN for column in columns) else [lines]


def _edges(lines: Sequence[PageLine]) -> dict[int, tuple[float, float]]:
    """Return how far the lines of each size reach; what stands about the page has another."""
    edges: dict[int, tuple[float, float]] = {}
    for line in lines:
        for size in range(_step(line) - 1, _step(line) + 2):
            left, right = edges.get(size, (line.left, line.right))
            edges[size] = min(left, line.left), max(right, line.right)
    return edges


def _step(line: PageLine) -> int:
    """Return a line's size in steps of what makes another one."""
    return round(math.log(max(line.size, _LEAST_SIZE), OTHER_SIZE))


def _goes_on(before: PageLine, line: PageLine, usual: float | None, edges: tuple[float, float]) -> bool:
    """Return whether a paragraph goes on from one line to the next; `usual` is None where a page lies between."""
    left, right = edges
    empty = right - before.right if before.rightward else before.left - left
    if empty > max(SHORT_LINE * (right - left), FIT * line.first_word + FIT_SLACK * line.size):
        return False
    if max(before.size, line.size) > OTHER_SIZE * min(before.size, line.size):
        return False
    if usual is None:
        return True  # a full line at the end of a page, whatever it ends with
    gap = before.bottom - line.bottom
    return gap <= WIDE_GAP * usual and gap <= WIDEST_GAP * before.size


def _furniture(pages: Sequence[Sequence[PageLine]]) -> frozenset[str]:
    """Return what stands at the edge of most pages, numbers aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_bare(line) for at, line in enumerate(page) if _at_edge(at, len(page))})
    return frozenset(text for text, count in seen.items() if count >= LEAST_PAGES and 2 * count > len(pages))


def _at_edge(at: int, count: int) -> bool:
    return at < EDGE_LINES or at >= count - EDGE_LINES


def _bare(line: PageLine) -> str:
    return _NUMBER.sub("0", line.text)
