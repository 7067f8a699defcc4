"""Letters that a file names together with a vowel mark, as browsers do, stand where they stand and not where it does.

The mark is drawn first, and both letters are named there: of the letter, pdfium tells the box and the line of the mark.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from unicodedata import combining

from retrieval.readers.pdf_bidi import is_arabic
from retrieval.readers.pdf_glyphs import Glyph

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_AT_MARK = 0.15  # of the size: how far a letter may begin from the mark that names it
_AT_ONE = 0.002  # of the size: what rounding leaves between places that are the same
_RAISED = 0.05  # of the size: what tells a mark from its letter
_HIGHEST = 0.8  # times the size: how far a mark may stand off the line of its letter
_MOST_MARKS = 3  # that one letter has
_MOST_NEAR = 16  # glyphs or pieces of text that begin at one place

_Placed = TypeVar("_Placed", bound=tuple[float, ...])


class _TextObject(NamedTuple):
    """A piece of text as the file draws it."""

    start: float  # of the pen
    base: float
    end: float  # of its ink
    has_ink: bool
    drawn: int  # in which place


def with_letters_placed(glyphs: list[Glyph], page: PdfTextPage) -> list[Glyph]:
    """Return the glyphs of a page, with such letters at their own places, and once where they are named twice.

    The spaces that such a file draws by themselves stand among them too, as pdfium passes these over.
    """
    named_apart = [at for at, glyph in enumerate(glyphs) if glyph.is_named_apart and not glyph.turn]
    if not named_apart:
        return glyphs
    objects = _text_objects(page)
    told = {_rounded(glyph.start, glyph.base) for glyph in glyphs}
    silent = [each for each in objects if _rounded(each.start, each.base) not in told]
    drawn = {_rounded(each.start, each.base): each.drawn for each in objects}
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
        elif letter := _letter_of(glyph, silent, drawn.get(_rounded(glyph.start, glyph.base), 0)):
            marks = [other for other in near if _is_mark(glyphs[other]) and _begins_with(glyphs[other], glyph)]
            left_out.update(marks)
            placed[at] = _placed(glyph, letter, [glyphs[other].text for other in marks])
    size = median(glyph.size for glyph in glyphs)
    spaces = (each for each in silent if not each.has_ink)
    return [
        *(placed.get(at, glyph) for at, glyph in enumerate(glyphs) if at not in left_out),
        *(Glyph(" ", each.start, each.start, 0.0, each.start, each.base, size, 0) for each in spaces),
    ]


def _letter_of(glyph: Glyph, silent: list[_TextObject], drawn: int) -> _TextObject | None:
    """Return what is drawn of a letter; None where that is what the glyph tells. Its marks are drawn before it."""
    near = [
        each
        for each in _about(silent, glyph)
        if each.has_ink
        and drawn < each.drawn <= drawn + _MOST_MARKS
        and abs(each.base - glyph.base) < _HIGHEST * glyph.size
    ]
    return max(near, key=lambda each: each.drawn, default=None)


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


def _about(placed: list[_Placed], glyph: Glyph) -> list[_Placed]:
    """Return what begins about where a glyph does, of what stands in order."""
    reach = _AT_MARK * glyph.size
    first = bisect_left(placed, glyph.start - reach, key=itemgetter(0))
    return placed[first : min(bisect_right(placed, glyph.start + reach, key=itemgetter(0)), first + _MOST_NEAR)]


def _text_objects(page: PdfTextPage) -> list[_TextObject]:
    """Return the pieces of text of a page, from the left."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    matrix = raw.FS_MATRIX()
    objects = []
    for at in range(raw.FPDFPage_CountObjects(page.page.raw)):
        piece = raw.FPDFPage_GetObject(page.page.raw, at)
        if raw.FPDFPageObj_GetType(piece) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetMatrix(piece, matrix)
            raw.FPDFPageObj_GetBounds(piece, left, bottom, right, top)
            objects.append(_TextObject(matrix.e, matrix.f, right.value, right.value > left.value, at))
    return sorted(objects)


def _rounded(start: float, base: float) -> tuple[float, float]:
    """Return a place as it is told in single and in double precision."""
    return round(start, 2), round(base, 2)
