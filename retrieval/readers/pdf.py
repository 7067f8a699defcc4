"""PDF, read by pdfium: the places of its glyphs from it, the lines, their order and the paragraphs from us."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrieval.errors import ArticleError
from retrieval.nlp.legibility import garble_of, is_mirrored
from retrieval.readers.document import MOST_CHARACTERS, NEEDS_OCR, ReadScan, SourceDocument, facts_of
from retrieval.readers.pdf_bidi import with_brackets_facing
from retrieval.readers.pdf_clusters import with_letters_placed
from retrieval.readers.pdf_glyphs import glyphs_of
from retrieval.readers.pdf_lines import GlyphLine, are_rightward, glyph_lines, page_line
from retrieval.readers.pdf_paragraphs import PageLine, text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 2_000
_LEAST_LETTERS = 20  # on all pages; fewer are a stamp on a scan
_MOST_UNNAMED = 0.08  # of the glyphs; a producer that names no hamza and no vowel mark leaves up to 0.05 of them
_LEAST_LEGIBLE = 0.5  # of what is printed that are letters or digits; a poem in dots and dashes has more

_PDFIUM = threading.Lock()  # it is not safe to use from two threads
# What a program writes by itself, and no person: «Microsoft Word - x.doc», «untitled», a file's name.
_JUNK_TITLE = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\s?\d*|slide\s?\d*|print.*|.*\.\w{2,5})"
)


class _Reading(NamedTuple):
    """What a PDF holds: the lines of its pages, what it states, and the share of its letters that no table names."""

    pages: list[list[GlyphLine]]
    stated: Mapping[str, str]
    unnamed: float


def read_pdf(data: bytes, scans: ReadScan | None = None) -> SourceDocument:
    """Return the text of a PDF, and the title and author that it states; `scans` reads one whose letters tell nothing.

    Raises:
        ArticleError: it is damaged, locked or too long, or its letters cannot be read.
    """
    with _PDFIUM:
        reading = _read(data)
    text = _text(reading.pages)
    if reason := _why_illegible(text, reading.unnamed):
        if scans is None:
            raise ArticleError(f"{reason}: {NEEDS_OCR} (SANAD_OCR=tesseract, or ocrmypdf --force-ocr -l ara)")
        with _PDFIUM:
            text = scans(data)
    title, author = _title(reading.stated.get("Title", "")), reading.stated.get("Author")
    return SourceDocument(text, "pdf", None, facts_of({"title": title, "author": author}))


def _read(data: bytes) -> _Reading:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ArticleError(_why_closed(str(error), data)) from error
    try:
        count = len(pdf)
        if count > _MOST_PAGES:
            raise ArticleError(f"is too long: {count} pages, at most {_MOST_PAGES}; split it")
        pages, unnamed = _pages(pdf)
        return _Reading(pages, pdf.get_metadata_dict(skip_empty=True), unnamed)
    except pypdfium2.PdfiumError as error:
        raise ArticleError(f"is a damaged PDF ({error}); export it again") from error
    finally:
        pdf.close()


def _text(pages: Sequence[Sequence[GlyphLine]]) -> str:
    lines = _page_lines(pages)
    if is_mirrored(" ".join(line.text for page in lines for line in page)):
        lines = _page_lines(pages, backwards=True)
    return "\n\n".join(map(with_brackets_facing, text_of(lines).split("\n\n")))


def _why_illegible(text: str, unnamed: float) -> str | None:
    if unnamed > _MOST_UNNAMED:
        return "has letters that cannot be read, as its fonts do not say which they are"
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return "has no text on its pages, only pictures, as a scan has"
    signs = sum(not letter.isspace() for letter in text)
    if sum(map(str.isalnum, text)) < _LEAST_LEGIBLE * signs or garble_of(text):
        return "has letters that cannot be read, as its fonts name them wrongly"
    return None


def _why_closed(said: str, data: bytes) -> str:
    if "password" in said.lower():
        return "is locked by a password; save it without one"
    if b"%%EOF" not in data[-2048:]:
        return "is a PDF whose end is missing, as a half-written file has; copy it again"
    return "is a damaged PDF; export it again"


def _title(title: str) -> str | None:
    return None if _JUNK_TITLE.fullmatch(title.strip()) else title


def _pages(pdf: PdfDocument) -> tuple[list[list[GlyphLine]], float]:
    """Return the lines of each page, and the share of all glyphs that no table of letters names."""
    pages = []
    characters = unnamed = 0
    for at in range(len(pdf)):
        page = pdf[at]
        letters = page.get_textpage()
        found = glyphs_of(letters)
        pages.append(glyph_lines(with_letters_placed(found.glyphs, letters)))
        page.close()
        characters, unnamed = characters + len(found.glyphs), unnamed + found.unnamed
        if characters > MOST_CHARACTERS:
            raise ArticleError(f"is too long to read: stopped after page {at + 1} of {len(pdf)}; split it")
    return pages, unnamed / max(characters, 1)


def _page_lines(pages: Sequence[Sequence[GlyphLine]], *, backwards: bool = False) -> list[list[PageLine]]:
    made = [
        [
            page_line(line, rightward=rightward, backwards=backwards)
            for line, rightward in zip(page, are_rightward(page), strict=True)
        ]
        for page in pages
    ]
    return [[line for line in page if line.text] for page in made]
