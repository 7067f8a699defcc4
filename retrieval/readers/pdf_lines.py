"""The lines of a page, from its glyphs: which stand on one, in which order, where words end, whose each mark is."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from retrieval.readers.pdf_bidi import in_reading_order, is_arabic, logical
from retrieval.readers.pdf_glyphs import Glyph
from retrieval.readers.pdf_paragraphs import PageLine

SAME_LINE = 0.3  # of the size of the letters, by which the parts of one line may be raised
RAISED = 0.5  # the same, for smaller letters, as a footnote's number has
SMALLER = 0.85  # times the size: what counts as smaller
WORD_GAP = 0.13  # times the size: the least gap between words
GIVEN_GAP = 0.02  # the same, where the file holds a space
AT_ONE_PLACE = 0.02  # of the size: producers round places, to a tenth of a point at worst
RECENT_LINES = 6  # among which the rest of a line is looked for, where a page is drawn in parts
MARK_REACH = 1.3  # times the size, by which a vowel mark may stand off its line
NEAR_LINES = 12  # that a mark may belong to
NEAREST = 4  # letters on either side of a mark, that it may belong to
WINDOW = 2  # lines on either side, whose letters say which way a line of both scripts is read

_PRESENTATION_FORMS = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]+")
_ENDS_AT_THE_LEFT = re.compile(r"\s*[.,;:!?،؛؟)\]»]")


@dataclass(slots=True)
class GlyphLine:
    """The glyphs that stand on one line."""

    base: float
    size: float
    turn: int
    glyphs: list[Glyph] = field(default_factory=list)
    marks: list[Glyph] = field(default_factory=list)
    left: float = float("inf")
    right: float = float("-inf")

    def add(self, glyph: Glyph) -> None:
        """Take a glyph in; the largest letters say where the line stands."""
        if glyph.size > self.size:
            self.base, self.size = glyph.base, glyph.size
        self.glyphs.append(glyph)
        self.left, self.right = min(self.left, glyph.start), max(self.right, glyph.end)

    def holds(self, glyph: Glyph) -> bool:
        """Return whether a glyph stands on this line, however far to either side."""
        size, smaller = max(self.size, glyph.size), min(self.size, glyph.size)
        most = RAISED if smaller < SMALLER * size else SAME_LINE
        return self.turn == glyph.turn and abs(self.base - glyph.base) <= most * size

    def touches(self, glyph: Glyph) -> bool:
        """Return whether no more than a wide space lies between this line and a glyph."""
        return self.left - glyph.end < self.size and glyph.start - self.right < self.size


def glyph_lines(glyphs: Sequence[Glyph]) -> list[GlyphLine]:
    """Return the lines of a page, in the order in which they are begun."""
    lines: list[GlyphLine] = []
    for glyph in glyphs:
        if _is_mark(glyph):
            continue
        last = lines[-1] if lines else None
        if last is None or not last.holds(glyph):
            recent = islice(reversed(lines), 1, RECENT_LINES)
            last = next((line for line in recent if line.holds(glyph) and line.touches(glyph)), None)
        if last is None:
            if glyph.text.isspace():
                continue
            lines.append(last := GlyphLine(glyph.base, glyph.size, glyph.turn))
        last.add(glyph)
    by_base = sorted(lines, key=lambda line: line.base)
    bases = [line.base for line in by_base]
    for mark in filter(_is_mark, glyphs):
        at = bisect_left(bases, mark.base)
        near = [line for line in by_base[max(at - NEAR_LINES, 0) : at + NEAR_LINES] if _may_hold(line, mark)]
        if near:
            min(near, key=lambda line: abs(line.base - mark.base)).marks.append(mark)
    return lines


def _may_hold(line: GlyphLine, mark: Glyph) -> bool:
    return (
        line.turn == mark.turn
        and abs(line.base - mark.base) < MARK_REACH * line.size
        and line.left - line.size <= mark.middle <= line.right + line.size
    )


def _is_mark(glyph: Glyph) -> bool:
    return all(map(unicodedata.combining, glyph.text))  # a ligature may begin with a mark


def is_rightward(lines: Sequence[GlyphLine], at: int) -> bool:
    """Return whether a line is read from left to right; one of both scripts, or of none, as those around it are."""
    arabic, latin = _letters(lines[at])
    if arabic and not latin:
        return False
    if latin and not arabic:
        first = "".join(glyph.text for glyph in _in_pens_order(lines[at].glyphs)[:2])
        if not _ENDS_AT_THE_LEFT.match(first):
            return True
    around = [_letters(line) for line in lines[max(at - WINDOW, 0) : at + WINDOW + 1]]
    if not any(map(any, around)):
        around = [_letters(line) for line in lines]
    return sum(latin for _, latin in around) > sum(arabic for arabic, _ in around)


def _letters(line: GlyphLine) -> tuple[int, int]:
    """Return how many glyphs of a line show Arabic letters, and how many others."""
    arabic = sum(is_arabic(glyph.text) for glyph in line.glyphs)
    return arabic, sum(glyph.text.isalpha() for glyph in line.glyphs) - arabic


def page_line(line: GlyphLine, *, rightward: bool, backwards: bool = False) -> PageLine:
    """Return a line in reading order; backwards is one that was set as if Arabic were read from left to right."""
    text = logical(_pieces(line), rightward=rightward, backwards=backwards)
    text = _PRESENTATION_FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
    return PageLine(
        " ".join(text.split()), left=line.left, right=line.right, bottom=line.base, size=line.size, rightward=rightward
    )


def _in_pens_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return glyphs from left to right; of those that begin at one place, the one that moves the pen was last."""
    placed = sorted(glyphs, key=lambda glyph: (round(glyph.start, 2), glyph.advance, glyph.middle))
    for at in range(len(placed) - 1):
        one, two = placed[at : at + 2]
        if one.advance and not two.advance and two.start - one.start < AT_ONE_PLACE * one.size:
            placed[at : at + 2] = two, one
    return placed


