from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.rendering.commands import FOR_ADMINS, IN_GROUPS, IN_PRIVATE, IN_TELEGRAM
from bot.rendering.plurals import Noun, counted
from bot.rendering.texts import read_texts
from bot.telegram.messages.replies import help_message
from bot.telegram.messages.texts import MESSAGES
from retrieval.nlp.analysis import language_of
from retrieval.types import Language

BOT = Path(__file__).parents[4] / "bot"
LANGUAGES: tuple[Language, ...] = get_args(Language)
ALL = [
    (language, f"{table}.{key}", text)
    for language in LANGUAGES
    for table, texts in read_texts(MESSAGES, language).items()
    for key, text in texts.items()
]
SIGNS_ALONE = {"labels.good", "labels.bad", "labels.english", "labels.arabic"}


@pytest.mark.parametrize(("language", "name", "text"), ALL, ids=lambda value: str(value)[:30])
def test_each_text_is_written_in_its_language(language: Language, name: str, text: str) -> None:
    words = " ".join(re.sub(r"\{\w*\}|/\w+", " ", text).split())
    if name not in SIGNS_ALONE and any(letter.isalpha() for letter in words):
        assert language_of(words) == language
    assert not re.search("[,;?]" if language == "ar" else "[،؛؟«»]", words)
    assert "  " not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_keep_to_telegram_s_limits(language: Language) -> None:
    texts = read_texts(MESSAGES, language)
    assert len(texts["descriptions"]["short"]) <= 120
    assert len(texts["descriptions"]["long"]) <= 512
    assert all(1 <= len(command.summary(language)) <= 256 for command in IN_TELEGRAM.values())
    assert all(len(texts["texts"][key]) <= 200 for key in TOASTS)


TOASTS = (
    "thanks",
    "thanks_source",
    "thanks_bad",
    "passage_of",
    "not_yours",
    "answer_gone",
    "article_gone",
    "article_changed",
    "cancelled",
)


def test_every_command_offered_has_a_name_and_a_help_line() -> None:
    for command in {*IN_PRIVATE, *IN_GROUPS, *FOR_ADMINS}:
        assert re.fullmatch("[a-z0-9_]{1,32}", command)
        for language in LANGUAGES:
            texts = read_texts(MESSAGES, language)["texts"]
            assert f"/{command}" in help_message(language, "@bot").plain + texts["help_group"] + texts["help_admin"]
            assert language_of(IN_TELEGRAM[command].summary(language)) == language


@pytest.mark.parametrize("noun", get_args(Noun))
def test_arabic_nouns_agree_with_their_numbers(noun: Noun) -> None:
    one, two, few, many, hundred = (counted(count, noun, "ar", "object") for count in (1, 2, 7, 19, 200))
    assert one.split()[1] in ("واحدًا", "واحدة")
    assert two.endswith("ين")
    assert few.split()[1] != many.split()[1]
    assert hundred.split()[1] == counted(1, noun, "ar").split()[0]


@pytest.mark.parametrize(
    ("count", "noun", "expected"),
    [(1, "question", "1 question"), (0, "day", "0 days"), (2, "person", "2 people"), (1, "person", "1 person")],
)
def test_english_nouns_agree_with_their_numbers(count: int, noun: Noun, expected: str) -> None:
    assert counted(count, noun, "en") == expected
