"""Processes that are told to end while what they wait for is silent: they end in time, and owe what they owed.

What is silent here stays so. Each watchdog is well above the eight seconds that are promised, and below all time-outs.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.builders.telegram import BRIDGE, COST, ended, said, stand, start, telegram
from support.servers.embedding import MODEL, EmbeddingServer, serving
from support.servers.model import ModelServer, drips, says, silent
from support.servers.telegram.server import FakeTelegram

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")

ROOT = Path(__file__).parents[3]
WATCHDOG = 25.0  # seconds
SOCHI = "أين التقى لافروف وبومبيو؟"
NEWS = "افتتاح متحف القوارب في رشيد\n\nافتتح وزير الثقافة متحف القوارب في رشيد، وبلغت كلفته 77 مليون جنيه.\n"
HEEDING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # also in the background
NO_NAMES = """import socket, time
def getaddrinfo(*_, **__):
    print("asked", flush=True)
    time.sleep(600)
socket.getaddrinfo = getaddrinfo"""
PROMPT = re.escape("\x1b[?2004h")  # what prompt_toolkit asks of a terminal before each line


def with_model(url: str) -> dict[str, str]:
    return {"SANAD_LLM": "openai-like:m", "SANAD_LLM_BASE_URL": url, "SANAD_LLM_TIMEOUT": "600"}


def with_embeddings(server: EmbeddingServer) -> dict[str, str]:
    return {"SANAD_EMBEDDING": f"openai-like:{MODEL}", "SANAD_EMBEDDING_BASE_URL": server.url}


def play(scenario: Callable[[FakeTelegram], Awaitable[None]]) -> None:
    async def run() -> None:
        async with telegram() as fake:
            await scenario(fake)
            assert fake.control_violations({}) == []

    asyncio.run(run())


async def until(happened: Callable[[], Any]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0.02)


async def terminated(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Tell a process to end, and return its code and what it wrote; one that does not end is killed, and a failure."""
    process.terminate()
    try:
        async with asyncio.timeout(WATCHDOG):
            await process.wait()
    except TimeoutError:
        process.kill()
        await ended(process)
        pytest.fail("the process did not end")
    return await ended(process)


def test_bot_ends_before_its_model_answers_and_answers_after_the_next_start(
    articles: Path, server: ModelServer
) -> None:
    async def scenario(fake: FakeTelegram) -> None:
        server.on("answer", silent("وبلغت"))
        for chat in (5, 6):  # the second waits for a place
            fake.control_send_message({"chat_id": chat, "text": BRIDGE})
        process = await start(fake, **with_model(server.url), SANAD_LLM_CONCURRENCY="1")
        await until(lambda: server.calls)
        code, printed = await terminated(process)
        assert (code, "Traceback" in printed) == (0, False), printed
        assert said(fake, 5) + said(fake, 6) == []
        server.on("answer", says("NO_ANSWER"))
        process = await start(fake, **with_model(server.url))
        for chat in (5, 6):
            await stand(fake, chat, COST)
        assert (await terminated(process))[0] == 0
        assert [len(said(fake, chat)) for chat in (5, 6)] == [1, 1]

    play(scenario)


def test_bot_ends_though_telegram_is_silent_too(articles: Path, server: ModelServer) -> None:
    async def scenario(fake: FakeTelegram) -> None:
        for method in ("sendChatAction", "sendMessageDraft"):
            fake.control_fault({"method": method, "kind": "delay", "seconds": 600, "times": 99})
        server.on("answer", drips)
        fake.control_send_message({"chat_id": 5, "text": BRIDGE})
        process = await start(fake, **with_model(server.url))
        await until(lambda: server.calls)
        assert (await terminated(process))[0] == 0

    play(scenario)


def test_bot_ends_though_articles_wait_for_an_embedding_server(articles: Path) -> None:
    async def scenario(fake: FakeTelegram) -> None:
        with serving() as embeddings:
            process = await start(fake, **with_embeddings(embeddings))
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            await stand(fake, 5, COST)
            embeddings.is_silent = True
            before = len(embeddings.asked)
            (articles / "museum.txt").write_text(NEWS, encoding="utf-8")
            await until(lambda: len(embeddings.asked) > before)
            code, printed = await terminated(process)
            assert (code, "Traceback" in printed) == (0, False), printed

    play(scenario)


@contextmanager
def running(*arguments: str, before: str = "", **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command as a process; one that is still there at the end of the block is killed."""
    program = (
        f"{HEEDING}\n{before}\nimport sys; sys.argv = {['sanad', *arguments]}\nfrom bot.cli.main import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "sent", "code"),
    [
        (["ask", SOCHI], signal.SIGINT, 130),
        (["ask", SOCHI], signal.SIGTERM, -signal.SIGTERM),  # 143 for a shell
        (["chat"], signal.SIGINT, 130),
        (["chat"], signal.SIGTERM, 143),
    ],
    ids=lambda value: "-".join(value[:1]) if isinstance(value, list) else None,
)
def test_command_ends_when_told_before_its_model_answers(
    articles: Path, server: ModelServer, arguments: list[str], sent: signal.Signals, code: int
) -> None:
    server.on("answer", silent())
    with running(*arguments, **with_model(server.url)) as process:
        assert process.stdin
        if arguments == ["chat"]:
            process.stdin.write(f"{SOCHI}\n" * 5)
            process.stdin.flush()
        asyncio.run(until(lambda: server.calls))
        process.send_signal(sent)
        assert process.wait(WATCHDOG) == code
        assert "Traceback" not in process.stderr.read() if process.stderr else False
    assert len(server.calls) == 1


def test_command_ends_when_told_before_a_name_is_looked_up(articles: Path) -> None:
    settings = with_model("http://model.example/v1")
    with running("ask", SOCHI, before=NO_NAMES, **settings) as process:
        assert process.stdout
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(WATCHDOG) == 130


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_watching_ends_when_told_before_an_embedding_server_answers(articles: Path, sent: signal.Signals) -> None:
    with serving() as embeddings:
        embeddings.is_silent = True
        with running("index", "--watch", **with_embeddings(embeddings)) as process:
            asyncio.run(until(lambda: embeddings.asked))
            process.send_signal(sent)
            assert process.wait(WATCHDOG) == 0
            assert process.stderr
            assert process.stderr.read().splitlines()[1:] == (["Ending."] if sent == signal.SIGINT else [])


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is needed")
def test_chat_goes_on_after_an_interrupt_and_leaves_its_terminal_in_order(articles: Path, server: ModelServer) -> None:
    import termios

    import pexpect

    server.on("answer", silent(), says("NO_ANSWER"), silent())
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **with_model(server.url)}
    chat = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "chat"],
        env=environment,
        encoding="utf-8",
        timeout=2 * WATCHDOG,
        dimensions=(24, 200),
    )

    def ask(calls: int) -> None:
        chat.expect(PROMPT, timeout=60)
        chat.send(f"{SOCHI}\r")
        asyncio.run(until(lambda: len(server.calls) == calls))

    try:
        ask(1)
        chat.sendintr()
        ask(2)
        chat.expect("سيرغي")
        ask(3)
        chat.kill(signal.SIGTERM)
        chat.expect(pexpect.EOF)
        chat.wait()
        assert (chat.exitstatus, chat.signalstatus) == (143, None)
        assert chat.before.rindex("\x1b[?25h") > chat.before.rindex("\x1b[?25l")  # the cursor is back
        modes = termios.tcgetattr(chat.child_fd)[3]
        assert modes & termios.ECHO
        assert modes & termios.ICANON
    finally:
        chat.close(force=True)
