from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.servers.web import WebServer, fails, gives, hangs
from typer.testing import CliRunner, Result

from bot.cli.main import app

TEXT = "العنوان: محادثات في سوتشي\n\nالتقى لافروف نظيره الأمريكي في سوتشي يوم الثلاثاء وبحثا الوضع في إدلب.\n"
PLAIN = "text/plain; charset=utf-8"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


LONGER = TEXT + "وقال إن الاجتماع كان مثمرا.\n"
NEWER = TEXT.replace("الثلاثاء", "الأربعاء")


def test_command_says_what_was_understood_and_what_failed(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    result = run("add", "new.txt", "none.txt", "~nobody-of-that-name/a.txt", "http://127.0.0.1:9/a")
    assert result.exit_code == 1
    assert result.stdout.replace("\u2068", "").replace("\u2069", "").replace("\u2066", "") == (
        "added  added/new.txt\n  title      محادثات في سوتشي\n  source     -\n  author     -\n  published  -\n"
        "  passages   1\n"
    )
    assert result.stderr == (
        "failed  none.txt: does not exist; check the path\n"
        "failed  ~nobody-of-that-name/a.txt: does not exist; check the path\n"
        "failed  http://127.0.0.1:9/a: leads to 127.0.0.1, which is no public address; to fetch from this machine or"
        " its network, set SANAD_ALLOW_PRIVATE_ADDRESSES=true\n"
    )


def test_added_page_answers_the_next_question(articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    web.pages |= {
        "/a": gives("زلزال في تشيلي\n\nضرب زلزال بقوة 7 درجات سواحل تشيلي الشمالية.\n", PLAIN),
        "/b": fails(404),
    }
    result = run("add", "--json", web.url("/a"), web.url("/b"))
    (row,), (failure,) = json.loads(result.stdout).values()
    assert (result.exit_code, row["state"], row["articles"][0]["passages"]) == (1, "added", 1)
    assert failure["reason"] == "is refused by its server: HTTP 404, there is no such page"
    (citation, *_) = json.loads(run("ask", "--json", "ماذا ضرب تشيلي؟").stdout)["citations"]
    assert citation["path"] == row["path"]


def test_command_needs_something_to_add() -> None:
    assert run("add").exit_code == 2


def test_command_asks_nobody_but_a_terminal(articles: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "news.txt", tmp_path / "other.txt"
    file.write_text(TEXT, encoding="utf-8")
    run("add", "news.txt")
    file.write_text(LONGER, encoding="utf-8")
    other.write_text(NEWER, encoding="utf-8")
    result = run("add", "news.txt", "other.txt")
    assert result.exit_code == 1
    assert "--replace takes its place, --keep-both keeps both" in result.stderr
    assert "added/other.txt" in result.stdout
    assert (articles / "added/news.txt").read_text(encoding="utf-8") == TEXT
    assert run("add", "--replace", "--keep-both", "news.txt").exit_code == 2
    assert run("add", "--keep-both", "news.txt").stdout.startswith("added  ")
    assert (articles / "added/news.txt").read_text(encoding="utf-8") == TEXT
    file.write_text(LONGER + "وعاد مساء.\n", encoding="utf-8")
    assert run("add", "--replace", "news.txt").stdout.startswith("replaced  ")
    assert (articles / "added/news.txt").read_text(encoding="utf-8") == LONGER + "وعاد مساء.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is needed")
@pytest.mark.parametrize(("key", "held", "said"), [("replace", LONGER, "replaced"), ("leave", TEXT, "was left out")])
def test_command_asks_on_a_terminal(articles: Path, tmp_path: Path, key: str, held: str, said: str) -> None:
    import pexpect

    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    run("add", "news.txt")
    (tmp_path / "news.txt").write_text(LONGER, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TERM": "xterm"}
    command = pexpect.spawn(
        sys.executable, ["-m", "bot", "add", "news.txt"], env=environment, encoding="utf-8", timeout=90
    )
    command.expect("is there with other content")
    command.expect("leave")
    command.sendline("what")
    command.expect("leave")
    command.sendline(key)
    command.expect(said)
    command.expect(pexpect.EOF)
    command.close()
    assert (articles / "added/news.txt").read_text(encoding="utf-8") == held


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent")
def test_interrupt_leaves_nothing_half_done(articles: Path, web: WebServer, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    web.pages["/slow"] = hangs(TEXT.encode())
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # also in the background
    command = f"{heeding}; import sys; sys.argv[0] = 'sanad'; from bot.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "SANAD_ALLOW_PRIVATE_ADDRESSES": "true"}
    with subprocess.Popen(
        [sys.executable, "-c", command, "add", "news.txt", web.url("/slow")], env=environment, stderr=subprocess.PIPE
    ) as process:
        until = time.monotonic() + 90
        while not web.paths and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode != 0
    assert [file.name for file in (articles / "added").iterdir()] == ["news.txt"]
    assert (articles / "added/news.txt").read_text(encoding="utf-8") == TEXT
    assert "سوتشي" in run("ask", "ماذا بحث لافروف ونظيره الأمريكي؟").stdout
