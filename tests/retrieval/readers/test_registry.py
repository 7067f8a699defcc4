"""Web pages, Word documents and files that are not what their names say."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from support.builders.files import FIRST, MENU, PAGE, SECOND, TITLE, saved, word, zipped
from support.builders.pdf import make_pdf

from retrieval.errors import ArticleError
from retrieval.readers.registry import read_document


def test_a_page_gives_its_article_and_what_its_head_states() -> None:
    document = read_document("page.html", PAGE.format(meta="").encode())
    assert document.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert document.facts == {
        "title": TITLE, "author": "سليم العمر", "published": "2019-05-14", "source": "موقع الأخبار",
    }  # fmt: skip
    assert (document.format, document.encoding) == ("html", "utf-8")


@pytest.mark.parametrize(
    ("meta", "codec"),
    [('<meta charset="windows-1256">', "cp1256"), ("", "cp1256"), ('<meta charset="iso-8859-6">', "iso8859-6")],
)
def test_a_page_in_an_older_encoding_is_read(meta: str, codec: str) -> None:
    document = read_document("page.htm", PAGE.format(meta=meta).encode(codec))
    assert FIRST in document.text
    assert document.encoding in ("windows-1256", "iso-8859-6")


def test_an_entity_of_a_page_is_not_expanded() -> None:
    page = PAGE.format(meta="").replace(
        "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    )
    document = read_document("page.html", page.replace(FIRST, f"{FIRST} &secret;").encode())
    assert "root:" not in document.text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (f"<html><body>{MENU}</body></html>", "holds no article, only menus and links"),
        ("<html></html>", "holds no article"),
        ("  \n", "is empty"),
        ("", "is empty"),
    ],
)
def test_a_page_without_an_article_says_so(page: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_document("page.html", page.encode())


def test_a_word_document_gives_its_paragraphs_and_properties() -> None:
    document = read_document("a.docx", word(TITLE, FIRST, "", SECOND, title="عنوان", author="رائد جبر"))
    assert document.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert document.facts == {"title": "عنوان", "author": "رائد جبر"}


def test_a_table_of_a_word_document_stands_where_it_stood() -> None:
    made = docx.Document()
    made.add_paragraph(FIRST)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "المدينة", "إدلب"
    made.add_paragraph(SECOND)
    assert read_document("a.docx", saved(made)).text == f"{FIRST}\n\nالمدينة | إدلب\n\n{SECOND}"


def test_an_entity_of_a_word_document_is_not_expanded() -> None:
    parts = {}
    with zipfile.ZipFile(io.BytesIO(word(FIRST))) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    body = parts["word/document.xml"].decode()
    head, _, rest = body.partition("?>")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    parts["word/document.xml"] = f"{head}?>{bomb}{rest.replace(FIRST, f'{FIRST}&b;&c;')}".encode()
    text = read_document("a.docx", zipped(parts)).text
    assert "aaaa" not in text
    assert "root:" not in text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (word(), "holds no text"),
        (word(FIRST)[:-200], "damaged ZIP archive, or one whose end is missing"),
        (zipped({"[Content_Types].xml": b"<x/>"}), "cannot be read as a Word document"),
        (zipped({"word/document.xml": b"0" * 2**23}), "decompression bomb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"an old Word file \(.doc\), or a document locked"),
    ],
)
def test_a_word_document_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_document("a.docx", data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", make_pdf([[list(FIRST)]]), "is a PDF under the name of a .txt file; rename it to .pdf"),
        ("a.html", make_pdf([[list(FIRST)]]), "is a PDF under the name of a .html file"),
        ("a.txt", PAGE.format(meta="").encode(), "is HTML under the name of a .txt file; rename it to .html"),
        ("a.pdf", PAGE.format(meta="").encode(), "is HTML under the name of a .pdf file; rename it to .html"),
        ("a.txt", word(FIRST), "is a Word document under the name of a .txt file; rename it to .docx"),
        ("a.pdf", FIRST.encode(), "is not a PDF, whatever its name says"),
        ("a.docx", FIRST.encode(), "is not a Word document, whatever its name says"),
        ("a.pdf", b"", "is empty"),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_named(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_document(name, data)


def test_a_library_that_stumbles_costs_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise KeyError("deep inside a parser")

    monkeypatch.setattr("trafilatura.bare_extraction", stumble)
    with pytest.raises(ArticleError, match=r"its reader failed \(KeyError\); save it anew"):
        read_document("a.html", PAGE.format(meta="").encode())


def test_many_comments_take_no_time() -> None:
    text = "<!---->" * 500 + FIRST
    assert read_document("a.txt", text.encode()).text == text
    with pytest.raises(ArticleError, match="is HTML"):
        read_document("a.txt", ("<!-- --> " * 100 + "<html>").encode())


def test_a_folder_of_text_files_loads_no_reader_of_another_format(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nfrom retrieval.corpus.articles import read_article\n"
        "folder = Path(sys.argv[1])\nread_article(folder, folder / 'a.txt', {})\n"
        "print(sorted({'trafilatura', 'lxml', 'docx', 'pypdfium2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[]\n"
