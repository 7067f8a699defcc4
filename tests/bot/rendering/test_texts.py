from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest

from bot.rendering.texts import TEXTS, Key, count_articles
from retrieval.nlp.analysis import language_of
from retrieval.types import Language


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_says_everything(language: Language) -> None:
    assert set(TEXTS[language]) == set(get_args(Key))


@pytest.mark.parametrize("key", get_args(Key))
def test_languages_have_the_same_placeholders(key: Key) -> None:
    assert placeholders(TEXTS["ar"][key]) == placeholders(TEXTS["en"][key])


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("key", get_args(Key))
def test_each_text_is_in_its_language(language: Language, key: Key) -> None:
    words = " ".join(part for part in TEXTS[language][key].split() if not part.startswith(("/", "{")))
    assert language_of(words) == language


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 مقالة"), (10, "10 مقالات"), (11, "11 مقالة"), (102, "102 مقالة")]
)
def test_arabic_numbers_agree_with_what_they_count(count: int, expected: str) -> None:
    assert count_articles(count, "ar") == expected
