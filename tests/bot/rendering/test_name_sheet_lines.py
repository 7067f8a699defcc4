"""A name's sheet in parts, in either language, and its hits as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest

from bot.rendering.json_forms import sheet_json
from bot.rendering.name_sheet_lines import (
    CSV_COLUMNS,
    csv_heading,
    csv_hit,
    csv_note,
    sheet_parts,
    sheet_summary,
)
from bot.rendering.terminal import sheet_text
from retrieval.name_sheets import NameCount, NameHit, NameSheet
from retrieval.types import Citation, Language


def citation(number: int, quote: str, **known: str | None) -> Citation:
    facts = {"title": "عنوان", "source": "رويترز", "published": "2019-05-14", "url": None} | known
    return Citation(number, "aaaaaaaaaaaa", "a.txt", start=0, end=len(quote), score=1.0, quote=quote, **facts)  # type: ignore[arg-type]


SHEET = NameSheet(
    name="شويغو",
    articles=3,
    mentions=11,
    outlets=2,
    unsourced=1,
    undated=0,
    spellings=(NameCount("شويغو", 2, 9, 1), NameCount("شويجو", 1, 2, 2)),
    full_names=(),
    first=1,
    last=2,
    people=(NameCount("فلاديمير بوتين", 1, 4, 1),),
    places=(),
    said=(2,),
    read=3,
    citations=(citation(1, "زار شويغو القاعدة مع بوتين."), citation(2, "وقال شويجو إن القوات باقية.")),
)
NONE = NameSheet("قرضوط", 0, 0, 0, 0, 0, (), (), None, None, (), (), (), 0, ())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            ["Written 11 times in 3 articles.", "Outlets that they state: 2 outlets.", "State no outlet: 1 article."],
        ),
        ("ar", ["ورد 11 مرة في 3 مقالات.", "المصادر المذكورة فيها: مصدران.", "بلا مصدر مذكور: مقالة واحدة."]),
    ],
)
def test_the_summary_counts_and_says_what_is_not_known(language: Language, expected: list[str]) -> None:
    assert sheet_summary(SHEET, language) == expected


def test_parts_without_rows_are_left_out_and_spellings_are_counted_by_mention() -> None:
    parts = sheet_parts(SHEET, "en")
    assert [part.heading for part in parts] == [
        *("Spellings:", "First mention:", "Last mention:", "Named beside it, by articles:", "What it said:")
    ]
    assert parts[0].counts == (("شويغو", 9, 1), ("شويجو", 2, 2))
    assert parts[3].counts == (("فلاديمير بوتين", 1, 1),)
    assert parts[4].quotes == (SHEET.citations[1],)


def test_the_terminal_shows_each_row_with_the_number_of_its_source() -> None:
    shown = sheet_text(SHEET, "en", lambda _: "عنوان").plain
    for number in ("[1]", "[2]"):
        assert shown.count(number) >= 2
    assert "«وقال شويجو إن القوات باقية.»" in shown


def test_an_unknown_name_is_one_line() -> None:
    assert sheet_summary(NONE, "en") == ["No article writes the name قرضوط."]
    assert sheet_parts(NONE, "en") == []
    assert "Sources" not in sheet_text(NONE, "en", str).plain


def test_json_holds_the_whole_sheet_with_its_citations() -> None:
    form = sheet_json(SHEET)
    assert list(form["spellings"]) == [  # type: ignore[call-overload]
        {"text": "شويغو", "articles": 2, "mentions": 9, "citation": 1},
        {"text": "شويجو", "articles": 1, "mentions": 2, "citation": 2},
    ]
    assert [one["quote"] for one in form["citations"]] == [one.quote for one in SHEET.citations]  # type: ignore[index, attr-defined]


def rows(*lines: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines))))


def test_a_hit_reads_back_as_a_row_with_its_link() -> None:
    hit = NameHit("شويغو", citation(3, 'قال شويغو:\n"نعم، باقون"', url="https://example.org/a"))
    heading, row = rows(csv_heading(), csv_hit("Shoigu", hit, "عنوان"))
    assert tuple(heading) == CSV_COLUMNS
    found = dict(zip(heading, row, strict=True))
    assert (found["name"], found["hit"], found["spelling"], found["outlet"]) == ("Shoigu", "3", "شويغو", "رويترز")
    assert (found["day"], found["sentence"]) == ("2019-05-14", 'قال شويغو: "نعم، باقون"')
    assert found["link"].startswith("https://example.org/a#:~:text=")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = rows(csv_hit(cell, NameHit(cell, citation(1, f"{cell} نص", source=cell)), cell))
    assert not [one for one in row if one.startswith(cell[0])]


def test_a_name_without_a_hit_has_a_row_that_says_so() -> None:
    (row,) = rows(csv_note("قرضوط", "no article writes this name"))
    assert (row[0], row[-1], set(row[1:-1])) == ("قرضوط", "no article writes this name", {""})
