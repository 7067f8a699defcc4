"""What is watched is told whatever happens to the process between an article's coming and Telegram's word."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from support.builders.telegram import answered, play, said, serving, settled, start, telegram, tell
from support.mortal import KilledError, Mortal
from support.servers.telegram.server import FakeTelegram
from telegram.error import NetworkError, RetryAfter

from bot.storage import inbox
from bot.storage.alerts import grown_alerts, note_seen
from bot.storage.database import PARTS, Database
from bot.storage.outbox import Destination
from bot.storage.watches import add_watch, watches_in
from bot.telegram.app.announcer import LONGEST_PAUSE, EditPauses
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

BOT = 123456
TELLER = f"bot:{BOT}"
URL = "sqlite:///conversations.db"
NEWS = "شويغو في بغداد\n\nوصل سيرغي شويغو إلى بغداد فجر اليوم والتقى نظيره العراقي في المطار.\n"
STEPS = 14  # transactions from the start of a process to the end of what it tells
ALWAYS = {"telegram_quiet_hours": ""}


def watched(database: Database, index: Index) -> None:
    """Let somebody watch a name, before anything new came."""

    def work(connection: Connection) -> None:
        note_seen(connection, TELLER, index.catalog.article_ids())
        add_watch(connection, TELLER, Destination(5), user_id=5, text="Shoigu", language="en")

    database.work(work)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_crash_between_the_coming_and_the_telling_loses_nothing(
    articles: Path, index: Index, step: int, after: bool
) -> None:
    """Told once; twice only where Telegram had taken the message, and nobody had noted it."""

    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": "/privacy"})  # so that there is a chat
            with closing(Database(URL)) as database:
                watched(database, index)
            async with serving(fake, index, **ALWAYS) as service:
                await answered(fake, 5)
                await settled(service)
            (articles / "news.txt").write_text(NEWS, encoding="utf-8")
            index.refresh(articles)
            database = Mortal(URL, step, after=after)
            with closing(database), suppress(KilledError):
                async with serving(fake, index, database, **ALWAYS):
                    async with asyncio.timeout(20):
                        while not (database.dead.is_set() or _is_over()):
                            await asyncio.sleep(0.02)
            lost = len(said(fake, 5)) > 1 and not _noted()
            async with serving(fake, index, **ALWAYS) as service:
                async with asyncio.timeout(30):
                    while len(said(fake, 5)) < 2 + lost or not _is_over():
                        await asyncio.sleep(0.02)
                await settled(service)
            told = said(fake, 5)[1:]
            assert len(told) == 1 + lost
            assert all("وصل سيرغي شويغو إلى بغداد" in one for one in told)
            assert fake.control_violations({}) == []

    asyncio.run(run())


def _states() -> list[str]:
    with closing(Database(URL)) as database:
        wanted = select(PARTS.c.state).order_by(PARTS.c.part_id.desc())
        return list(database.work(lambda connection: connection.execute(wanted).scalars().all()))


def _noted() -> bool:
    """Tell whether the newest of the two messages is noted as sent."""
    states = _states()
    return len(states) == 2 and states[0] == "sent"


def _is_over() -> bool:
    with closing(Database(URL)) as database:
        return _noted() and not database.work(partial(inbox.unfinished, bot_id=BOT))


def test_a_process_killed_while_it_tells_tells_again(articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            process = await start(fake, SANAD_TELEGRAM_QUIET_HOURS="")
            assert (await tell(fake, 5, "/watch Shoigu")).startswith("Watching: Shoigu")
            since = len(fake.calls)
            fake.control_fault({"kind": "delay", "method": "sendMessage", "seconds": 30.0})
            (articles / "news.txt").write_text(NEWS, encoding="utf-8")
            await _calls(fake, since)
            process.kill()
            await process.wait()
            assert len(said(fake, 5)) == 1
            process = await start(fake, SANAD_TELEGRAM_QUIET_HOURS="")
            told = (await answered(fake, 5, 2))[1:]
            assert "وصل سيرغي شويغو إلى بغداد" in told[0]
            process.terminate()
            await process.communicate()
            assert len(said(fake, 5)) == 2

    asyncio.run(run())


async def _calls(fake: FakeTelegram, since: int) -> None:
    """Wait until the bot has begun to send a message."""
    async with asyncio.timeout(60):
        while not any(call["method"] == "sendMessage" for call in fake.calls[since:]):
            await asyncio.sleep(0.02)


COPY = "المصدر: {source}\n20 مايو 2019\n\n"
LONG_NEWS = (
    "وصل وزير الدفاع الروسي سيرغي شويغو إلى بغداد فجر اليوم والتقى نظيره العراقي في المطار. "
    "وبحث مع المسؤولين الوضع في المنطقة، وفق مصدر في الوزارة، ودام اللقاء ساعتين وربع الساعة.\n"
)


def test_a_chat_that_moved_takes_its_watches_along_where_a_message_cannot_be_changed(
    articles: Path, index: Index
) -> None:
    new = -100_500
    moved = {"status": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}

    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, -9, "/watch Shoigu", user_id=5)
        for name, source in (("news.txt", "وكالة الضفة"), ("copy.txt", "المرفأ")):
            text = "شويغو في بغداد\n" + COPY.format(source=source) + LONG_NEWS
            (articles / name).write_text(text, encoding="utf-8")
            index.refresh(articles)
            if name == "news.txt":
                await answered(fake, -9, 2)
                fault = {"kind": "error", "method": "editMessageText", "parameters": {"migrate_to_chat_id": new}}
                fake.control_fault(fault | moved)
        held = partial(watches_in, teller=TELLER, chat_id=new)
        async with asyncio.timeout(60):
            while not await service._services.database.run(held):
                await asyncio.sleep(0.05)
        grown = await service._services.database.run(partial(grown_alerts, teller=TELLER))
        assert grown == []  # no message of the other chat is written over
        assert len([call for call in fake.calls if call["method"] == "editMessageText"]) == 1

    play(index, scenario, **ALWAYS)


def test_a_message_that_cannot_be_changed_waits_longer_after_each_failure() -> None:
    pauses = EditPauses()
    assert pauses.is_over(1, 0.0)
    waits = []
    for _ in range(12):
        pauses.lengthen(1, 100.0, NetworkError("gone"))
        waits.append(next(seconds for seconds in range(10_000) if pauses.is_over(1, 100.0 + seconds)))
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST_PAUSE
    assert pauses.is_over(2, 100.0)
    pauses.end(1)
    assert pauses.is_over(1, 100.0)
    pauses.lengthen(1, 100.0, RetryAfter(30))
    assert (pauses.is_over(1, 129.0), pauses.is_over(1, 130.0)) == (False, True)
