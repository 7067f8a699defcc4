from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest

from prompts import Purpose, prompt, variables

PURPOSES = get_args(Purpose)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_language_has_the_same_variables(purpose: Purpose) -> None:
    assert variables(purpose, "ar") == variables(purpose, "en") != []


def test_every_file_has_a_purpose_and_a_language() -> None:
    names = {entry.name for entry in files("prompts").iterdir() if entry.name.endswith(".txt")}
    assert names == {f"{purpose}.{language}.txt" for purpose in PURPOSES for language in ("ar", "en")}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_both_parts_say_something(purpose: Purpose, language: str) -> None:
    made = prompt(purpose, language, **dict.fromkeys(variables(purpose, language), "x"))
    assert made.system
    assert made.user


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_an_article_says_is_never_taken_for_a_variable(language: str) -> None:
    values = dict.fromkeys(variables("answer", language), "x") | {"passages": "$question ${limit} $$"}
    assert "$question ${limit} $$" in prompt("answer", language, **values).user
