"""/timeline: ten statements day by day, the next ones by a button, the sources of what was shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.builders.telegram import answered, said, serving, settled, telegram
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

Scenario = Callable[[FakeTelegram, BotProcess], Awaitable[None]]


@pytest.fixture
def visits(articles: Path, index: Index) -> Index:
    """Return the index with thirteen statements that name a judge, on days of May, each in words of its own."""
    tasks = "الماء الكهرباء الخبز المدرسة الطريق المشفى السوق الميناء الحديقة المكتبة الجسر المخفر البريد".split()
    for number, task in enumerate(tasks, start=1):
        text = f"جولة {task}\n14 أيار 2019\n\nتفقد القاضي زهير الكسواني {task} في {number} أيار واستمع إلى أهل الحي.\n"
        (articles / f"visit{number:02}.txt").write_text(text, encoding="utf-8")
    index.refresh(articles)
    return index


def play(index: Index, scenario: Scenario, **settings: Any) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, **settings) as service:
            await scenario(fake, service)
            await settled(service)
            assert fake.control_violations({}) == []

    asyncio.run(run())


async def tell(fake: FakeTelegram, text: str, language: str = "ar", chat: int = 5) -> str:
    count = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "text": text, "language_code": language})
    return (await answered(fake, chat, count + 1))[-1]


def test_timeline_shows_ten_statements_and_the_rest_by_a_button(visits: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        first = await tell(fake, "/timeline زهير الكسواني")
        assert "التسلسل الزمني" in first
        assert first.count("تفقد القاضي") == 10
        assert first.index("1 مايو 2019") < first.index("10 مايو 2019")
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": "المزيد"})
        rest = (await answered(fake, 5, 2))[-1]
        assert rest.count("تفقد القاضي") == 3
        assert "[13]" in rest
        assert "13 مايو 2019" in rest
        listed = await tell(fake, "/sources")
        assert "[11]" in listed
        assert "[10]" not in listed

    play(visits, scenario)


def test_source_of_a_statement_is_shown_in_its_article(visits: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, "/timeline زهير الكسواني", "en")
        shown = await tell(fake, "/sources 2", "en")
        assert "الكهرباء" in shown

    play(visits, scenario)


@pytest.mark.parametrize(
    ("command", "arabic", "english"),
    [
        ("/timeline", "اكتب بعد الأمر", "after the command"),
        ("/timeline زرقوطيا", "لا تذكر أي مقالة", "No article names"),
    ],
)
def test_what_has_no_timeline_is_told_so(index: Index, command: str, arabic: str, english: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert arabic in await tell(fake, command, "ar", chat=5)
        assert english in await tell(fake, command, "en", chat=6)

    play(index, scenario)


def test_timeline_counts_as_a_question(visits: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, "/timeline زهير الكسواني")
        assert "زهير" not in await tell(fake, "/timeline زهير الكسواني")

    play(visits, scenario, telegram_per_minute=1)


def test_next_statements_of_a_timeline_count_as_a_question(visits: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, "/timeline زهير الكسواني")
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": "المزيد"})
        assert "أسئلة كثيرة" in (await answered(fake, 5, 2))[-1]

    play(visits, scenario, telegram_per_minute=1)
