"""`sanad timeline`: what is shown, and what is taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner, Result

from bot.cli.main import app

TEXTS = {
    "one.txt": (
        "قاض في العين\n\nالمرصد اليومي - الأربعاء 15 أيار 2019\n\nزار القاضي زهير الكسواني بلدة العين أمس الثلاثاء.\n"
    ),
    "two.txt": (
        "سيرة قاض\n\nالمرصد اليومي - السبت 1 حزيران 2019\n\n"
        "وكان زهير الكسواني قد عمل في البلدة عام 2011.\n\nويقيم زهير الكسواني هناك.\n"
    ),
}


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["timeline", *arguments])


def bare(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


def test_timeline_is_shown_day_by_day(judged: Path) -> None:
    assert bare(run("زهير الكسواني").stdout) == (
        "التسلسل الزمني: زهير الكسواني\n"
        "\n"
        "2011\n"
        "  «وكان زهير الكسواني قد عمل في البلدة عام 2011.» [1]\n"
        "  سيرة قاض · 2019-06-01\n"
        "\n"
        "14 مايو 2019\n"
        "  «زار القاضي زهير الكسواني بلدة العين أمس الثلاثاء.» [2]\n"
        "  قاض في العين · 2019-05-15\n"
        "\n"
        "من دون يوم معلوم:\n"
        "  «ويقيم زهير الكسواني هناك.» [3]\n"
        "  سيرة قاض · 2019-06-01\n"
    )


def test_forms_are_read_back(judged: Path) -> None:
    value = json.loads(run("--json", "زهير الكسواني").stdout)
    assert [one["day"]["first"] for one in value["entries"]] == ["2011-01-01", "2019-05-14"]
    rows = list(csv.DictReader(io.StringIO(run("--csv", "زهير الكسواني").stdout)))
    assert [row["first_day"] for row in rows] == ["2011-01-01", "2019-05-14", ""]
    calendar = run("--ics", "زهير الكسواني")
    assert len(Calendar.from_ical(calendar.stdout_bytes).walk("VEVENT")) == 1
    assert "Left out, as a calendar has days alone: 2 that name no single days." in calendar.stderr


def test_filters_choose_the_articles(judged: Path) -> None:
    value = json.loads(run("--json", "--since", "2019-06", "زهير الكسواني").stdout)
    assert {one["citation"]["published"] for one in value["entries"]} == {"2019-06-01"}
    assert value["filters"]["since"] == "2019-06-01"


@pytest.mark.parametrize("arguments", [["--json", "--csv", "لافروف"], [""], ["--since", "soon", "لافروف"]])
def test_wrong_usage_is_told(judged: Path, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2
