"""`sanad name`: a sheet, its JSON, and a list of names in for a list of hits out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))


@pytest.fixture(autouse=True)
def indexed(articles: Path) -> Path:
    assert run("index").exit_code == 0
    return articles


def test_a_sheet_is_in_the_language_of_the_name() -> None:
    for asked, heading in (("لافروف", "صيغ الاسم:"), ("Lavrov", "Spellings:")):
        result = run("name", asked)
        assert (result.exit_code, result.stderr) == (0, "")
        assert heading in result.stdout
        assert "لافروف" in result.stdout


def test_json_gives_quotes_that_are_slices_of_their_articles(indexed: Path) -> None:
    sheet = json.loads(run("name", "Lavrov", "--json").stdout)
    assert sheet["articles"] >= 1
    for one in sheet["citations"]:
        assert (indexed / one["path"]).read_text(encoding="utf-8")[one["start"] : one["end"]] == one["quote"]


def test_a_name_that_nobody_writes_is_told_and_is_no_failure() -> None:
    result = run("name", "قرضوطيا")
    assert (result.exit_code, "لا يرد اسم" in result.stdout) == (0, True)


def test_csv_of_one_name_has_a_row_a_sentence() -> None:
    found = rows(run("name", "Lavrov", "--csv"))
    assert [row["hit"] for row in found] == [str(number) for number in range(1, len(found) + 1)]
    assert all("لافروف" in row["sentence"] for row in found)


def test_a_list_gives_the_hits_of_each_name_in_its_order_and_names_its_bad_lines(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text('name\nقرضوطيا\n"Lavrov\n\nبومبيو\n=1\n', encoding="utf-8-sig")
    result = run("name", "--from", str(names))
    found = rows(result)
    assert result.exit_code == 1
    assert [line.partition("names.csv, ")[2] for line in result.stderr.splitlines()] == [
        "line 3: a quotation mark is not closed",
        "line 6: no name: =1",
    ]
    assert result.stdout.startswith("\ufeffname,")
    assert list(dict.fromkeys(row["name"] for row in found)) == ["قرضوطيا", "بومبيو"]
    assert found[0]["note"] == "no article writes this name"
    assert all(row["sentence"] for row in found[1:])


def test_more_hits_than_asked_for_are_told(indexed: Path) -> None:
    (indexed / "more.txt").write_text("خبر\n\nسافر لافروف أمس.\n\nعاد لافروف اليوم.\n", encoding="utf-8")
    found = rows(run("name", "لافروف", "--csv", "-k", "1"))
    assert [bool(row["note"]) for row in found] == [False, True]


def test_only_articles_of_the_days_asked_for_count() -> None:
    assert json.loads(run("name", "لافروف", "--json", "--until", "1990").stdout)["articles"] == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["لافروف", "--from", "names.csv"], ["--from", "names.csv", "--json"], ["لافروف", "--json", "--csv"]],
)
def test_what_cannot_go_together_is_wrong_usage(arguments: list[str]) -> None:
    assert run("name", *arguments).exit_code == 2


@pytest.mark.parametrize("content", [None, b"", b"name\n", b"\x00\x01\x02" * 50])
def test_a_file_without_names_is_one_message(tmp_path: Path, content: bytes | None) -> None:
    names = tmp_path / "names.csv"
    if content is not None:
        names.write_bytes(content)
    result = run("name", "--from", str(names))
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(names) in result.stderr.replace("\n", "")
