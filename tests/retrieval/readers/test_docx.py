"""Word documents: what a reader sees of them is read, and nothing else."""

from __future__ import annotations

import hashlib

import pytest
from support.builders.files import word_xml

from retrieval.errors import ArticleError
from retrieval.readers.registry import read_document


def run(text: str, style: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{style}</w:rPr>" if style else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{style}</w:pPr>' if style else ''}{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell if '<' in cell else paragraph(run(cell))}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def box(text: str) -> str:
    return f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent>"


def field(*parts: str) -> str:
    return "".join(
        part if part.startswith("<") else f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>' for part in parts
    )


def text_of(body: str, **parts: str) -> str:
    return read_document("a.docx", word_xml(body, **parts)).text


@pytest.mark.parametrize(
    ("inner", "seen"),
    [
        (f"<w:ins>{run('115')}</w:ins>", "115"),
        (f"<w:ins><w:ins>{run('115')}</w:ins></w:ins>", "115"),
        (f"<w:moveTo>{run('115')}</w:moveTo>", "115"),
        (f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('115')}</w:sdtContent></w:sdt>", "115"),
        (f"<w:smartTag>{run('115')}</w:smartTag>", "115"),
        (f"<w:customXml>{run('115')}</w:customXml>", "115"),
        (f"<w:hyperlink>{run('115')}</w:hyperlink>", "115"),
        (f"<w:fldSimple>{run('115')}</w:fldSimple>", "115"),
        (f'<w:dir w:val="rtl">{run("115")}</w:dir>', "115"),
        ("<m:oMath><m:r><m:t>115</m:t></m:r></m:oMath>", "115"),
        (field("begin", "<w:r><w:instrText> REF x </w:instrText></w:r>", "separate", run("115"), "end"), "115"),
        (
            field(
                "begin", run("REF"), field("begin", run("A"), "separate", run("B"), "end"), "separate", run("7"), "end"
            ),
            "7",
        ),
        (f"<w:ruby><w:rt>{run('x')}</w:rt><w:rubyBase>{run('115')}</w:rubyBase></w:ruby>", "115"),
        (run("115", '<w:vanish w:val="0"/>'), "115"),
        ("<w:r><w:noBreakHyphen/></w:r>", "-"),
        ("<w:r><w:tab/></w:r>", "\t"),
        ("<w:r><w:br/></w:r>", "\n"),
        ("<w:r><w:softHyphen/></w:r>", ""),
        ("<w:del><w:r><w:delText>90</w:delText></w:r></w:del>", ""),
        (f"<w:del>{run('90')}</w:del>", ""),
        (f"<w:moveFrom>{run('90')}</w:moveFrom>", ""),
        (run("90", "<w:vanish/>"), ""),
        (run("90", '<w:rStyle w:val="Secret"/>'), ""),
        (f"<w:ins>{run('90', '<w:vanish/>')}</w:ins>", ""),
        (field("begin", "<w:r><w:instrText> PAGE </w:instrText></w:r>", "end"), ""),
        ("<!-- 90 -->", ""),
    ],
)
def test_a_run_is_read_where_a_reader_sees_it(inner: str, seen: str) -> None:
    styles = '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph(run("بلغت "), inner, run(" مليون شيكل."))
    assert text_of(body, styles=styles) == f"بلغت {seen} مليون شيكل."


def test_a_text_box_is_read_once_below_its_paragraph() -> None:
    both = f"<mc:AlternateContent><mc:Choice>{box('في المربع')}</mc:Choice><mc:Fallback>{box('قديم')}</mc:Fallback>"
    body = paragraph(run("قبل. "), f"<w:r>{both}</mc:AlternateContent></w:r>", run("بعد.")) + paragraph(run("ثم."))
    assert text_of(body) == "قبل. بعد.\n\nفي المربع\n\nثم."


def test_blocks_in_controls_are_read_in_their_order() -> None:
    body = f"<w:sdt><w:sdtContent>{paragraph(run('أول'))}{table(('أ', 'ب'))}</w:sdtContent></w:sdt>"
    assert text_of(body + f"<w:customXml>{paragraph(run('آخر'))}</w:customXml>") == "أول\n\nأ | ب\n\nآخر"


def test_a_table_in_a_cell_stands_below_the_cell_s_row() -> None:
    inner = table(("معبد", "3,400"), ("ترابي", "120"))
    assert text_of(table(("البند", "المبلغ"), ("الطرق", inner + paragraph()), ("0", "0"))) == (
        "البند | المبلغ\nالطرق\nمعبد | 3,400\nترابي | 120\n0 | 0"
    )


def test_a_deleted_or_a_hidden_row_is_left_out() -> None:
    rows = table(("بقي", "1")) + table(("محذوف", "2")).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    assert text_of(rows + table(("مخفي", "3")).replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")) == "بقي | 1"


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    joined = paragraph(run("افتتح الوزير "), style="<w:rPr><w:del/></w:rPr>") + paragraph(run("الجسر."))
    assert text_of(joined) == "افتتح الوزير الجسر."


def test_notes_stand_at_the_end_in_the_order_of_their_marks() -> None:
    notes = "".join(f'<w:footnote w:id="{at}">{paragraph(run(f"حاشية {at}"))}</w:footnote>' for at in (1, 2, 3))
    mark = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    body = paragraph(run("بلغ 350"), mark.format("footnote", 2), run(" طنا."), mark.format("endnote", 1))
    assert text_of(body + paragraph(run("انتهى.")), notes=notes) == "بلغ 350 طنا.\n\nانتهى.\n\nحاشية 2\n\nحاشية 1"


def test_a_field_that_never_ends_costs_its_own_paragraph_only() -> None:
    body = paragraph(run("أول"), field("begin", run("PAGE"))) + paragraph(run("ثان"))
    assert text_of(body) == "أول\n\nثان"


@pytest.mark.parametrize(
    "title",
    [
        "Word Document",
        "Microsoft Word - تقرير الزيتون.docx",
        "Microsoft Word - خبر",
        "Untitled",
        "Untitled document (3)",
        "Document1",
        "مستند1",
        "بدون عنوان",
        "خبر عاجل.docx",
        "C:\\news\\a",
        "final_v2",
        "IMG 2034",
        "",
        None,
    ],
)
def test_what_a_program_calls_a_document_is_no_title(title: str | None) -> None:
    assert read_document("a.docx", word_xml(paragraph(run("قال.")), title=title)).facts == {}


@pytest.mark.parametrize("core", ["package/2006/relationships", "officedocument/2006/relationships"])
@pytest.mark.parametrize(
    "title", ["موسم الزيتون في جنين", "Documents show the plan", "مستند يكشف خطة الوزارة", "Super_Bowl_50"]
)
def test_a_title_is_read_by_whatever_address_it_is_named(core: str, title: str) -> None:
    address = f"http://schemas.openxmlformats.org/{core}/metadata/core-properties"
    assert read_document("a.docx", word_xml(paragraph(run("قال.")), title=title, core=address)).facts == {
        "title": title
    }


@pytest.mark.parametrize(
    ("style", "named", "title"),
    [
        ("Title", "قالب خبر", "موسم الزيتون في جنين"),
        ("heading 1", "قالب خبر", "موسم الزيتون في جنين"),
        ("Title", "موسم الزيتون", "موسم الزيتون"),
        ("Body Text", "قالب خبر", "قالب خبر"),
    ],
)
def test_a_title_that_the_document_does_not_show_gives_way_to_its_heading(style: str, named: str, title: str) -> None:
    styles = f'<w:style w:type="paragraph" w:styleId="s"><w:name w:val="{style}"/></w:style>'
    heading = paragraph('<w:pPr><w:pStyle w:val="s"/></w:pPr>', run("موسم الزيتون في جنين"))
    data = word_xml(heading + paragraph(run("قال.")), styles=styles, title=named)
    assert read_document("a.docx", data).facts == {"title": title}


def test_very_many_tables_and_a_deep_nest_are_read_or_refused_within_a_file_s_time() -> None:
    # New text in each, as what packs too well is taken for a bomb.
    tables = (table(("أ", hashlib.sha256(str(at).encode()).hexdigest())) for at in range(20_000))
    assert text_of("".join(tables)).count("\n\n") == 19_999
    with pytest.raises(ArticleError, match="cannot be read as a Word document"):
        text_of("<w:sdt><w:sdtContent>" * 5_000 + paragraph(run("أ")) + "</w:sdtContent></w:sdt>" * 5_000)
