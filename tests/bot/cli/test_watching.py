from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders.visit import VISIT
from typer.testing import CliRunner

from bot.cli.main import app


def watch(*arguments: str) -> tuple[int, str]:
    """Return the exit code of a command and what it prints, without isolates."""
    done = CliRunner().invoke(app, ["watch", *arguments])
    return done.exit_code, re.sub("[\u2066-\u2069]", "", done.stdout)


def test_a_watch_is_set_listed_told_and_ended(articles: Path) -> None:
    assert watch("add", "Shoigu") == (0, "watching  1. Shoigu\n")
    assert watch("add", "من زار دمشق؟")[1] == "watching  2. من زار دمشق؟\n"
    assert watch("add", "Shoigu") == (0, "watching  1. Shoigu\n")
    assert watch("run") == (0, "")
    (articles / "visit.txt").write_text(VISIT.format(source="وكالة الضفة"), encoding="utf-8")
    code, told = watch("run")
    assert (code, told.splitlines()[:2]) == (
        0,
        ["Shoigu", "«وصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق يوم الاثنين في زيارة لم يعلن عنها.»"],
    )
    assert "شويغو يصل إلى دمشق · وكالة الضفة · 2019-05-20 · visit.txt" in told
    assert watch("run") == (0, "")
    assert watch("remove", "1") == (0, "removed  1. Shoigu\n")
    assert watch("list") == (0, "2. من زار دمشق؟\n")
    assert watch("remove", "1")[0] == 1


def test_json_has_the_citation_and_a_copy_is_no_news(articles: Path) -> None:
    watch("add", "Idlib")
    assert json.loads(watch("list", "--json")[1]) == {"number": 1, "text": "Idlib"}
    (articles / "visit.txt").write_text(VISIT.format(source="وكالة الضفة"), encoding="utf-8")
    first = json.loads(watch("run", "--json")[1])
    assert (first["watches"], first["new"], first["citation"]["path"]) == (["Idlib"], True, "visit.txt")
    text = (articles / "visit.txt").read_text(encoding="utf-8")
    assert first["citation"]["quote"] in text
    (articles / "copy.txt").write_text(VISIT.format(source="المرفأ"), encoding="utf-8")
    again = json.loads(watch("run", "--json")[1])
    assert (again["new"], again["citation"]["path"], again["citation"]["outlets"]) == (False, "visit.txt", ["المرفأ"])
    assert watch("run", "--json") == (0, "")


def test_what_came_before_is_no_news_and_what_names_nothing_is_refused(articles: Path) -> None:
    assert watch("add", "لافروف")[0] == 0
    assert watch("run") == (0, "")
    assert watch("add", "ما هو؟")[0] == 2


def test_folders_do_not_share_their_watches(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch("add", "لافروف")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text(VISIT.format(source="المرفأ"), encoding="utf-8")
    monkeypatch.setenv("SANAD_ARTICLES_DIR", str(other))
    monkeypatch.setenv("SANAD_DATA_DIR", str(tmp_path / "other-data"))
    assert watch("list") == (0, "")
    assert watch("run") == (0, "")


def test_what_could_not_be_printed_is_told_at_the_next_run(articles: Path) -> None:
    watch("add", "Shoigu")
    (articles / "visit.txt").write_text(VISIT.format(source="وكالة الضفة"), encoding="utf-8")
    own = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "bot", "watch", "run"]
        assert subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=own, check=False).returncode == 1
    assert watch("run")[1].startswith("Shoigu\n")
