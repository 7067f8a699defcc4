"""Scans are read by the real tesseract, page by page and within bounds; without it the reason says what to install."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER
from support.builders.pdf import make_pdf, make_scan

from retrieval.corpus.isolation import FileReader, ReadingBounds
from retrieval.corpus.reading_process import Done, ReadPart, ReadRequest
from retrieval.errors import ArticleError
from retrieval.index.index import Index
from retrieval.readers import pdf_ocr
from retrieval.readers.pdf import read_pdf
from retrieval.readers.pdf_ocr import read_scan, tesseract_languages, why_no_ocr

HARVEST = (Path(__file__).parent / "printed/fpdf2-amiri.pdf").read_bytes()
AIRPORT = (Path(__file__).parent / "printed/chromium-naskh.pdf").read_bytes()
needs_tesseract = pytest.mark.skipif(
    "ara" not in tesseract_languages(), reason="needs tesseract with Arabic: tesseract-ocr, tesseract-ocr-ara"
)


def unobserved(page: int, pages: int) -> None:
    """Begin a page."""


def test_a_scan_without_ocr_says_what_would_read_it() -> None:
    with pytest.raises(ArticleError, match=r"only pictures, as a scan has: it needs OCR \(SANAD_OCR=tesseract"):
        read_pdf(make_scan(HARVEST))


def test_without_tesseract_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    missing = why_no_ocr()
    assert missing is not None
    assert missing.found == "tesseract is not installed"
    assert "apt-get install tesseract-ocr tesseract-ocr-ara" in missing.advice
    with pytest.raises(ArticleError, match="tesseract is not installed"):
        read_scan(make_scan(HARVEST), unobserved)


@needs_tesseract
def test_a_scan_of_too_many_pages_is_not_begun() -> None:
    begun: list[tuple[int, int]] = []
    with pytest.raises(ArticleError, match=r"is a scan of 101 pages, at most 100 are read"):
        read_scan(make_pdf([[]] * 101), lambda page, pages: begun.append((page, pages)))
    assert begun == []


@needs_tesseract
@pytest.mark.parametrize(
    "unreadable",
    [make_scan, lambda pdf: pdf.replace(b"/ToUnicode", b"/ToUnicodX")],
    ids=["scan", "fonts without letters"],
)
def test_what_is_seen_on_the_pages_is_read(tmp_path: Path, unreadable: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(unreadable(AIRPORT))
    pages: list[tuple[int, int]] = []
    with FileReader(ReadingBounds(5.0, "tesseract")) as reader:
        reader.ask(ReadRequest(tmp_path, file, "a.pdf", {}))
        part, done = reader.take(lambda page, of: pages.append((page, of)))
    assert done == Done(None)
    assert isinstance(part, ReadPart)
    assert part.article is not None
    assert "أعلن وزير النقل سامر الحداد يوم الجمعة أن كلفة توسعة مطار الواحة" in part.article.text
    assert "35 كيلومترا من خطوط السكة" in part.article.text
    assert pages == [(1, 1)]


@needs_tesseract
def test_a_scan_of_nothing_says_so() -> None:
    with pytest.raises(ArticleError, match="no letters were found"):
        read_scan(make_scan(make_pdf([[]]), dots_per_inch=20), unobserved)


@needs_tesseract
def test_a_page_as_large_as_a_wall_is_read_within_the_bound_of_pixels() -> None:
    from pypdfium2 import PdfDocument

    page = PdfDocument(HARVEST.replace(b"/MediaBox [0 0 595.28 841.89]", b"/MediaBox [0 0 14400 14400.0]"))[0]
    head = pdf_ocr._picture(page)[:30].split()
    assert int(head[1]) * int(head[2]) <= pdf_ocr.MOST_PIXELS * 1.01


@needs_tesseract
def test_a_scan_that_was_set_aside_is_read_once_ocr_is_set(tmp_path: Path) -> None:
    folder, data = tmp_path / "articles", tmp_path / "data"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(make_scan(AIRPORT))
    with Index.open(data, EMBEDDER) as index:
        (failure,) = index.refresh(folder).failed
    assert "it needs OCR" in failure.reason
    told: list[str] = []
    with Index.open(data, EMBEDDER, bounds=ReadingBounds(20.0, "tesseract")) as index:
        report = index.refresh(folder, lambda progress: told.append(progress.path))
    assert not report.failed
    assert report.new == ("a.pdf",)
    assert "a.pdf (1/1)" in told
