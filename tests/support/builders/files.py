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


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()
