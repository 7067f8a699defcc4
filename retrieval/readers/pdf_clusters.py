"""Letters that a file names together with a vowel mark, as browsers do, stand where they stand and not where it does.

The mark is drawn first, and both letters are named there: of the letter, pdfium tells the box and the line of the mark.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, decomposition

from retrieval.readers.pdf_bidi import is_arabic
from retrieval.readers.pdf_glyphs import Glyph

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_AT_MARK = 0.15  # of the size: how far a letter may begin from the mark that names it
_AT_LETTER = 0.3  # the same, to the right of the mark, of what is drawn right after it
_AT_ONE = 0.002  # of the size: what rounding leaves between places that are the same
_RAISED = 0.05  # of the size: what tells a mark from its letter
_HIGHEST = 0.8  # times the size: how far a mark may stand off the line of its letter
_MOST_MARKS = 3  # that one letter has
_MOST_NEAR = 16  # glyphs or pieces of text that begin at one place

_GRID = 0.02  # points, by which the same place may be told otherwise
_AROUND = (-_GRID, 0.0, _GRID)


class _TextObject(NamedTuple):
    """A piece of text as the file draws it."""

    start: float  # of the pen
    base: float
    end: float  # of its ink
    has_ink: bool


def with_letters_placed(glyphs: list[Glyph], page: PdfTextPage) -> list[Glyph]:
    """Return the glyphs of a page, with such letters at their own places, and once where they are named twice.

    The spaces that such a file draws by themselves stand among them too, as pdfium passes these over.
    """
    named_apart = [at for at, glyph in enumerate(glyphs) if glyph.is_named_apart and not glyph.turn]
    if not named_apart:
        return glyphs
    objects = _text_objects(page)
    drawn = {_rounded(each.start, each.base): at for at, each in enumerate(objects)}
    told = {_rounded(glyph.start + dx, glyph.base + dy) for glyph in glyphs for dx in _AROUND for dy in _AROUND}
    silent = {at: each for at, each in enumerate(objects) if _rounded(each.start, each.base) not in told}
    others = sorted((glyph.start, at) for at, glyph in enumerate(glyphs) if not glyph.turn)
    left_out: set[int] = set()
    placed = {}
    for at in named_apart:
        glyph = glyphs[at]
        if _is_mark(glyph) or at in left_out or not is_arabic(glyph.text):
            continue
        near = [other for _, other in _about(others, glyph) if other != at and other not in left_out]
        if any(_is_named_again(glyph, glyphs[other]) for other in near):
            left_out.add(at)
            continue
        marks = [other for other in near if _is_mark(glyphs[other]) and _begins_with(glyphs[other], glyph)]
        if not (marks or decomposition(glyph.text[0])):
            continue
        if letter := _letter_of(glyph, silent, drawn.get(_rounded(glyph.start, glyph.base), 0)):
            left_out.update(marks)
            placed[at] = _placed(glyph, letter, [glyphs[other].text for other in marks])
    size = median(glyph.size for glyph in glyphs)
    spaces = (each for each in silent.values() if not each.has_ink)
    return [
        *(placed.get(at, glyph) for at, glyph in enumerate(glyphs) if at not in left_out),
        *(Glyph(" ", each.start, each.start, 0.0, each.start, each.base, size, 0) for each in spaces),
    ]


def _letter_of(glyph: Glyph, silent: Mapping[int, _TextObject], drawn: int) -> _TextObject | None:
    """Return what is drawn of a letter; None where that is what the glyph tells. Its marks are drawn before it."""
    letter = None
    for at in range(drawn + 1, drawn + 1 + _MOST_MARKS):
        if (each := silent.get(at)) is None:
            break
        apart = (each.start - glyph.start) / glyph.size if glyph.size else 0.0
        if each.has_ink and -_AT_MARK <= apart <= _AT_LETTER and abs(each.base - glyph.base) < _HIGHEST * glyph.size:
            letter = each
    return letter


def _placed(glyph: Glyph, letter: _TextObject, marks: Sequence[str]) -> Glyph:
    """Return a letter with the marks that it is named with, where it stands itself."""
    text = glyph.text + "".join(sorted(marks, key=combining))
    middle = (letter.start + letter.end) / 2
    return glyph._replace(text=text, start=letter.start, end=letter.end, middle=middle, base=letter.base)


def _is_mark(glyph: Glyph) -> bool:
    return all(map(combining, glyph.text))


def _begins_with(mark: Glyph, glyph: Glyph) -> bool:
    return abs(mark.start - glyph.start) + abs(mark.base - glyph.base) < _AT_ONE * glyph.size


def _is_named_again(glyph: Glyph, other: Glyph) -> bool:
    """Return whether the letter of a mark is the other one, which stands on its line."""
    raised = (glyph.base - other.base) / glyph.size if glyph.size else 0.0
    least = _RAISED if other.is_named_apart else -_HIGHEST
    return glyph.text in other.text and least < raised < _HIGHEST


def _about(placed: Sequence[tuple[float, int]], glyph: Glyph) -> Sequence[tuple[float, int]]:
    """Return what begins about where a glyph does, of what stands in order."""
    first = bisect_left(placed, glyph.start - _AT_MARK * glyph.size, key=itemgetter(0))
    last = bisect_right(placed, glyph.start + _AT_MARK * glyph.size, key=itemgetter(0))
    return placed[first : min(last, first + _MOST_NEAR)]


def _text_objects(page: PdfTextPage) -> list[_TextObject]:
    """Return the pieces of text of a page, as they are drawn."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    matrix = raw.FS_MATRIX()
    objects = []
    for at in range(raw.FPDFPage_CountObjects(page.page.raw)):
        piece = raw.FPDFPage_GetObject(page.page.raw, at)
        if raw.FPDFPageObj_GetType(piece) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetMatrix(piece, matrix)
            raw.FPDFPageObj_GetBounds(piece, left, bottom, right, top)
            objects.append(_TextObject(matrix.e, matrix.f, right.value, right.value > left.value))
    return objects


def _rounded(start: float, base: float) -> tuple[int, int]:
    return round(start / _GRID), round(base / _GRID)
