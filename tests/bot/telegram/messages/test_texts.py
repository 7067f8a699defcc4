from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from bot.rendering.plurals import Noun, counted
from bot.telegram.messages.labels import LABELS, Label
from bot.telegram.messages.profile import (
    COMMANDS,
    DESCRIPTION,
    FOR_ADMINS,
    IN_GROUPS,
    IN_PRIVATE,
    SHORT_DESCRIPTION,
    Command,
)
from bot.telegram.messages.texts import TELEGRAM_TEXTS, TelegramKey
from retrieval.nlp.analysis import language_of
from retrieval.types import Language

BOT = Path(__file__).parents[4] / "bot"
LANGUAGES: tuple[Language, ...] = get_args(Language)
ALL: list[tuple[Language, str, str]] = [
    (language, f"{name}.{key}", text)
    for name, table in (("texts", TELEGRAM_TEXTS), ("labels", LABELS), ("commands", COMMANDS))
    for language in LANGUAGES
    for key, text in table[language].items()
] + [
    (language, name, text)
    for name, texts in (("description", DESCRIPTION), ("short", SHORT_DESCRIPTION))
    for language, text in texts.items()
]
SIGNS_ALONE = {"labels.good", "labels.bad", "labels.english", "labels.arabic"}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize(("table", "keys"), [(TELEGRAM_TEXTS, TelegramKey), (LABELS, Label), (COMMANDS, Command)])
def test_both_languages_say_everything_with_the_same_values(
    table: Mapping[Language, Mapping[str, str]], keys: object
) -> None:
    for language in LANGUAGES:
        assert set(table[language]) == set(get_args(keys))
    for key in get_args(keys):
        assert placeholders(table["ar"][key]) == placeholders(table["en"][key])


@pytest.mark.parametrize(("language", "name", "text"), ALL, ids=lambda value: str(value)[:30])
def test_each_text_is_written_in_its_language(language: Language, name: str, text: str) -> None:
    words = " ".join(re.sub(r"\{\w*\}|/\w+", " ", text).split())
    if name not in SIGNS_ALONE and any(letter.isalpha() for letter in words):
        assert language_of(words) == language
    assert not re.search("[,;?]" if language == "ar" else "[،؛؟«»]", words)
    assert "  " not in text


@pytest.mark.parametrize(("home", "keys"), [("telegram/texts", TelegramKey), ("telegram/labels", Label)])
def test_everything_that_can_be_said_is_said_somewhere(home: str, keys: object) -> None:
    files = [path for path in BOT.rglob("*.py") if path != BOT / f"{home}.py"]
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert [key for key in get_args(keys) if f'"{key}"' not in written] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_keep_to_telegram_s_limits(language: Language) -> None:
    assert len(SHORT_DESCRIPTION[language]) <= 120
    assert len(DESCRIPTION[language]) <= 512
    assert all(1 <= len(text) <= 256 for text in COMMANDS[language].values())
    assert all(len(text) <= 200 for key, text in TELEGRAM_TEXTS[language].items() if key in TOASTS)


TOASTS: tuple[TelegramKey, ...] = (
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
            texts = TELEGRAM_TEXTS[language]
            assert command == "help" or f"/{command}" in texts["help"] + texts["help_group"] + texts["help_admin"]


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
