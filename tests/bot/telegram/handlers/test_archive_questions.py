"""Questions about the archive in Telegram: a count with its quotes, ten rows of a list, the next ones by a button."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.builders.telegram import answered, said, serving, settled, telegram
from support.servers.telegram.server import FakeTelegram

from retrieval.index.index import Index

TASKS = "الماء الكهرباء الخبز المدرسة الطريق المشفى السوق الميناء الحديقة المكتبة الجسر المخفر البريد".split()


@pytest.fixture
def visits(articles: Path, index: Index) -> Index:
    """Return the index with thirteen articles that name a judge, each in words of its own."""
    for number, task in enumerate(TASKS, start=1):
        text = f"جولة {task}\n{number} أيار 2019\n\nتفقد القاضي زهير الكسواني {task} صباحا واستمع إلى أهل الحي.\n"
        (articles / f"visit{number:02}.txt").write_text(text, encoding="utf-8")
    index.refresh(articles)
    return index


async def tell(fake: FakeTelegram, text: str) -> str:
    count = len(said(fake, 5))
    fake.control_send_message({"chat_id": 5, "text": text, "language_code": "ar"})
    return (await answered(fake, 5, count + 1))[-1]


def test_a_list_shows_ten_articles_the_newest_first_and_the_others_by_a_button(visits: Index) -> None:
    async def scenario() -> None:
        async with telegram() as fake, serving(fake, visits) as service:
            first = await tell(fake, "أي المقالات تذكر الكسواني؟")
            assert "ورد ذكر «الكسواني» في 13 مقالة" in first
            assert first.count("تفقد القاضي") == 10
            assert first.index(TASKS[-1]) < first.index(TASKS[5])
            fake.control_press_button({"chat_id": 5, "user_id": 5, "text": "ask:0"})
            rest = (await answered(fake, 5, 2))[-1]
            assert rest.count("تفقد القاضي") == 3
            assert TASKS[0] in rest
            await settled(service)
            assert fake.control_violations({}) == []

    asyncio.run(scenario())


def test_a_count_says_the_number_and_a_name_that_is_not_there_is_said_to_be_missing(visits: Index) -> None:
    async def scenario() -> None:
        async with telegram() as fake, serving(fake, visits) as service:
            counted = await tell(fake, "كم مقالا عن زهير الكسواني؟")
            assert "في 13 مقالة" in counted
            assert counted.count("تفقد القاضي") == 3
            assert "لا تذكر أي مقالة «زرقوطيا»." in await tell(fake, "كم مقالا تذكر زرقوطيا؟")
            await settled(service)
            assert fake.control_violations({}) == []

    asyncio.run(scenario())
