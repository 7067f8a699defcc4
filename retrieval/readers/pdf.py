"""PDF, read by pdfium: the letters and their places from it, the order of Arabic lines from `visual`.

pdfium's own order is right for plain lines; in a mixed one it puts the comma after a number before it, and
takes apart the lam-alef that most fonts draw as one glyph.
"""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrieval.errors import ArticleError
from retrieval.readers.document import MOST_CHARACTERS, SourceDocument, facts_of
from retrieval.readers.pdf_bidi import in_reading_order, is_arabic, is_backwards, logical, unmirrored
from retrieval.readers.pdf_paragraphs import PageLine, text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_MOST_PAGES = 2_000
SAME_LINE = 0.3  # of the size of the letters, by which the parts of one line may be raised
GIVEN_SPACE, PLAIN_SPACE = 0.12, 0.24  # times the size: the least gap where a space is given, and where none is
EDGE = 0.05  # times the size, by which a space may lie over the letter before it
WIDEST_SPACE = 3.0  # times the size of the letters; what stands further apart is another column
_LEAST_LETTERS = 20  # on all pages; fewer are a stamp on a scan

_QUOTES = str.maketrans("“”", "”“")  # pdfium turns them in Arabic lines, though they are not mirrored
_PDFIUM = threading.Lock()  # it is not safe to use from two threads
_PRESENTATION_FORMS = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]+")
# What a program writes by itself, and no person: «Microsoft Word - x.doc», «untitled», a file's name.
_JUNK_TITLE = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\s?\d*|slide\s?\d*|print.*|.*\.\w{2,5})"
)


class _Glyph(NamedTuple):
    text: str
    left: float  # of the ink
    right: float
    bottom: float  # of the line that it stands on
    size: float


def read_pdf(data: bytes) -> SourceDocument:
    """Return the text of a PDF, and the title and author that it states.

    Raises:
        ArticleError: it is damaged, locked or too long, or has no letters, only pictures of them.
    """
    import pypdfium2

    with _PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise ArticleError(_why_closed(str(error), data)) from error
        try:
            count = len(pdf)
            if count > _MOST_PAGES:
                raise ArticleError(f"is too long: {count} pages, at most {_MOST_PAGES}; split it")
            pages = _pages(pdf)
            stated = pdf.get_metadata_dict(skip_empty=True)
        except pypdfium2.PdfiumError as error:
            raise ArticleError(f"is a damaged PDF ({error}); export it again") from error
        finally:
            pdf.close()
    lines = [[_line(glyphs) for glyphs in page] for page in pages]
    if is_backwards(line.text for page in lines for line in page):
        lines = [[_line(glyphs, backwards=True) for glyphs in page] for page in pages]
    text = unmirrored(text_of([[line for line in page if line.text] for page in lines]))
    if sum(letter.isalpha() for letter in text) < _LEAST_LETTERS:
        raise ArticleError("has no text on its pages, only pictures, as a scan has; run OCR on it (ocrmypdf -l ara)")
    return SourceDocument(
        text, "pdf", None, facts_of({"title": _title(stated.get("Title", "")), "author": stated.get("Author")})
    )


def _why_closed(said: str, data: bytes) -> str:
    if "password" in said.lower():
        return "is locked by a password; save it without one"
    if b"%%EOF" not in data[-2048:]:
        return "is a PDF whose end is missing, as a half-written file has; copy it again"
    return "is a damaged PDF; export it again"


def _title(title: str) -> str | None:
    return None if _JUNK_TITLE.fullmatch(title.strip()) else title


def _pages(pdf: PdfDocument) -> list[list[list[_Glyph]]]:
    """Return the glyphs of each line of each page, in pdfium's order."""
    pages, characters = [], 0
    for at in range(len(pdf)):
        page = pdf[at]
        lines = _glyph_lines(page.get_textpage())
        page.close()
        pages.append(lines)
        characters += sum(len(line) for line in lines)
        if characters > MOST_CHARACTERS:
            raise ArticleError(f"is too long to read: stopped after page {at + 1} of {len(pdf)}; split it")
    return pages


