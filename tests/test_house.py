"""The rules of the house, read from the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "retrieval", "prompts")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SOURCES = sorted([*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])

MOST_LINES = 400
MAY_IMPORT = {"bot": {"bot", "retrieval", "prompts"}, "retrieval": {"retrieval", "prompts"}, "prompts": {"prompts"}}
LEAVES = {"types": set(), "errors": {"types"}, "arabic": {"types"}}  # modules of ours that each may import
TELEGRAM = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot/telegram").glob("*.py")}
AT_HOME = {
    "typer": {"bot/cli.py", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "bot/commands").glob("*.py"))},
    "prometheus_client": {"bot/health.py", "bot/metrics.py"},
    "pythonjsonlogger": {"bot/logs.py"},
    "prompt_toolkit": {"bot/chat.py"},
    "pydantic_settings": {"bot/settings.py"},
    "sqlalchemy": {
        "bot/database.py",
        "bot/steps.py",
        "bot/probe.py",
        "bot/ledger.py",
        "bot/conversations.py",
        "bot/figures.py",
        "bot/forgetting.py",
        *TELEGRAM,
    },
    "telegram": TELEGRAM,
    "chromadb": {"retrieval/vectors.py", "retrieval/chroma_api.py", "retrieval/vectors_server.py"},
    "tantivy": {"retrieval/words.py"},
    "hijridate": {"retrieval/dates.py"},
    "watchfiles": {"retrieval/watching.py"},
    "llama_index": {
        "retrieval/embedding_onnx.py",
        "retrieval/embedding_servers.py",
        "retrieval/retriever.py",
        "retrieval/llms.py",
        "retrieval/model.py",
    },
    "httpx": {
        "retrieval/chroma.py",
        "retrieval/chroma_api.py",
        "retrieval/clients.py",
        "retrieval/embedding_servers.py",
        "retrieval/fetching.py",
        "retrieval/llms.py",
        "retrieval/model.py",
    },
    "feedparser": {"retrieval/feeds.py"},
    "huggingface_hub": {"retrieval/embedding_onnx.py"},
    "onnxruntime": {"retrieval/embedding_onnx.py"},
    "trafilatura": {"retrieval/formats/web.py"},
    "pypdfium2": {"retrieval/formats/pdf.py"},
    "docx": {"retrieval/formats/word.py"},
    "lxml": {"retrieval/feeds.py", "retrieval/formats/web.py", "retrieval/formats/word.py"},
    "tokenizers": {"retrieval/embedding_onnx.py"},
    "rensa": {"retrieval/stories.py"},
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return named | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_file_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_the_ladder(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {module.split(".")[0] for module in imports(path)} & set(PACKAGES)
    assert ours <= MAY_IMPORT[package]


@pytest.mark.parametrize("package", ["bot", "retrieval"])
def test_map_names_every_module_once(package: str) -> None:
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    _, section = text.split(f"## {package}:")
    rows = [line for line in section.split("## ")[0].splitlines() if line.startswith("|")]
    named = re.findall(r"`([a-z_/]+)`", "".join(rows))
    held = [path.relative_to(ROOT / package).with_suffix("").as_posix() for path in (ROOT / package).rglob("*.py")]
    assert sorted(named) == sorted(name for name in held if not name.rpartition("/")[2].startswith("__"))


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaves_import_nothing_of_ours(leaf: str) -> None:
    ours = {
        module.split(".")[1] for module in imports(ROOT / f"retrieval/{leaf}.py") if module.startswith("retrieval.")
    }
    assert ours <= LEAVES[leaf]


@pytest.mark.parametrize("library", AT_HOME)
def test_each_library_has_its_home(library: str) -> None:
    users = {name_of(path) for path in MODULES if library in {module.split(".")[0] for module in imports(path)}}
    assert users <= AT_HOME[library]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_settings_read_the_environment(path: Path) -> None:
    if name_of(path) == "bot/settings.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not read & {"environ", "environb", "getenv"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_edges_print(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] == "bot":
        return
    assert not [call for call in calls(path) if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_open_names_its_encoding(path: Path) -> None:
    nameless = [call for call in calls(path) if "encoding" not in {keyword.arg for keyword in call.keywords}]
    assert not [call.lineno for call in nameless if opens_text(call)]


def opens_text(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in ("read_text", "write_text")
    mode = call.args[1] if len(call.args) > 1 else None
    is_binary = isinstance(mode, ast.Constant) and "b" in str(mode.value)
    return isinstance(call.func, ast.Name) and call.func.id == "open" and not is_binary


@pytest.mark.parametrize("package", ["bot", "bot/commands", "bot/telegram", "retrieval", "retrieval/formats"])
def test_package_does_nothing_on_import(package: str) -> None:
    assert (ROOT / package / "__init__.py").read_text(encoding="utf-8") == ""


def test_help_loads_nothing_heavy() -> None:
    heavy = {
        *("chromadb", "llama_index", "lxml", "numpy", "prompt_toolkit", "pydantic", "rensa", "sqlalchemy", "tantivy"),
        *("telegram", "trafilatura", "yaml"),
    }
    code = (
        "import sys\nfrom bot.cli import app\n"
        f"try:\n    app(['--help'])\nfinally:\n    print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, encoding="utf-8", timeout=60
    )
    assert ran.stderr.strip() == "[]"
