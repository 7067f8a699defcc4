"""PDF, read by pdfium: the places of its glyphs from it, the lines, their order and the paragraphs from us."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.errors import ArticleError
from retrieval.readers.document import MOST_CHARACTERS, SourceDocument, facts_of
from retrieval.readers.pdf_bidi import is_backwards, with_brackets_facing
from retrieval.readers.pdf_clusters import with_letters_placed
from retrieval.readers.pdf_glyphs import glyphs_of
from retrieval.readers.pdf_lines import GlyphLine, glyph_lines, is_rightward, page_line
from retrieval.readers.pdf_paragraphs import PageLine, text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 2_000
_LEAST_LETTERS = 20  # on all pages; fewer are a stamp on a scan

_PDFIUM = threading.Lock()  # it is not safe to use from two threads
# What a program writes by itself, and no person: «Microsoft Word - x.doc», «untitled», a file's name.
_JUNK_TITLE = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\s?\d*|slide\s?\d*|print.*|.*\.\w{2,5})"
)


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
    lines = _page_lines(pages)
    if is_backwards(line.text for page in lines for line in page):
        lines = _page_lines(pages, backwards=True)
    text = "\n\n".join(map(with_brackets_facing, text_of(lines).split("\n\n")))
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


def _pages(pdf: PdfDocument) -> list[list[GlyphLine]]:
    """Return the lines of each page."""
    pages, characters = [], 0
    for at in range(len(pdf)):
        page = pdf[at]
        letters = page.get_textpage()
        glyphs = with_letters_placed(glyphs_of(letters).glyphs, letters)
        page.close()
        pages.append(glyph_lines(glyphs))
        characters += len(glyphs)
        if characters > MOST_CHARACTERS:
            raise ArticleError(f"is too long to read: stopped after page {at + 1} of {len(pdf)}; split it")
    return pages


def _page_lines(pages: Sequence[Sequence[GlyphLine]], *, backwards: bool = False) -> list[list[PageLine]]:
    made = [
        [page_line(line, rightward=is_rightward(page, at), backwards=backwards) for at, line in enumerate(page)]
        for page in pages
    ]
    return [[line for line in page if line.text] for page in made]
