"""The rules of every source file."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "retrieval", "prompts")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SOURCES = sorted([*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])

MOST_LINES = 400
AT_HOME = {  # where each library may be imported: a folder, or a module
    "typer": ("bot/cli/"),
    "prometheus_client": ("bot/operations/health.py", "bot/operations/metrics.py"),
    "pythonjsonlogger": ("bot/operations/logs.py",),
    "prompt_toolkit": ("bot/cli/chat.py",),
    "pydantic_settings": ("bot/config/settings.py",),
    "sqlalchemy": ("bot/storage/", "bot/telegram/", "bot/watching/"),
    "telegram": ("bot/telegram/",),
    "chromadb": (
        "retrieval/stores/vectors/embedded.py",
        "retrieval/stores/vectors/http_api.py",
        "retrieval/stores/vectors/server.py",
    ),
    "tantivy": ("retrieval/stores/lexical.py",),
    "icalendar": ("bot/rendering/timeline_forms.py",),
    "hijridate": ("retrieval/nlp/dates.py",),
    "watchfiles": ("retrieval/index/watcher.py",),
    "llama_index": (
        "retrieval/embeddings/prefixed.py",
        *("retrieval/integrations/llama_index/", "retrieval/llms/providers.py", "retrieval/llms/client.py"),
    ),
    "httpx": (
        *(
            "retrieval/stores/vectors/client.py",
            "retrieval/stores/vectors/http_api.py",
            "retrieval/concurrency/clients.py",
            "retrieval/embeddings/http.py",
        ),
        *("retrieval/connectors/web.py", "retrieval/llms/providers.py", "retrieval/llms/failures.py"),
    ),
    "anthropic": ("retrieval/llms/anthropic_citations.py",),
    "feedparser": ("retrieval/connectors/feed_parser.py",),
    "huggingface_hub": ("retrieval/embeddings/onnx.py",),
    "onnxruntime": ("retrieval/embeddings/e5/encoder.py", "retrieval/embeddings/onnx.py"),
    "trafilatura": ("retrieval/readers/html.py",),
    "pypdfium2": tuple(f"retrieval/readers/{name}.py" for name in ("pdf", "pdf_clusters", "pdf_glyphs", "pdf_ocr")),
    "docx": ("retrieval/readers/docx.py", "bot/rendering/citation_docx.py"),
    "lxml": ("retrieval/connectors/feed_parser.py", "retrieval/readers/", "bot/rendering/citation_docx.py"),
    "tokenizers": ("retrieval/embeddings/onnx.py",),
    "PIL": ("bot/rendering/quote_card.py",),
    "tomlkit": ("retrieval/corpus/corrections.py",),
    "rensa": ("retrieval/index/near_duplicates.py",),
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


@pytest.mark.parametrize("library", AT_HOME)
def test_each_library_has_its_home(library: str) -> None:
    users = {name_of(path) for path in MODULES if library in {module.split(".")[0] for module in imports(path)}}
    assert [user for user in sorted(users) if not user.startswith(AT_HOME[library])] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_settings_read_the_environment(path: Path) -> None:
    if name_of(path) == "bot/config/settings.py":
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


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name_of)
def test_package_does_nothing_on_import(path: Path) -> None:
    if name_of(path) in ("prompts/__init__.py", "retrieval/__init__.py"):  # the second loads nothing until it is asked
        return
    assert path.read_text(encoding="utf-8") == ""


def test_help_loads_nothing_heavy() -> None:
    heavy = {
        *("chromadb", "llama_index", "lxml", "numpy", "prompt_toolkit", "pydantic", "rensa", "sqlalchemy", "tantivy"),
        *("telegram", "tomllib", "trafilatura", "yaml"),
    }
    code = (
        "import sys\nfrom bot.cli.main import app\n"
        f"try:\n    app(['--help'])\nfinally:\n    print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, encoding="utf-8", timeout=60
    )
    assert ran.stderr.strip() == "[]"
