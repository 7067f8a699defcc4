"""The lines of a page, from its glyphs: which stand on one, in which order, where words end, whose each mark is."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from retrieval.readers.pdf_bidi import in_reading_order, is_arabic, logical
from retrieval.readers.pdf_glyphs import UNNAMED, Glyph
from retrieval.readers.pdf_paragraphs import PageLine

SAME_LINE = 0.3  # of the size of the letters, by which the parts of one line may be raised
RAISED = 0.5  # the same, for smaller letters, as a footnote's number has
SMALLER = 0.85  # times the size: what counts as smaller
WORD_GAP = 0.13  # times the size: the least gap between words
HIDDEN_GAP = 0.18  # the same after a letter whose ink alone is told, and not where the pen went on
INK_BEFORE = 0.1  # times the size, by which ink lies before the pen where a mark was drawn first
UNGIVEN_GAP = 0.19  # the same, where the file holds spaces and none here: letters are kerned apart
GIVEN_GAP = 0.02  # the same, where the file holds a space
AT_ONE_PLACE = 0.02  # of the size: producers round places, to a tenth of a point at worst
DRAWN_SLACK = 0.05  # of the size, by which what is drawn over a sign may reach out of it
DRAWN_OVER = 0.5  # of the width of a sign
MARK_REACH = 1.3  # times the size, by which a vowel mark may stand off its line
LETTER_REACH = 0.8  # the same for a letter that is named where its vowel mark is drawn
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

    def touches(self, other: GlyphLine) -> bool:
        """Return whether no more than a wide space lies between this line and another part of it."""
        return self.left - other.right < self.size and other.left - self.right < self.size

    def join(self, other: GlyphLine) -> None:
        """Take in all that another part of this line has."""
        for glyph in other.glyphs:
            self.add(glyph)
        other.glyphs = []


def glyph_lines(glyphs: Sequence[Glyph]) -> list[GlyphLine]:
    """Return the lines of a page, in the order in which they are begun."""
    lines = _joined(_begun(glyph for glyph in glyphs if not (_is_mark(glyph) or glyph.is_bare_space)))
    whole = [line for line in lines if not all(map(_is_floating, line.glyphs))]
    by_base = sorted(whole, key=lambda line: line.base)
    bases = [line.base for line in by_base]

    def nearest(glyph: Glyph, reach: float) -> GlyphLine | None:
        at = bisect_left(bases, glyph.base)
        near = [line for line in by_base[max(at - NEAR_LINES, 0) : at + NEAR_LINES] if _reaches(line, glyph, reach)]
        return min(near, key=lambda line: abs(line.base - glyph.base), default=None)

    for line in lines:
        if all(map(_is_floating, line.glyphs)) and (whole_line := nearest(line.glyphs[0], LETTER_REACH)):
            whole_line.join(line)
    for glyph in glyphs:
        if _is_mark(glyph) and (marked := nearest(glyph, MARK_REACH)):
            marked.marks.append(glyph)
        elif glyph.is_bare_space and (parted := nearest(glyph, SAME_LINE)):
            parted.glyphs.append(glyph)
    return [line for line in lines if line.glyphs]


def _begun(glyphs: Iterable[Glyph]) -> list[GlyphLine]:
    lines: list[GlyphLine] = []
    for glyph in glyphs:
        if lines and lines[-1].holds(glyph):
            lines[-1].add(glyph)
        elif not glyph.text.isspace():
            lines.append(GlyphLine(glyph.base, glyph.size, glyph.turn))
            lines[-1].add(glyph)
    return lines


def _joined(lines: list[GlyphLine]) -> list[GlyphLine]:
    """Return the lines, the parts of one joined where the longest stands: pdfium takes apart what has raised marks."""
    before: GlyphLine | None = None
    for line in sorted(lines, key=lambda line: (line.turn, round(line.base), line.left)):
        if before and before.holds(line.glyphs[0]) and before.touches(line):
            longer, shorter = (before, line) if len(before.glyphs) >= len(line.glyphs) else (line, before)
            longer.join(shorter)
            before = longer
        else:
            before = line
    return [line for line in lines if line.glyphs]


def _is_floating(glyph: Glyph) -> bool:
    """Return whether a glyph may stand off its line, as a letter does that is named where its vowel mark is drawn."""
    return glyph.is_named_apart or any(map(unicodedata.combining, glyph.text))


def _reaches(line: GlyphLine, glyph: Glyph, reach: float) -> bool:
    return (
        line.turn == glyph.turn
        and abs(line.base - glyph.base) < reach * line.size
        and line.left - line.size <= glyph.middle <= line.right + line.size
    )


def _is_mark(glyph: Glyph) -> bool:
    return all(map(unicodedata.combining, glyph.text))  # a ligature may begin with a mark


def are_rightward(lines: Sequence[GlyphLine]) -> list[bool]:
    """Return which lines are read from left to right; one of both scripts, or of none, as those around it are."""
    letters = [_letters(line) for line in lines]
    whole_page = _is_mostly_latin(letters)
    rightward = []
    for at, line in enumerate(lines):
        arabic, latin = letters[at]
        around = letters[max(at - WINDOW, 0) : at + WINDOW + 1]
        if arabic and not latin:
            rightward.append(False)
        elif latin and not arabic and not _ENDS_AT_THE_LEFT.match(_left_end(line)):
            rightward.append(True)
        else:
            rightward.append(_is_mostly_latin(around) if any(map(any, around)) else whole_page)
    return rightward


def _is_mostly_latin(letters: Sequence[tuple[int, int]]) -> bool:
    return sum(latin for _, latin in letters) > sum(arabic for arabic, _ in letters)


def _left_end(line: GlyphLine) -> str:
    return "".join(glyph.text for glyph in _in_pens_order(line.glyphs)[:2])


def _letters(line: GlyphLine) -> tuple[int, int]:
    """Return how many glyphs of a line show Arabic letters, and how many others."""
    arabic = sum(is_arabic(glyph.text) for glyph in line.glyphs)
    return arabic, sum(glyph.text.isalpha() for glyph in line.glyphs) - arabic


def page_line(line: GlyphLine, *, rightward: bool, backwards: bool = False) -> PageLine:
    """Return a line in reading order; backwards is one that was set as if Arabic were read from left to right."""
    pieces, gaps = _pieces(line)
    text = logical(pieces, rightward=rightward, backwards=backwards)
    text = text.replace(UNNAMED, "")
    text = _PRESENTATION_FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
    first_word = (
        (gaps[0].end if gaps else line.right) - line.left
        if rightward
        else line.right - (gaps[-1].start if gaps else line.left)
    )
    return PageLine(" ".join(text.split()), line.left, line.right, line.base, line.size, rightward, first_word)


class _Gap(NamedTuple):
    """What parts two words: where the left one ends and the right one starts."""

    end: float
    start: float


def _in_pens_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return glyphs from left to right; of those that begin at one place, the one that moves the pen was last."""
    placed = sorted(glyphs, key=lambda glyph: (round(glyph.start, 2), glyph.advance, glyph.middle))
    for at in range(len(placed) - 1):
        one, two = placed[at : at + 2]
        if one.advance and not two.advance and two.start - one.start < AT_ONE_PLACE * one.size:
            placed[at : at + 2] = two, one
    return placed


