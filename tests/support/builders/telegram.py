"""The Telegram bot with the fake server: in the test's own process, or as the process that an operator starts."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from support.servers.ports import free_port
from support.servers.telegram.server import FakeTelegram
from support.servers.telegram.spec import description

from bot.config.settings import Settings
from bot.config.wiring import make_sanad
from bot.storage.database import Database
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

TOKEN = "123456:TEST"
BRIDGE = "كم بلغت كلفة جسر النيل؟"
LENGTH = "How long is the bridge in Aswan?"
COST = "340 مليون جنيه"

Scenario = Callable[[FakeTelegram, BotProcess], Awaitable[None]]
SECRET = "a-secret-of-the-webhook"


def webhook() -> dict[str, Any]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    return {"webhook_url": url, "webhook_secret": SecretStr(SECRET), "webhook_port": port}


def telegram(**config: Any) -> Any:
    """Return a fake server, as a context; it checks calls by the description of the Bot API where that is there."""
    return FakeTelegram.running(description(), **{"token": TOKEN, **config})


def settings_for(fake: FakeTelegram, **more: Any) -> Settings:
    own = {
        "database_url": "sqlite:///conversations.db",
        "telegram_token": SecretStr(fake.token),
        "telegram_api_url": fake.url,
    }
    return Settings(**{**own, **more})


@asynccontextmanager
async def serving(
    fake: FakeTelegram, index: Index, database: Database | None = None, **more: Any
) -> AsyncIterator[BotProcess]:
    """Run the bot in this process."""
    settings = settings_for(fake, **more)
    own = Database(settings.database_url) if database is None else None
    stop = asyncio.Event()
    try:
        with make_sanad(index, settings) as sanad:
            service = BotProcess(settings, database or own, index, sanad)
            running = asyncio.create_task(service.run(stop))
            try:
                yield service
            finally:
                stop.set()
                await running
    finally:
        if own:
            own.close()


def play(index: Index, scenario: Scenario, config: dict[str, Any] | None = None, **settings: Any) -> None:
    """Let a scenario happen; at its end the bot has done nothing that Telegram forbids."""

    async def run() -> None:
        async with telegram(**(config or {})) as fake:
            async with serving(fake, index, **settings) as service:
                await scenario(fake, service)
            assert fake.control_violations({}) == []

    asyncio.run(run())


async def start(fake: FakeTelegram, command: tuple[str, ...] = ("bot",), **more: str) -> asyncio.subprocess.Process:
    """Start the process that an operator starts, in the current folder."""
    environment = {"SANAD_TELEGRAM_TOKEN": TOKEN, "SANAD_TELEGRAM_API_URL": fake.url, **more}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *command),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **environment},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Return the exit code of a process and what it wrote, once it has ended."""
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, (out + err).decode()


def said(fake: FakeTelegram, chat: int) -> list[str]:
    """Return the bot's messages that stand in a chat; of a picture its caption."""
    mine = [message for message in fake.control_messages({"chat_id": chat}) if message["from"] == fake.me]
    return [message["text"] if "text" in message else message["caption"] for message in mine]


async def answered(fake: FakeTelegram, chat: int, count: int = 1) -> list[str]:
    """Return the bot's messages in a chat, once there are so many and Telegram owes it nothing."""
    async with asyncio.timeout(60), fake.changed:
        await fake.changed.wait_for(lambda: len(said(fake, chat)) >= count)
    return said(fake, chat)


async def stand(fake: FakeTelegram, chat: int, *parts: str) -> None:
    """Wait until the bot's messages in a chat are these, each known by a part of it."""
    async with asyncio.timeout(60):
        while len(texts := said(fake, chat)) != len(parts) or not all(map(str.__contains__, texts, parts)):
            await asyncio.sleep(0.02)


async def settled(service: BotProcess) -> None:
    """Wait until nothing is being worked on."""
    async with asyncio.timeout(20):
        while len(service.queues):
            await asyncio.sleep(0.01)


async def tell(fake: FakeTelegram, chat: int, text: str, language: str = "en", **more: Any) -> str:
    """Write to the bot, and return what it says to that, once it has."""
    before = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "text": text, "language_code": language, **more})
    return bare((await answered(fake, chat, before + 1))[-1])


def bare(text: str) -> str:
    """Return a text without the marks that tell directions."""
    return re.sub("[\u2066-\u2069]", "", text)