def _glyph_lines(page: PdfTextPage) -> list[list[_Glyph]]:
    """Return the glyphs of each line; the letters that one glyph shows share its box."""
    from pypdfium2 import raw

    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    lines: list[list[_Glyph]] = [[]]
    box: tuple[float, ...] | None = None
    for at in range(page.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(page.raw, at))
        if letter in "\r\n":
            lines.append([])
            box = None
            continue
        if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn"):  # "Co": a font without a table of its letters
            continue
        raw.FPDFText_GetCharBox(page.raw, at, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(page.raw, at, x, y)
        here = (left.value, right.value, bottom.value, top.value)
        line = lines[-1]
        if line and here == box and left.value < right.value:
            line[-1] = line[-1]._replace(text=line[-1].text + letter)
        else:
            size = raw.FPDFText_GetFontSize(page.raw, at)
            line.append(_Glyph(letter, left.value, right.value, y.value, size))
        box = here
    return _joined([line for line in lines if line])


def _joined(lines: Sequence[list[_Glyph]]) -> list[list[_Glyph]]:
    """Return the lines, with the parts of one joined that pdfium has parted, as it does at a raised vowel mark."""
    joined: list[list[_Glyph]] = []
    for line in lines:
        inked = [glyph for glyph in line if not _is_mark(glyph)]
        if joined and (not inked or _continues(joined[-1], inked)):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _continues(before: Sequence[_Glyph], line: Sequence[_Glyph]) -> bool:
    base = next((glyph for glyph in before if not _is_mark(glyph)), before[0])
    if abs(base.bottom - line[0].bottom) > SAME_LINE * base.size:
        return False
    apart = max(
        min(glyph.left for glyph in line) - max(glyph.right for glyph in before),
        min(glyph.left for glyph in before) - max(glyph.right for glyph in line),
    )
    return apart < WIDEST_SPACE * base.size


def _is_mark(glyph: _Glyph) -> bool:
    return all(map(unicodedata.combining, glyph.text))  # a ligature may begin with a mark


def _pieces(glyphs: Sequence[_Glyph]) -> list[str]:
    """Return what an Arabic line shows from left to right: letters with their vowel marks, a space for each gap.

    A space that the PDF holds or pdfium adds counts only where it stands in a gap: vowel marks move it about.
    """
    bases = sorted((glyph for glyph in glyphs if not (_is_mark(glyph) or glyph.text.isspace())), key=_middle)
    shown = [in_reading_order(glyph.text) for glyph in bases]
    letters = [at for at, glyph in enumerate(bases) if is_arabic(glyph.text)]
    for mark in filter(_is_mark, glyphs):
        under = min(letters, key=lambda at: abs(_middle(bases[at]) - _middle(mark)))
        shown[under] += mark.text
    spaces = sorted(glyph.left for glyph in glyphs if glyph.text.isspace())
    pieces = shown[:1]
    for before, glyph, piece in zip(bases, bases[1:], shown[1:], strict=False):
        gap = (glyph.left - before.right) / glyph.size
        at = bisect_left(spaces, before.right - EDGE * glyph.size)
        is_given = at < len(spaces) and spaces[at] < glyph.left
        pieces += [" ", piece] if gap > (GIVEN_SPACE if is_given else PLAIN_SPACE) else [piece]
    return pieces


def _middle(glyph: _Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _line(glyphs: Sequence[_Glyph], *, backwards: bool = False) -> PageLine:
    """Return a line in reading order; one without Arabic stands as pdfium has it."""
    arabic = sum(is_arabic(glyph.text) for glyph in glyphs)
    latin = sum(glyph.text.isalpha() for glyph in glyphs) - arabic
    if arabic:
        text = logical(_pieces(glyphs), backwards=backwards).translate(_QUOTES)
    else:
        text = "".join(glyph.text for glyph in glyphs)
    inked = [glyph for glyph in glyphs if not (glyph.text.isspace() or _is_mark(glyph))] or glyphs
    return PageLine(
        text=" ".join(_PRESENTATION_FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text).split()),
        left=min(glyph.left for glyph in inked),
        right=max(glyph.right for glyph in inked),
        bottom=inked[0].bottom,
        size=max(glyph.size for glyph in inked),
        rightward=latin > arabic,
    )