def _pieces(line: GlyphLine) -> list[str]:
    """Return what a line shows from left to right: letters with their vowel marks, a space for each gap."""
    placed = _in_pens_order(line.glyphs)
    bases = [glyph for glyph in placed if not glyph.text.isspace()]
    shown = _with_marks(bases, line.marks)
    pieces: list[str] = []
    end, is_given, at = 0.0, False, 0
    for glyph in placed:
        if glyph.text.isspace():
            is_given = True
            continue
        gap = (glyph.start - end) / glyph.size if glyph.size else 0.0
        if pieces and gap > (GIVEN_GAP if is_given else WORD_GAP):
            pieces.append(" ")
        pieces.append(shown[at])
        end, is_given, at = glyph.end, False, at + 1
    return pieces


def _with_marks(bases: Sequence[Glyph], marks: Sequence[Glyph]) -> list[str]:
    """Return what each letter shows, with the vowel marks that stand on it."""
    letters = [at for at, glyph in enumerate(bases) if any(map(str.isalpha, glyph.text))]
    starts = [bases[at].start for at in letters]
    own: dict[int, list[Glyph]] = {}
    for mark in marks:
        if letters:
            near = bisect_left(starts, mark.middle)
            candidates = letters[max(near - NEAREST, 0) : near + NEAREST]
            own.setdefault(min(candidates, key=lambda at: _distance(bases[at], mark)), []).append(mark)
    return [_marked(glyph, own.get(at, ())) for at, glyph in enumerate(bases)]


def _distance(base: Glyph, mark: Glyph) -> tuple[bool, bool, float]:
    """Return how far a mark is from a letter: first come those that begin where it does, then those under its ink."""
    is_at_one = abs(base.start - mark.start) < AT_ONE_PLACE * base.size
    return not is_at_one, not base.start <= mark.middle <= base.end, abs(base.middle - mark.middle)


def _marked(base: Glyph, marks: Sequence[Glyph]) -> str:
    """Return the letters of a glyph with their marks; of joined letters, each mark stands after the one it is over."""
    letters = in_reading_order(base.text)
    if not marks:
        return letters
    width = base.end - base.start
    over: dict[int, str] = {}
    for mark in marks:
        share = (base.end - mark.middle) / width if width > 0 else 0.0
        at = min(max(int(share * len(letters)), 0), len(letters) - 1)
        over[at] = over.get(at, "") + mark.text
    return "".join(letter + _once_each(over.get(at, "")) for at, letter in enumerate(letters))


def _once_each(marks: str) -> str:
    """Return vowel marks in their canonical order; some producers draw a joined mark as each of those that it shows."""
    return "".join(sorted(dict.fromkeys(marks), key=unicodedata.combining))
