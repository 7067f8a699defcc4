from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest

from bot.rendering.texts import HERE, count_articles, read_texts
from bot.telegram.handlers.access import Full
from bot.telegram.messages.texts import MESSAGES
from retrieval.archive_types import ArchiveIntent
from retrieval.events import StageEvent
from retrieval.nlp.analysis import language_of
from retrieval.types import Language, LLMFailure, SentenceReading, SmallTalk, Unsaid

BOT = Path(__file__).parents[3] / "bot"
STAGES = set(get_args(get_type_hints(StageEvent)["name"]))
LANGUAGES: tuple[Language, ...] = get_args(Language)
TABLES = [(folder, table) for folder in (HERE, MESSAGES) for table in read_texts(folder, "en")]
WRITTEN = [(folder, table, key) for folder, table in TABLES for key in read_texts(folder, "en")[table]]

# Functions that say something by its key: whose text it is, its table, and where the key stands among the arguments.
SAYING = {
    "say": (HERE, "texts", 1),
    "_tell": (HERE, "texts", 0),
    "_heading": (HERE, "texts", 0),
    "told": (MESSAGES, "texts", 1),
    "toast": (MESSAGES, "texts", 1),
    "text": (MESSAGES, "texts", 1),
    "answer": (MESSAGES, "texts", 0),
    "apologise": (MESSAGES, "texts", 1),
    "Changed": (MESSAGES, "texts", 0),
    "label": (MESSAGES, "labels", 1),
}
UNFILLED = {"text", "Changed", "apologise"}  # of them, those that put no values in


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("folder", "table"), TABLES)
def test_languages_have_the_same_keys_and_placeholders(folder: Path, table: str) -> None:
    arabic, english = (read_texts(folder, language)[table] for language in ("ar", "en"))
    assert arabic.keys() == english.keys()
    assert [key for key in english if placeholders(arabic[key]) != placeholders(english[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_in_its_language(language: Language) -> None:
    written = read_texts(HERE, language)
    for key, text in (*written["texts"].items(), *written["replies"].items()):
        words = " ".join(part for part in text.split() if not part.startswith(("/", "{")))
        assert language_of(words) == language, key


@pytest.mark.parametrize("folder", [HERE, MESSAGES])
def test_arabic_has_no_word_of_developers_and_calls_no_archive_a_group(folder: Path) -> None:
    said = {key: text for table in read_texts(folder, "ar").values() for key, text in table.items()}
    assert {key: text for key, text in said.items() if re.search("متجه|فهرس|تضمين|المجموعة", text)} == {}


def test_every_failure_and_every_stage_has_its_text() -> None:
    assert read_texts(HERE, "en")["notices"].keys() == set(get_args(LLMFailure))
    assert read_texts(HERE, "en")["texts"].keys() >= STAGES
    assert read_texts(HERE, "en")["replies"].keys() == set(get_args(SmallTalk))
    assert read_texts(HERE, "en")["archive"].keys() == set(get_args(ArchiveIntent))
    assert read_texts(HERE, "en")["archive_of_all"].keys() == set(get_args(ArchiveIntent))
    assert read_texts(HERE, "en")["unsaid"].keys() == set(get_args(Unsaid))
    assert read_texts(HERE, "en")["readings"].keys() == set(get_args(SentenceReading))
    assert read_texts(HERE, "en")["instead"].keys() - set(get_args(LLMFailure)) == {"quoted", "written"}
    assert read_texts(MESSAGES, "en")["texts"].keys() >= set(get_args(Full))


def test_everything_that_is_written_down_is_said_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))
    named = (ArchiveIntent, LLMFailure, SentenceReading, SmallTalk, Unsaid)
    listed = {*STAGES, *(key for kind in named for key in get_args(kind)), *map(str, range(1, 13))}
    said = {*re.findall(r'"(\w+)"', source), *listed}
    assert [key for _, _, key in WRITTEN if key not in said] == []


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: path.relative_to(BOT).as_posix())
def test_everything_that_is_said_is_written_down(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = MESSAGES if "telegram" in path.parts else HERE
    assert [key for key in annotated(tree) if key not in read_texts(own, "en")["texts"]] == []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        folder, table, place = SAYING.get(name, (HERE, "texts", 99))
        for key in constants(call.args[place]) if place < len(call.args) else ():
            assert key in read_texts(folder, "en")[table], f"line {call.lineno}"
            given = {keyword.arg for keyword in call.keywords}
            filled = name in UNFILLED or None in given or placeholders(read_texts(folder, "en")[table][key]) <= given
            assert filled, f"line {call.lineno}: {key}"


def annotated(tree: ast.AST) -> Iterator[str]:
    """Yield the constants that stand, or are returned, where a key of a text is announced."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value and "TextKey" in ast.unparse(node.annotation):
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            yield from (key for value in values for key in constants(value))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _returns_key(node):
            returns = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value)
            yield from (key for value in returns for key in constants(value))


def _returns_key(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.returns is not None and "TextKey" in ast.unparse(function.returns)


def constants(value: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be, as far as it says them."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from constants(value.body)
        yield from constants(value.orelse)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 مقالة"), (10, "10 مقالات"), (11, "11 مقالة"), (102, "102 مقالة")]
)
def test_arabic_numbers_agree_with_what_they_count(count: int, expected: str) -> None:
    assert count_articles(count, "ar") == expected
