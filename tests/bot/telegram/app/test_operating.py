"""What an operator sees of the running process: its pages, its counters, its log; and that it takes articles in."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from support.builders.telegram import BRIDGE, COST, TOKEN, answered, ended, start, telegram
from support.servers.ports import free_port
from support.servers.telegram.server import FakeTelegram

from retrieval.index.refresh import LOCK_NAME

NEWS = "افتتاح متحف القوارب في رشيد\n\nافتتح وزير الثقافة متحف القوارب في رشيد، وبلغت كلفته 77 مليون جنيه.\n"


@asynccontextmanager
async def operated(
    fake: FakeTelegram, **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    """Run the process with its pages, ready to answer."""
    port = free_port()
    process = await start(fake, SANAD_HEALTH_PORT=str(port), SANAD_LOG_FORMAT="json", **settings)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as pages:
            async with asyncio.timeout(60):
                while not await is_ready(pages):
                    await asyncio.sleep(0.1)
            yield process, pages
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def is_ready(pages: httpx.AsyncClient) -> bool:
    try:
        return (await pages.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def test_pages_counters_and_log_of_a_question(articles: Path) -> None:
    async def scenario() -> None:
        async with telegram() as fake, operated(fake) as (process, pages):
            fake.control_fault({"kind": "502", "method": "sendMessage", "times": 1})
            fake.control_send_message({"chat_id": 7, "user_id": 7, "text": BRIDGE})
            assert COST in (await answered(fake, 7))[0]
            fake.control_send_message({"chat_id": 7, "user_id": 7, "text": "ماذا قال ماكرون؟"})
            await answered(fake, 7, 2)
            shown = (await pages.get("/metrics")).text.splitlines()
            for line in (
                'sanad_questions_total{outcome="answered"} 1.0',
                'sanad_questions_total{outcome="declined"} 1.0',
                'sanad_telegram_errors_total{kind="NetworkError"} 1.0',
                "sanad_index_generation 2.0",
            ):
                assert line in shown
            assert (await pages.get("/healthz")).json() == {"ok": True, "loop": None}
            process.terminate()
            code, log = await ended(process)
            assert code == 0
            events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
            assert any(event["request"].startswith("u") for event in events)
            assert "ماكرون" not in log
            assert TOKEN not in log
            assert fake.control_violations({}) == []

    asyncio.run(scenario())


def test_an_article_that_arrives_is_answerable(articles: Path) -> None:
    async def scenario() -> None:
        async with telegram() as fake, operated(fake, SANAD_WATCH_SECONDS="1") as (_, pages):
            (articles / "museum.txt").write_text(NEWS, encoding="utf-8")
            async with asyncio.timeout(30):
                while "sanad_index_generation 2.0" in (await pages.get("/metrics")).text:
                    await asyncio.sleep(0.1)
            fake.control_send_message({"chat_id": 7, "user_id": 7, "text": "كم بلغت كلفة متحف القوارب في رشيد؟"})
            assert "77 مليون جنيه" in (await answered(fake, 7))[0]

    asyncio.run(scenario())


async def readiness(pages: httpx.AsyncClient, part: str, *, works: bool) -> str | None:
    """Return what is said of a part of the bot, once it works, or does not."""
    async with asyncio.timeout(60):
        while True:
            answer = await pages.get("/readyz")
            said: str | None = answer.json()[part]
            if (said is None) == works:
                assert answer.status_code == (503 if said else 200)
                return said
            await asyncio.sleep(0.1)


def test_a_watcher_that_fails_is_told_of_until_it_works(articles: Path) -> None:
    async def scenario() -> None:
        async with telegram() as fake, operated(fake, SANAD_WATCH_SECONDS="1") as (process, pages):
            lock = Path(".sanad") / LOCK_NAME
            lock.unlink(missing_ok=True)
            lock.mkdir()
            (articles / "museum.txt").write_text(NEWS, encoding="utf-8")
            assert "IsADirectoryError" in (await readiness(pages, "watcher", works=False) or "")
            assert (await pages.get("/healthz")).status_code == 200
            lock.rmdir()
            await readiness(pages, "watcher", works=True)
            fake.control_send_message({"chat_id": 7, "user_id": 7, "text": "كم بلغت كلفة متحف القوارب في رشيد؟"})
            assert "77 مليون جنيه" in (await answered(fake, 7))[0]
            process.terminate()
            _, log = await ended(process)
            assert log.count("IsADirectoryError: [Errno") >= 1
            assert "can be taken in again" in log

    asyncio.run(scenario())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_told_of_until_there_is_room(articles: Path, small_disk: Path) -> None:
    async def scenario() -> None:
        url = f"sqlite:///{small_disk / 'conversations.db'}"
        async with telegram() as fake, operated(fake, SANAD_DATABASE_URL=url) as (_, pages):
            with suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as ballast:
                while ballast.write(b"x" * 512):
                    pass
            assert "database or disk is full" in (await readiness(pages, "database", works=False) or "")
            fake.control_send_message({"chat_id": 7, "user_id": 7, "text": BRIDGE})
            await fake.control_wait({"method": "getUpdates", "count": 3})
            (small_disk / "ballast").unlink()
            await readiness(pages, "database", works=True)
            assert COST in (await answered(fake, 7))[0]

    asyncio.run(scenario())


def test_a_taken_health_port_ends_the_start(articles: Path) -> None:
    async def scenario() -> tuple[int, str]:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            async with telegram() as fake:
                return await ended(await start(fake, SANAD_HEALTH_PORT=str(taken.getsockname()[1])))

    code, said = asyncio.run(scenario())
    assert code == 1
    assert "cannot be had" in said
