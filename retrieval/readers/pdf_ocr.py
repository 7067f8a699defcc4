"""The text of scanned pages, by tesseract: another program, started for each page, within bounds of time and size."""

from __future__ import annotations

import math
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrieval.errors import ArticleError
from retrieval.readers.document import NEEDS_OCR

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

PAGE_SECONDS = 60.0  # for tesseract
SCANNED_PAGE_SECONDS = 75.0  # for all that a page takes
OCR_SECONDS = 600.0  # for one file
OCR_PAGES = 100
DOTS_PER_INCH = 300  # what tesseract is trained on
MOST_PIXELS = 12_000_000  # of a page; A4 has 8.7 million
_POINTS_PER_INCH = 72
_PACKAGES = "apt-get install tesseract-ocr tesseract-ocr-ara"

BeginPage = Callable[[int, int], None]  # the number of the page, and how many there are


def tesseract_languages() -> tuple[str, ...]:
    """Return the languages that the installed tesseract reads; none where there is no tesseract."""
    if shutil.which("tesseract") is None:
        return ()
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=30)
    return tuple(filter(None, listed.stdout.splitlines()[1:]))


class MissingOcr(NamedTuple):
    """What is missing for Arabic pages to be read, and how Debian installs it."""

    found: str
    advice: str


def why_no_ocr() -> MissingOcr | None:
    """Return what is missing for Arabic pages to be read; None where nothing is."""
    languages = tesseract_languages()
    if "ara" in languages:
        return None
    return MissingOcr(
        "tesseract has no Arabic" if languages else "tesseract is not installed", f"Install it: {_PACKAGES}"
    )


def read_scan(data: bytes, begin: BeginPage) -> str:
    """Return the text of a PDF from the pictures of its pages, a blank line between paragraphs.

    Raises:
        ArticleError: nothing is on them that can be read, or they are too many or take too long.
    """
    import pypdfium2

    if missing := why_no_ocr():
        raise ArticleError(f"is a scan: {NEEDS_OCR}, and {missing.found} ({_PACKAGES})")
    languages = "+".join(language for language in ("ara", "eng") if language in tesseract_languages())
    pdf = pypdfium2.PdfDocument(data)
    try:
        if len(pdf) > OCR_PAGES:
            raise ArticleError(f"is a scan of {len(pdf)} pages, at most {OCR_PAGES} are read; split it")
        until = time.monotonic() + OCR_SECONDS
        pages = []
        for at in range(len(pdf)):
            if time.monotonic() > until:
                raise ArticleError(f"is a scan that took longer than {OCR_SECONDS:g} seconds; split it")
            begin(at + 1, len(pdf))
            pages.append(_page_text(pdf[at], languages))
    finally:
        pdf.close()
    text = "\n\n".join(filter(None, pages))
    if not any(map(str.isalpha, text)):
        raise ArticleError("is a scan on which no letters were found")
    return text


def _page_text(page: PdfPage, languages: str) -> str:
    picture = _picture(page)
    page.close()
    command = ["tesseract", "stdin", "stdout", "-l", languages, "--dpi", str(DOTS_PER_INCH)]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, check=True, timeout=PAGE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise ArticleError(f"is a scan with a page that took longer than {PAGE_SECONDS:g} seconds") from error
    except subprocess.CalledProcessError as error:
        raise ArticleError("is a scan with a page that tesseract cannot read") from error
    return _paragraphs(done.stdout.decode("utf-8", "replace").split("\n"))


def _picture(page: PdfPage) -> bytes:
    """Return the picture of a page in shades of grey, as PGM, no larger than the bound."""
    width, height = page.get_size()
    scale = DOTS_PER_INCH / _POINTS_PER_INCH
    scale *= min(1.0, math.sqrt(MOST_PIXELS / max(width * height * scale * scale, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    lines = (rows[at * bitmap.stride : at * bitmap.stride + bitmap.width] for at in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)


def _paragraphs(lines: Sequence[str]) -> str:
    r"""Return what tesseract writes, its lines joined to paragraphs.

    >>> _paragraphs(["قال الوزير", "إن المفاوضات بدأت.", "", "وأضاف", "\f"])
    'قال الوزير إن المفاوضات بدأت.\n\nوأضاف'
    """
    paragraphs = [""]
    for line in lines:
        if words := " ".join(line.replace("\u200e", "").replace("\u200f", "").split()):
            paragraphs[-1] = f"{paragraphs[-1]} {words}".strip()
        elif paragraphs[-1]:
            paragraphs.append("")
    return "\n\n".join(filter(None, paragraphs))