def _pieces(line: GlyphLine) -> tuple[list[str], list[_Gap]]:
    """Return what a line shows from left to right, letters with their marks and a space for each gap; the gaps."""
    placed = _not_drawn_over(_in_pens_order(line.glyphs))
    bases = [glyph for glyph in placed if not glyph.text.isspace()]
    gaps = _gaps(placed)
    pieces: list[str] = []
    for at, shown in enumerate(_with_marks(bases, line.marks)):
        pieces += [" ", shown] if at in gaps else [shown]
    return pieces, list(gaps.values())


def _gaps(placed: Sequence[Glyph]) -> dict[int, _Gap]:
    """Return the gaps between words, by the number of the glyph after each; where most are given, all are."""
    given: dict[int, _Gap] = {}
    bare: dict[int, _Gap] = {}
    kerned: set[int] = set()
    at, end, least, is_given = 0, float("inf"), WORD_GAP, False
    before = ""
    for glyph in placed:
        if glyph.text.isspace():
            is_given = True
            continue
        ink = 2 * glyph.middle - glyph.end  # where it starts, of a letter of which no more is told
        start = ink if glyph.is_named_apart and ink < glyph.start - INK_BEFORE * glyph.size else glyph.start
        gap = (start - end) / glyph.size if glyph.size else 0.0
        if is_given and gap > GIVEN_GAP:
            given[at] = _Gap(end, start)
        elif gap > least:
            bare[at] = _Gap(end, start)
            if gap < UNGIVEN_GAP and (is_arabic(before) or before == UNNAMED) and is_arabic(glyph.text):
                kerned.add(at)
        at, end, is_given, before = at + 1, glyph.end, False, glyph.text
        least = HIDDEN_GAP if glyph.is_named_apart or glyph.text == UNNAMED else WORD_GAP
    left_out = kerned if len(given) > len(bare) else set()
    return {at: gap for at, gap in sorted((given | bare).items()) if at not in left_out}


def _not_drawn_over(placed: Sequence[Glyph]) -> list[Glyph]:
    """Return the glyphs without signs and spaces over which a letter is drawn: they are parts of it, wrongly named."""
    kept: list[Glyph] = []
    part: Glyph | None = None  # of the next letter
    for at, glyph in enumerate(placed):
        own = glyph
        if part is not None:
            own, part = _with_part(glyph, part), None
        if any(map(str.isalnum, glyph.text)):
            kept.append(own)
        elif kept and _is_over(placed[at - 1], glyph):
            kept[-1] = _with_part(kept[-1], glyph)
        elif at + 1 < len(placed) and _is_over(placed[at + 1], glyph):
            part = own
        else:
            kept.append(own)
    return kept


def _with_part(letter: Glyph, part: Glyph) -> Glyph:
    return letter._replace(start=min(letter.start, part.start), end=max(letter.end, part.end))


def _is_over(letter: Glyph, sign: Glyph) -> bool:
    if letter.advance or not is_arabic(letter.text):
        return False
    slack = DRAWN_SLACK * sign.size
    is_within = sign.start - slack <= letter.start and letter.end <= sign.end + slack
    return is_within or min(letter.end, sign.end) - max(letter.start, sign.start) > DRAWN_OVER * (sign.end - sign.start)


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


def _distance(base: Glyph, mark: Glyph) -> tuple[bool, float]:
    """Return how far a mark is from a letter: first come those that begin where it does."""
    return abs(base.start - mark.start) >= AT_ONE_PLACE * base.size, abs(base.middle - mark.middle)


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
