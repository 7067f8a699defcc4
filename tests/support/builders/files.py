"""Small files of the kinds that newsrooms have, made in memory."""

from __future__ import annotations

import io
import json
import zipfile

import docx

TITLE = "لقاءات مكثفة لبحث الوضع في إدلب"

FIRST = "قال الوزير لافروف إن الاجتماع استغرق خمسا وأربعين دقيقة يوم الثلاثاء، ولا خلاف بين الطرفين على جدول الأعمال."

SECOND = "وأضاف أن المنظمة ستشارك في اللقاء الأول بوفد كبير، وأن اللقاء الثاني سيعقد في دمشق بعد أسبوع من الآن."

HEAD = f"""<title>{TITLE} - موقع الأخبار</title><meta property="og:title" content="{TITLE}">
<meta property="og:site_name" content="موقع الأخبار"><meta name="author" content="سليم العمر">
<meta property="article:published_time" content="2019-05-14T10:00:00Z">"""

MENU = "<nav><ul>" + "".join(f'<li><a href="/{at}">قسم {at}</a></li>' for at in range(30)) + "</ul></nav>"

PAGE = f"""<!DOCTYPE html><html lang="ar"><head>{{meta}}{HEAD}</head><body>{MENU}<article><h1>{TITLE}</h1>
<p>{FIRST}</p><p>{SECOND}</p></article><footer>جميع الحقوق محفوظة</footer></body></html>"""


def word(*paragraphs: str, title: str = "", author: str = "") -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title, document.core_properties.author = title, author
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


_TYPES = "".join(
    f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
    for part, kind in (
        ("document", "wordprocessingml.document.main"),
        ("styles", "wordprocessingml.styles"),
        ("footnotes", "wordprocessingml.footnotes"),
        ("endnotes", "wordprocessingml.endnotes"),
    )
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def word_xml(
    body: str,
    *,
    styles: str = "",
    notes: str = "",
    title: str | None = None,
    core: str = f"{_PACKAGE}/relationships/metadata/core-properties",
) -> bytes:
    """Return a Word document whose parts are written by hand, with its properties under an address of their own."""
    relations = [f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>']
    parts = {
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {_NAMESPACES}>{notes}</w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {_NAMESPACES}>{notes.replace('w:footnote', 'w:endnote')}</w:endnotes>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
            for name in ("styles", "footnotes", "endnotes")
        )
        + "</Relationships>",
    }
    if title is not None:
        relations.append(f'<Relationship Id="c" Type="{core}" Target="docProps/core.xml"/>')
        parts["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
        )
    head = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{_CORE}"/>{_TYPES}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(relations)}</Relationships>',
    }
    return zipped({name: f'<?xml version="1.0"?>{text}'.encode() for name, text in (head | parts).items()})


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()
