"""`sanad ask --card`: the first quote as a picture, beside the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cards import WHY_NO_CARD
from typer.testing import CliRunner, Result

from bot.cli.main import app

SOCHI = "أين التقى لافروف وبومبيو؟"
ELSEWHERE = "ماذا قال ترامب عن المريخ؟"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


@pytest.mark.skipif(WHY_NO_CARD is not None, reason=str(WHY_NO_CARD))
def test_ask_draws_the_first_quote_beside_the_answer_and_nothing_without_one(articles: Path, tmp_path: Path) -> None:
    assert run("index").exit_code == 0
    card, none = tmp_path / "card.png", tmp_path / "none.png"
    result = run("ask", SOCHI, "--card", str(card))
    assert (result.exit_code, "سوتشي" in result.stdout) == (0, True)
    assert card.read_bytes().startswith(b"\x89PNG")
    declined = run("ask", ELSEWHERE, "--card", str(none))
    assert (declined.exit_code, none.exists()) == (0, False)
    assert declined.stderr == "No quote answers this, so there is no card to draw.\n"


@pytest.mark.parametrize("arguments", [["--card", "a.png"], [SOCHI, "--card", "a.png", "--cite", "md"]])
def test_a_card_is_of_one_question_and_no_list_of_references(articles: Path, arguments: list[str]) -> None:
    assert run("ask", *arguments, typed=SOCHI).exit_code == 2
