from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest

from prompts import ANSWER, Purpose, prompt, variables

PURPOSES = get_args(Purpose)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_language_has_the_same_variables(purpose: Purpose) -> None:
    assert variables(purpose, "ar") == variables(purpose, "en") != []


def test_every_file_has_a_purpose_and_a_language() -> None:
    names = {entry.name for entry in files("prompts").iterdir() if entry.name.endswith(".txt")}
    assert names == {f"{purpose}.{language}.txt" for purpose in (*PURPOSES, ANSWER) for language in ("ar", "en")}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_both_parts_say_something(purpose: Purpose, language: str) -> None:
    made = prompt(purpose, language, **dict.fromkeys(variables(purpose, language), "x"))
    assert made.system or purpose == "repair"  # a further turn
    assert made.user


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_stands_for_every_question_never_changes(purpose: Purpose, language: str) -> None:
    one, other = (prompt(purpose, language, **dict.fromkeys(variables(purpose, language), x)) for x in "xy")
    assert one.system == other.system
    assert one.user != other.user


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_an_article_says_is_never_taken_for_a_variable(language: str) -> None:
    values = dict.fromkeys(variables("answer_json", language), "x") | {"passages": "$question ${limit} $$"}
    assert "$question ${limit} $$" in prompt("answer_json", language, **values).user
