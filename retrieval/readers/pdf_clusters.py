"""Letters that a file names together with a vowel mark, as browsers do, stand where they stand and not where it does.

The mark is drawn first, and both letters are named there: of the letter, pdfium tells the box and the line of the mark.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from retrieval.readers.pdf_glyphs import Glyph

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_AT_MARK = 0.15  # of the size: how far a letter may begin from the mark that names it
_RAISED = 0.05  # of the size: what tells a mark from its letter
_HIGHEST = 0.8  # times the size: how far a mark may stand off the line of its letter
_MOST_NEAR = 16  # glyphs or pieces of text that begin at one place

_Placed = TypeVar("_Placed", bound=tuple[float, ...])


class _TextObject(NamedTuple):
    """A piece of text as the file draws it."""

    start: float
    base: float
    end: float


def with_letters_placed(glyphs: list[Glyph], page: PdfTextPage) -> list[Glyph]:
    """Return the glyphs of a page, with such letters at their own places, and once where they are named twice."""
    named_apart = [at for at, glyph in enumerate(glyphs) if glyph.is_named_apart and not glyph.turn]
    if not named_apart:
        return glyphs
    silent = _silent_objects(glyphs, page)
    others = sorted((glyph.start, at) for at, glyph in enumerate(glyphs) if not glyph.turn)
    again: set[int] = set()
    for at in named_apart:
        glyph = glyphs[at]
        near = _about(others, glyph)
        if any(_is_named_again(glyph, glyphs[other]) for _, other in near if other != at and other not in again):
            again.add(at)
        elif own := [each for each in _about(silent, glyph) if abs(each.base - glyph.base) < _HIGHEST * glyph.size]:
            letter = max(own, key=lambda each: each.end)
            end = max(glyph.end, letter.end)
            glyphs[at] = glyph._replace(end=end, middle=(glyph.start + end) / 2, base=letter.base)
    return [glyph for at, glyph in enumerate(glyphs) if at not in again]


def _is_named_again(glyph: Glyph, other: Glyph) -> bool:
    """Return whether the letter of a mark is the other one, which stands on its line."""
    raised = (glyph.base - other.base) / glyph.size if glyph.size else 0.0
    least = _RAISED if other.is_named_apart else -_HIGHEST
    return glyph.text in other.text and least < raised < _HIGHEST


def _about(placed: list[_Placed], glyph: Glyph) -> list[_Placed]:
    """Return what begins about where a glyph does, of what stands in order."""
    reach = _AT_MARK * glyph.size
    first = bisect_left(placed, glyph.start - reach, key=itemgetter(0))
    return placed[first : min(bisect_right(placed, glyph.start + reach, key=itemgetter(0)), first + _MOST_NEAR)]


def _silent_objects(glyphs: list[Glyph], page: PdfTextPage) -> list[_TextObject]:
    """Return the pieces of text of which pdfium tells no letters, as others name them, from the left."""
    from pypdfium2 import raw

    told = {(round(glyph.start, 2), round(glyph.base, 2)) for glyph in glyphs}
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    matrix = raw.FS_MATRIX()
    objects = []
    for at in range(raw.FPDFPage_CountObjects(page.page.raw)):
        piece = raw.FPDFPage_GetObject(page.page.raw, at)
        if raw.FPDFPageObj_GetType(piece) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetMatrix(piece, matrix)
            raw.FPDFPageObj_GetBounds(piece, left, bottom, right, top)
            if (round(matrix.e, 2), round(matrix.f, 2)) not in told:
                objects.append(_TextObject(matrix.e, matrix.f, right.value))
    return sorted(objects)
