"""The options --since, --until and --source at the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def bare(text: str) -> str:
    """Return a text without isolates."""
    return re.sub("[\u2066-\u2069]", "", text)


@pytest.fixture
def indexed(articles: Path) -> Path:
    """Index the three small articles, of which one is dated."""
    assert run("index").exit_code == 0
    return articles


BRIDGE = "كم بلغت كلفة جسر النيل؟"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--since", "2019-05", "--until", "مايو 2019"), "البحث مقصور على مقالات نُشرت في مايو 2019."),
        (("--source", "الضفة"), "البحث مقصور على مقالات مصدرها الضفة."),
        (("--since", "2019"), "البحث مقصور على مقالات نُشرت منذ 1 يناير 2019."),
    ],
)
def test_ask_within_days_and_a_source_names_them(indexed: Path, options: tuple[str, ...], says: str) -> None:
    shown = bare(run("ask", *options, BRIDGE).stdout)
    assert shown.startswith(says)
    assert "340 مليون جنيه" in shown


def test_ask_says_which_filter_left_nothing(indexed: Path) -> None:
    shown = bare(run("ask", "--since", "2020", "--source", "الضفة", BRIDGE).stdout).splitlines()
    assert shown[1] == "لا توجد مقالة نُشرت منذ 1 يناير 2020."
    assert "340" not in "".join(shown)


def test_ask_json_has_the_filters(indexed: Path) -> None:
    value = json.loads(run("ask", "--json", "--until", "2019-05-14", BRIDGE).stdout)
    assert value["filters"] == {"since": None, "until": "2019-05-14", "source": None, "articles": 1, "undated": 2}
    assert {citation["path"] for citation in value["citations"]} == {"bridge.txt"}


def test_articles_that_failed_cannot_be_filtered(indexed: Path) -> None:
    result = run("articles", "--failed", "--since", "2019")
    assert result.exit_code == 2
    assert "has no date and no source" in " ".join(result.stderr.split())


def test_search_keeps_to_the_filters(indexed: Path) -> None:
    found = json.loads(run("search", "--json", "--since", "2019-05-14", "الوزير").stdout)
    assert {passage["path"] for passage in found["passages"]} == {"bridge.txt"}
    assert found["filters"]["undated"] == 2
    assert bare(run("search", "--source", "Reuters", "الوزير").stdout) == "لا توجد مقالة مصدرها Reuters.\n"
    assert "sochi" not in run("search", "--since", "2019-05-14", "سوتشي").stdout


def test_articles_keeps_to_the_filters_and_each_its_number(articles: Path) -> None:
    (articles / "zoo.txt").write_text("---\ndate: 9 رمضان 1440 هـ\n---\nافتتحت حديقة الحيوان.\n", encoding="utf-8")
    rows = [line.split("\t") for line in run("articles", "--since", "2019-05-14").stdout.splitlines()]
    assert [(number, date) for number, _, _, date, *_ in rows] == [
        ("1", "2019-05-14"),
        ("4", "2019-05-14 (9 رمضان 1440 هـ)"),
    ]
    listed = json.loads(run("articles", "--json", "--source", "الضفة").stdout)
    assert [article["number"] for article in listed] == [1]


def test_show_has_the_date_as_the_article_says_it(articles: Path) -> None:
    (articles / "a.txt").write_text("---\ndate: الثلاثاء 14 أيار\n---\nافتتحت حديقة الحيوان.\n", encoding="utf-8")
    assert "Published الثلاثاء 14 أيار" in bare(run("show", "a.txt").stdout)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--since", "yesterday"), "Invalid value for '--since': 'yesterday' is no date"),
        (("--until", "5/6/2019"), "Invalid value for '--until': '5/6/2019' is no date"),
        (("--since", "2020", "--until", "2019"), "Invalid value for '--until': it is before --since."),
        (("--source", " "), "Invalid value for '--source': it is empty."),
    ],
)
def test_a_filter_that_cannot_be_meant_is_wrong_usage(indexed: Path, options: tuple[str, ...], says: str) -> None:
    for command in (("ask", BRIDGE), ("search", BRIDGE), ("articles",)):
        result = run(*command, *options)
        assert result.exit_code == 2
        assert says in result.output
