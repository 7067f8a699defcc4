"""`sanad ask --cite`: the quotes of an answer as references to take along."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app

SOCHI = "أين التقى لافروف وبومبيو؟"
ENGLISH = "Where did Lavrov meet Pompeo?"
ELSEWHERE = "ماذا قال ترامب عن المريخ؟"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


@pytest.fixture
def indexed(articles: Path) -> Path:
    assert run("index").exit_code == 0
    return articles


def test_ask_cites_in_a_style_and_names_what_has_no_answer(indexed: Path) -> None:
    result = run("ask", "--cite", "csl", typed=f"{SOCHI}\n{ENGLISH}\n{ELSEWHERE}\n")
    assert result.exit_code == 0
    cited = json.loads(result.stdout)
    assert len({one["id"] for one in cited}) == len(cited) > 1
    assert ELSEWHERE in result.stderr
    assert SOCHI not in result.stderr


def test_ask_writes_a_word_document_and_none_for_no_answer(indexed: Path) -> None:
    assert run("ask", SOCHI, "--cite", "docx").stdout_bytes[:2] == b"PK"
    assert run("ask", ELSEWHERE, "--cite", "docx").stdout_bytes == b""


@pytest.mark.parametrize("other", ["--json", "--explain"])
def test_ask_cites_in_one_way_at_a_time(articles: Path, other: str) -> None:
    result = run("ask", SOCHI, "--cite", "md", other)
    assert result.exit_code == 2
    assert "without --json" in re.sub(r"\s+", " ", result.stderr)
