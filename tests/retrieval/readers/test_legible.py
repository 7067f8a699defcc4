"""What cannot be read is set aside with the reason, whatever the format; a PDF says that it needs OCR."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.builders.files import lines, word

from retrieval.errors import ArticleError
from retrieval.readers.pdf import read_pdf
from retrieval.readers.registry import read_document, read_members

PRINTED = Path(__file__).parent / "printed"
NEWS = (
    "أعلنت بلدية المرفأ أمس أن أعمال ترميم السوق القديمة ستستمر حتى نهاية الخريف، وأن أصحاب المحال سيعودون إليها بعد"
    " ذلك. وقال رئيس البلدية إن الكلفة بلغت نصف ما كان مقدرا، ودعا السكان إلى حضور الافتتاح."
)
MOJIBAKE = NEWS.encode().decode("cp1252", "replace")
MIRRORED = re.sub(r"\w+", lambda found: found[0][::-1], NEWS)
PAGE = '<!doctype html><html><head><meta charset="utf-8"><title>{0}</title></head><body><article><p>{1}</p></article>'


@pytest.mark.parametrize(
    ("text", "reason"), [(MOJIBAKE, "another encoding"), (MIRRORED, "in reverse")], ids=["mojibake", "mirrored"]
)
def test_garbled_files_are_set_aside(text: str, reason: str) -> None:
    for name, data in {
        "a.txt": text.encode(),
        "a.md": f"# {text[:20]}\n\n{text}".encode(),
        "a.html": PAGE.format(text[:20], text).encode(),
        "a.docx": word(text),
    }.items():
        with pytest.raises(ArticleError, match=reason):
            read_document(name, data)


def test_a_garbled_row_is_set_aside_and_the_next_is_read() -> None:
    garbled, good = read_members("a.jsonl", lines({"text": MOJIBAKE}, {"text": NEWS}), {})
    assert "another encoding" in str(garbled.content)
    assert not isinstance(good.content, str)
    assert good.content.text == NEWS


@pytest.mark.parametrize("name", ["chromium-naskh", "libreoffice-naskh", "fpdf2-amiri", "cairo-dejavu"])
def test_a_pdf_whose_fonts_name_no_letters_needs_ocr(name: str) -> None:
    data = (PRINTED / f"{name}.pdf").read_bytes()
    assert b"/ToUnicode" in data
    with pytest.raises(ArticleError, match=r"letters that cannot be read.*: it needs OCR"):
        read_pdf(data.replace(b"/ToUnicode", b"/ToUnicodX"))
