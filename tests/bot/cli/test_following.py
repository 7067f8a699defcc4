"""The commands about the life of the index: `index --watch`, `index --json` and `articles --failed`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, age
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.index.index import Index
from retrieval.index.refresh import LOCK_NAME

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_index_json_names_each_file(articles: Path) -> None:
    run("index")
    (articles / "bridge.txt").rename(articles / "jisr.txt")
    (articles / "harvest.txt").unlink()
    (articles / "empty.txt").write_text("", encoding="utf-8")
    age(articles / "empty.txt")
    report = json.loads(run("index", "--json").stdout)
    assert report.pop("seconds") >= 0
    assert report == {
        "new": [],
        "changed": [],
        "moved": [{"old": "bridge.txt", "new": "jisr.txt"}],
        "deleted": ["harvest.txt"],
        "unchanged": 1,
        "duplicates": [],
        "failed": [{"path": "empty.txt", "reason": "is empty"}],
        "unsettled": [],
        "passages": report["passages"],
        "vectors_pending": 0,
        "failure": None,
        "rebuilt": None,
    }


def test_files_that_were_set_aside_are_listed_with_their_reasons(articles: Path) -> None:
    (articles / "empty.txt").write_text("", encoding="utf-8")
    (articles / "binary.txt").write_bytes(bytes(range(32)) * 8)
    for name in ("empty.txt", "binary.txt"):
        age(articles / name)
    assert run("articles", "--failed").stdout == "binary.txt\tis binary: a NUL byte at offset 0\nempty.txt\tis empty\n"
    assert [fault["path"] for fault in json.loads(run("articles", "--failed", "--json").stdout)] == [
        "binary.txt",
        "empty.txt",
    ]
    for path in articles.rglob("*.txt"):
        if path.name != "empty.txt":
            path.unlink()
    assert run("articles", "--failed").stdout == "empty.txt\tis empty\n"


def test_a_moved_file_is_shown_with_both_names(articles: Path) -> None:
    run("index")
    (articles / "bridge.txt").rename(articles / "jisr.txt")
    assert "  moved      bridge.txt → jisr.txt\n" in run("index").stdout


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_watching_says_what_changes_and_ends_cleanly(articles: Path, ending: signal.Signals) -> None:
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # also in the background
    program = (
        f"{listening}; import sys; sys.argv = ['sanad', 'index', '--watch']; from bot.cli.main import main; main()"
    )
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
        ) as watching,
        Index.open(Path(".sanad"), EMBEDDER) as index,
    ):
        assert watching.stdout
        assert watching.stdout.readline().startswith("Articles: 3 new; ")
        assert index.catalog.article_count() == 3
        (articles / "bridge.txt").rename(articles / "jisr.txt")
        assert watching.stdout.readline().startswith("Articles: 1 moved; ")
        assert index.article("1").path == "harvest.txt"  # another process reads the new generation
        (articles / "bad.txt").write_bytes(b"\0")
        assert watching.stdout.readline() == "Set aside: bad.txt\tis binary: a NUL byte at offset 0\n"
        watching.send_signal(ending)
        output, errors = watching.communicate()
    assert (watching.returncode, output) == (0, "")
    assert errors.splitlines() == ["Watching seeds; Ctrl-C ends it.", *(["Ending."] if ending == signal.SIGINT else [])]


def test_watching_goes_on_after_what_nobody_foresaw(articles: Path) -> None:
    command = [sys.executable, "-m", "bot", "index", "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SANAD_WATCH_SECONDS": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as watching:
        assert watching.stdout
        assert watching.stderr
        try:
            assert watching.stdout.readline().startswith("Articles: 3 new; ")
            (Path(".sanad") / LOCK_NAME).unlink(missing_ok=True)
            (Path(".sanad") / LOCK_NAME).mkdir()
            (articles / "bridge.txt").rename(articles / "jisr.txt")
            assert watching.stderr.readline() == "Watching seeds; Ctrl-C ends it.\n"
            assert "could not be taken in (IsADirectoryError:" in watching.stderr.readline()
            (Path(".sanad") / LOCK_NAME).rmdir()
            assert watching.stdout.readline().startswith("Articles: 1 moved; ")
        finally:
            watching.kill()
