"""What the pages tell a reader to type works, and their transcripts say what comes.

A fenced block names its language. `sh` is typed, `console` is typed and shows what comes; both are run here, page by
page, in a folder with the seeds. A block that needs what is not here says so in a comment above it, which a reader of
the page does not see: <!-- needs: a key -->.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.builders.e5 import WHY_NO_E5

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")) if page.name != "CHANGELOG.md")
MOST_SECONDS = 120  # of one block
LANGUAGES = {"sh", "console", "text", "toml", "json", "python", "mermaid"}
NEEDS = {
    *("the network", "a key", "Telegram", "Ollama", "a model's server", "a Chroma server", "an ending"),
    *("podman", "systemd", "a data set", "a package", "time", "a person"),
}
BLOCK = re.compile(
    r"(?:<!-- needs: (?P<needs>[^>]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
ISOLATES = re.compile("[\u2066-\u2069]")  # a terminal hides them, and so do the pages

of_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    needs: str | None


def blocks(page: Path) -> Iterator[Block]:
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Block(found["language"], found["text"], found["needs"])


def typed(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a console block, each with what it shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the seeds and their index."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copy(ROOT / ".env.example", folder)
    run("sanad index", folder)
    return folder


def run(command: str, folder: Path) -> str:
    """Return what a command prints, in bash and with this environment's `sanad`."""
    here = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / ".local/share"), "PYTHONUTF8": "1"}
    here["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if name != "SANAD_EMBEDDING"} | here,  # as a reader's is
        stdin=subprocess.DEVNULL,
        timeout=MOST_SECONDS,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages are for bash")
@of_each_page
def test_what_a_page_says_to_type_works(page: Path, indexed: Path, tmp_path: Path) -> None:
    free = [block for block in blocks(page) if block.needs is None and block.language in ("sh", "console")]
    if not free:
        return
    if WHY_NO_E5 and any(block.language == "console" for block in free):
        pytest.skip(f"the transcripts are of e5: {WHY_NO_E5}")
    folder = shutil.copytree(indexed, tmp_path / "reader")
    for block in free:
        if block.language == "sh":
            run(block.text, folder)
            continue
        for command, shown in typed(block.text):
            assert ISOLATES.sub("", run(command, folder)).strip() == shown.strip(), command


@of_each_page
def test_blocks_name_their_language_and_needs(page: Path) -> None:
    assert page.read_text(encoding="utf-8").count("\n```") == 2 * len(list(blocks(page)))
    assert {block.language for block in blocks(page)} <= LANGUAGES
    assert {block.needs for block in blocks(page)} - {None} <= NEEDS
