"""Arabic comes out of a PDF as it is read, however its glyphs stand in the file."""

from __future__ import annotations

import unicodedata

import pytest
from support.builders.pdf import make_pdf

from retrieval.errors import ArticleError
from retrieval.readers.pdf import read_pdf

FIRST = "قال الوزير لافروف إن الاجتماع في إدلب انتهى بلا خلاف"
SECOND = "وأضاف أن الأعمال ستعود إلى جدولها الأول ولا تأجيل."


def glyphs(text: str) -> list[str]:
    """Return what each glyph of a font with lam-alef ligatures shows."""
    shown: list[str] = []
    for letter in text:
        if shown and shown[-1] == "ل" and letter in "اأإآ":
            shown[-1] += letter
        else:
            shown.append(letter)
    return shown


def forms(text: str) -> list[str]:
    """Return glyphs that are named by presentation forms, isolated ones and ligatures."""
    by_letter = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFEFB, 0xFE7F, -1)}
    return [by_letter.get(glyph, glyph) for glyph in glyphs(text)]


@pytest.mark.parametrize("set_as", [glyphs, forms, list], ids=["ligatures", "presentation forms", "letters"])
def test_a_line_set_from_the_right_is_in_logical_order(set_as: object) -> None:
    assert callable(set_as)
    assert read_pdf(make_pdf([[set_as(FIRST), set_as(SECOND)]])).text == f"{FIRST} {SECOND}"


def test_a_page_set_as_if_arabic_were_read_from_the_left_is_turned() -> None:
    page = [list("مكثفة في إدلب والمعارضة تقول إن الاتفاقية انتهت")]
    assert read_pdf(make_pdf([page], leftward=False)).text == "".join(page[0])


@pytest.mark.parametrize(
    ("seen_from_the_right", "text"),
    [
        (["يوم ", "41", " أيار ", "9102", "، ولا خلاف بين الطرفين."], "يوم 14 أيار 2019، ولا خلاف بين الطرفين."),
        (["بنسبة ", "5.21", "% من الأعمال المقررة."], "بنسبة 12.5% من الأعمال المقررة."),
        (["وقالت منظمة ", "OCSENU", " إن اللقاء (قريب)."], "وقالت منظمة UNESCO إن اللقاء (قريب)."),
        (["يوم ", "9102/5/41", " التقى الوزيران في سوتشي."], "يوم 14/5/2019 التقى الوزيران في سوتشي."),
        (["اللقاء الأول مع ", "nosniboR yraM", " في موسكو."], "اللقاء الأول مع Mary Robinson في موسكو."),
    ],
)
def test_numbers_and_latin_words_keep_their_order(seen_from_the_right: list[str], text: str) -> None:
    line = [glyph for part in seen_from_the_right for glyph in part]
    assert read_pdf(make_pdf([[line]])).text == text


def test_lines_of_a_paragraph_are_joined_and_paragraphs_parted() -> None:
    short = "وانتهى اللقاء."
    page = [glyphs(FIRST), glyphs(SECOND), glyphs(short), glyphs(FIRST), glyphs(short)]
    assert read_pdf(make_pdf([page])).text.split("\n\n") == [f"{FIRST} {SECOND} {short}", f"{FIRST} {short}"]


def test_what_stands_at_the_edge_of_every_page_is_left_out() -> None:
    endings = ("في موسكو", "في دمشق", "في أنقرة", "في جنيف")
    body = [[glyphs(f"{line} {ending}") for line in (FIRST, SECOND, FIRST)] for ending in endings]
    pages = [[glyphs("صحيفة الأخبار"), *lines, [digit]] for digit, lines in zip("1234", body, strict=True)]
    text = read_pdf(make_pdf(pages)).text
    assert "صحيفة" not in text
    assert all(text.count(ending) == 3 for ending in endings)
    assert not any(digit in text for digit in "1234")


def test_latin_lines_stand_as_they_are() -> None:
    line = "The ministers met in Sochi on 14 May."
    assert read_pdf(make_pdf([[list(line)]], leftward=False)).text == line


@pytest.mark.parametrize(
    ("info", "title"),
    [
        ("/Title (Sochi talks) /Author (Mary Robinson)", "Sochi talks"),
        ("/Title (Microsoft Word - x.doc)", None),
        ("/Title (untitled)", None),
        ("/Title (scan_0012.pdf)", None),
    ],
)
def test_a_title_that_a_person_gave_is_taken(info: str, title: str | None) -> None:
    assert read_pdf(make_pdf([[glyphs(FIRST)]], info=info)).facts.get("title") == title


def test_a_scan_without_text_says_so() -> None:
    with pytest.raises(ArticleError, match="has no text on its pages, only pictures, as a scan has: it needs OCR"):
        read_pdf(make_pdf([[], []]))


def test_a_pdf_cut_short_says_so() -> None:
    with pytest.raises(ArticleError, match="whose end is missing"):
        read_pdf(make_pdf([[glyphs(FIRST)]])[:300])


def test_a_damaged_pdf_says_so() -> None:
    with pytest.raises(ArticleError, match="is a damaged PDF"):
        read_pdf(b"%PDF-1.7\nnothing\n%%EOF")


def test_a_locked_pdf_says_so() -> None:
    data = make_pdf([[glyphs(FIRST)]])
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"00" * 32, b"11" * 32)
    trailer = (
        b"/Info 4 0 R /ID [<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>] /Encrypt %s" % lock
    )
    with pytest.raises(ArticleError, match="is locked by a password"):
        read_pdf(data.replace(b"/Info 4 0 R", trailer))


def test_a_glyph_may_begin_with_a_vowel_mark() -> None:
    assert "ل" in read_pdf(make_pdf([[["\u064bل"] * 25]])).text
