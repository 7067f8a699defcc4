from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telegram.messages.reasons import reason_in
from retrieval.nlp.analysis import language_of

RETRIEVAL = Path(__file__).parents[4] / "retrieval"
MODULES = [
    *sorted((RETRIEVAL / "readers").glob("*.py")),
    *sorted((RETRIEVAL / "extraction").glob("*.py")),
    *(RETRIEVAL / "corpus" / f"{name}.py" for name in ("articles", "atomic_files", "corrections", "reading_process")),
    *(RETRIEVAL / "connectors" / f"{name}.py" for name in ("add", "addresses", "web")),
]


def template(node: ast.expr) -> str | None:
    """Return the text of an error, with a number in the place of each value."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
            return re.sub(r"(?<=[a-z])7$", "", said)  # what is added to some only
    return None


SAYS = re.compile(r"(?:is|has|holds|needs|ends|cannot|was|says|took|lies|unpacks|would|leads|begins|names) .{6}")


def raised() -> Iterator[tuple[str, str]]:
    """Yield what the modules say that read, fetch and write articles: what they raise, and what else reads like it."""
    for module in MODULES:
        nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                own = ("ArticleError", "FetchError")  # what is wrong in articles.toml is mended in a terminal
                wanted = own if module.name == "articles.py" else (*own, "SettingsError", "SanadError")
                text = template(node.args[0]) if node.func.id in wanted else None
            else:
                said = template(node) if isinstance(node, ast.expr) and id(node) not in parts else None
                text = said if said and SAYS.match(said) else None
            if text:
                yield module.name, text


@pytest.mark.parametrize(("module", "reason"), sorted(set(raised())))
def test_each_reason_is_said_in_arabic(module: str, reason: str) -> None:
    said = reason_in("ar", reason)
    assert said != reason, f"bot/telegram/messages/reasons.ar.toml lacks what {module} says"
    assert language_of(re.sub(r"SANAD_\w+|https?:\S*|[A-Za-z0-9_.-]+", " ", said)) == "ar"
    assert said.count("7") >= min(reason.count("7"), 1) or "{" in reason
    assert reason_in("en", reason) == reason


@pytest.mark.parametrize(
    ("reason", "parts"),
    [
        ("is a PDF under the name of a .txt file; rename it to .pdf", ("ملف PDF", ".txt", ".pdf")),
        ("holds no article; the first of 3 in it line 2: has no text", ("3", "السطر 2", "بلا نص")),
        ("took longer than 20 seconds to be read; split it, or set SANAD_FILE_SECONDS higher", ("20 ثانية",)),
        ("is refused by its server: HTTP 429, too many requests; it asks to come again after 9 seconds", ("429", "9")),
        ("is not UTF-8 (byte 0x9F at offset 3), and not plainly Arabic in Windows-1256 or ISO-8859-6; save it as UTF-8:"
         " iconv -f ENCODING -t UTF-8 OLD > NEW", ("0x9F", "3")),
    ],
)  # fmt: skip
def test_a_reason_keeps_its_values(reason: str, parts: tuple[str, ...]) -> None:
    said = reason_in("ar", reason)
    assert language_of(said) == "ar"
    for part in parts:
        assert part in said


def test_what_is_not_known_stays_as_it_is() -> None:
    assert reason_in("ar", "has gone to the moon") == "has gone to the moon"
