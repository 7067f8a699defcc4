"""What a page of a PDF shows, by pdfium: each glyph's letters, and where the pen stood when it was drawn.

The pen's place is what orders glyphs, and its advance what parts words: ink may lie anywhere, as in fonts that stack
letters. All is measured along the line and across it, so that turned and scaled text is read as any other.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_HYPHEN = "\x02"  # pdfium's name for one that parts a word at the end of a line
_KEPT_FORMATS = "\u200c\u200d"  # that join and part letters; other format characters only direct or mark
_NO_LETTERS = ("Cc", "Cs", "Co", "Cn", "Cf")
_NEAR = 0.001  # of the size: what rounding leaves between places that are the same
_AT_MARK = 0.15  # of the size: how far a letter may begin from its mark
_WIDEST = 1.6  # times the size: what one letter may take
_MOST_NEAR = 16  # pieces of text that begin at one place


class Glyph(NamedTuple):
    """One glyph; lengths are in points along its line, from left to right, or across it, upwards."""

    text: str  # what it shows, several letters where a font joins them
    start: float  # where the pen stood
    end: float  # where the pen went on, or the end of the ink where that lies further
    advance: float  # of the pen, 0 where the ink hides it
    middle: float  # of the ink
    base: float  # of the line that it stands on, across
    size: float  # of the font, times the matrix that it is drawn under
    turn: int  # of the line, in degrees
    is_named_apart: bool = False  # from how it is drawn, so that where it ends is not told


class PageGlyphs(NamedTuple):
    """The glyphs of a page in pdfium's order, and how many of its characters no table of letters names."""

    glyphs: list[Glyph]
    unnamed: int


def glyphs_of(page: PdfTextPage) -> PageGlyphs:
    """Return the glyphs of a page; the spaces among them are those that the file holds."""
    from pypdfium2 import raw

    ink_left, ink_right, ink_bottom, ink_top, x, y = (ctypes.c_double() for _ in range(6))
    loose, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    glyphs: list[Glyph] = []
    unnamed = 0
    box: tuple[float, ...] = ()
    for at in range(page.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(page.raw, at))
        if letter in "\r\n" or not raw.FPDFText_GetLooseCharBox(page.raw, at, loose):
            continue
        unnamed += unicodedata.category(letter) in ("Co", "Cn") or letter in {"\ufffd", "\0"}
        if letter == _HYPHEN:
            letter = "-"
        if unicodedata.category(letter) in _NO_LETTERS and letter not in _KEPT_FORMATS:
            continue
        if letter.isspace() and loose.right <= loose.left and loose.top <= loose.bottom:
            continue  # pdfium's own, where it sees a gap
        raw.FPDFText_GetCharBox(page.raw, at, ink_left, ink_right, ink_bottom, ink_top)
        raw.FPDFText_GetCharOrigin(page.raw, at, x, y)
        raw.FPDFText_GetMatrix(page.raw, at, matrix)
        ink = (ink_left.value, ink_bottom.value, ink_right.value, ink_top.value)
        here = (*ink, x.value, y.value)
        if glyphs and here == box and ink[0] < ink[2]:
            glyphs[-1] = glyphs[-1]._replace(text=glyphs[-1].text + letter)
            continue
        box = here
        size = raw.FPDFText_GetFontSize(page.raw, at) * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        turn = round(math.degrees(math.atan2(matrix.b, matrix.a)))
        pen = (x.value, y.value, loose.right)
        glyph = _turned(letter, ink, pen, size, turn) if turn else _level(letter, ink, pen, size)
        is_named_apart = (loose.left, loose.bottom, loose.right, loose.top) == tuple(map(_single, ink))
        glyphs.append(glyph._replace(is_named_apart=is_named_apart and not unicodedata.combining(letter)))
    return PageGlyphs(_with_whole_ends(glyphs, page), unnamed)


def _with_whole_ends(glyphs: list[Glyph], page: PdfTextPage) -> list[Glyph]:
    """Return the glyphs, with the ends of letters that a file names together with their vowel marks.

    A browser draws the mark first and names both letters there; pdfium then tells the box of the mark alone.
    """
    at_marks = {at for at, glyph in enumerate(glyphs) if glyph.is_named_apart and not glyph.turn}
    ends = _object_ends(page) if at_marks else []
    starts = [start for start, _, _ in ends]
    for at in at_marks:
        glyph = glyphs[at]
        first = bisect_left(starts, glyph.start - _NEAR)
        last = min(bisect_right(starts, glyph.start + _AT_MARK * glyph.size), first + _MOST_NEAR)
        reach = [
            end
            for _, base, end in ends[first:last]
            if abs(base - glyph.base) < glyph.size and end - glyph.start < _WIDEST * glyph.size
        ]
        glyphs[at] = glyph._replace(end=max([glyph.end, *reach]))
    return glyphs


def _object_ends(page: PdfTextPage) -> list[tuple[float, float, float]]:
    """Return where the pieces of text of a page begin, what line they stand on and where they end, from the left."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    matrix = raw.FS_MATRIX()
    ends = []
    for at in range(raw.FPDFPage_CountObjects(page.page.raw)):
        piece = raw.FPDFPage_GetObject(page.page.raw, at)
        if raw.FPDFPageObj_GetType(piece) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetMatrix(piece, matrix)
            raw.FPDFPageObj_GetBounds(piece, left, bottom, right, top)
            ends.append((matrix.e, matrix.f, right.value))
    return sorted(ends)


def _single(number: float) -> float:
    """Return a number as pdfium holds it, in single precision."""
    return ctypes.c_float(number).value


def _level(letter: str, ink: tuple[float, ...], pen: tuple[float, ...], size: float) -> Glyph:
    x, y, end = pen
    advance = end - x if letter.isspace() or end > ink[2] + _NEAR * size else 0.0
    return Glyph(letter, x, max(end, x), advance, (ink[0] + ink[2]) / 2, y, size, 0)


def _turned(letter: str, ink: tuple[float, ...], pen: tuple[float, ...], size: float, turn: int) -> Glyph:
    """Return a glyph of a line that is turned; pdfium tells no advances there."""
    along, across = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = [x * along + y * across for x in (ink[0], ink[2]) for y in (ink[1], ink[3])]
    x, y, _ = pen
    start = x * along + y * across
    middle = sum(corners) / len(corners)
    reach = max(corners) if turn % 90 == 0 else middle + (middle - start)  # a box about slanted ink is too wide
    return Glyph(letter, start, max(reach, start), 0.0, middle, y * along - x * across, size, turn)
