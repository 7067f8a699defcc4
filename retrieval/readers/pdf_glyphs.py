"""What a page of a PDF shows, by pdfium: each glyph's letters, and where the pen stood when it was drawn.

The pen's place is what orders glyphs, and its advance what parts words: ink may lie anywhere, as in fonts that stack
letters. All is measured along the line and across it, so that turned and scaled text is read as any other.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_HYPHEN = "\x02"  # pdfium's name for one that parts a word at the end of a line
UNNAMED = "\ufffc"  # what stands for a glyph that no table of letters names, and that may show none
LOST_LETTER = "\ufffd"  # the same, of one that has ink and moves the pen on, as letters do
_KEPT_FORMATS = "\u200c\u200d"  # that join and part letters; other format characters only direct or mark
_NO_LETTERS = ("Cc", "Cs", "Co", "Cn", "Cf")
_NEAR = 0.001  # of the size: what rounding leaves between places that are the same


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

    @property
    def is_bare_space(self) -> bool:
        """Tell whether this is a space of which only the place is known."""
        return self.text == " " and not self.advance


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
        is_lost = raw.FPDFText_HasUnicodeMapError(page.raw, at) == 1
        if is_lost or unicodedata.category(letter) in ("Co", "Cn"):
            unnamed += 1
            letter = UNNAMED
        elif letter == _HYPHEN:
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
        if is_lost and glyph.advance and ink[0] < ink[2]:
            glyph = glyph._replace(text=LOST_LETTER)
        if (loose.left, loose.bottom, loose.right, loose.top) == tuple(map(_single, ink)):
            glyph = glyph._replace(is_named_apart=_is_named_apart(page, at))
        glyphs.append(glyph)
    return PageGlyphs(glyphs, unnamed)


def _is_named_apart(page: PdfTextPage, at: int) -> bool:
    """Return whether the letters of a character stand in the file beside its glyphs, as their actual text."""
    from pypdfium2 import raw

    drawn = raw.FPDFText_GetTextObject(page.raw, at)
    marks = (raw.FPDFPageObj_GetMark(drawn, number) for number in range(raw.FPDFPageObj_CountMarks(drawn)))
    return any(
        raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING for mark in marks if mark
    )


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
