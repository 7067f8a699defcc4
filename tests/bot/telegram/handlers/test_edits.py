"""An edited question: its answer takes the place of the earlier one, whatever had become of that."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select
from support.builders.telegram import (
    BRIDGE,
    COST,
    LENGTH,
    answered,
    play,
    said,
    serving,
    settled,
    stand,
    telegram,
)
from support.servers.model import ModelServer, says, silent
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import ANSWERS, TURNS, Database
from bot.telegram.app.application import BotProcess
from bot.telegram.messages.html import MOST_POINTS
from retrieval.index.index import Index

WHEAT = "ما سبب تراجع القمح في سوريا؟"
GROUP = -9


def write(fake: FakeTelegram, text: str, chat: int = 5) -> int:
    """Let somebody write, and return the message's number."""
    number: int = fake.control_send_message({"chat_id": chat, "user_id": 5, "text": text})["message_id"]
    return number


def edit(fake: FakeTelegram, number: int, text: str, chat: int = 5) -> None:
    fake.control_edit_message({"chat_id": chat, "message_id": number, "text": text})


def test_answer_to_an_edited_question_takes_the_place_of_the_one_before(index: Index, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'c.db'}")

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, database) as service:
            for chat in (5, GROUP):
                number = write(fake, f"/ask {WHEAT}", chat)
                await answered(fake, chat)
                edit(fake, number, f"/ask {BRIDGE}", chat)
                await stand(fake, chat, COST)
                edit(fake, number, f"/ask {LENGTH}", chat)
                await stand(fake, chat, "1800 متر")
                await settled(service)
            for table in (ANSWERS, TURNS):
                kept = database.work(lambda one, t=table: one.execute(select(func.count()).select_from(t)).scalar())
                assert kept == 2  # the last of each chat
            write(fake, "وكم كلفته؟")
            assert COST in (await answered(fake, 5, 2))[-1]
            assert fake.control_violations({}) == []

    try:
        asyncio.run(run())
    finally:
        database.close()


def test_question_that_is_edited_while_it_waits_is_answered_once_as_it_reads_now(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            number = write(fake, WHEAT)
            edit(fake, number, LENGTH)
            edit(fake, number, BRIDGE)
            async with serving(fake, index) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)
            assert len(fake.control_calls({"method": "sendMessage"})) == 1
            assert fake.control_calls({"method": "editMessageText"}) == []
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_edit_ends_the_answer_that_a_model_is_writing(index: Index, server: ModelServer) -> None:
    server.on("answer", silent(), says("بلغت كلفة الجسر 340 مليون جنيه {id}."))
    model = {"llm": "openai-like:m", "llm_base_url": server.url, "llm_api_key": SecretStr("k"), "llm_timeout": 5}

    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, **model) as service:
                number = write(fake, WHEAT)
                await fake.control_wait({"method": "sendMessageDraft", "chat_id": 5})
                edit(fake, number, BRIDGE)
                await stand(fake, 5, COST)
                server.over.set()
                await settled(service)
                assert len(said(fake, 5)) == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_shorter_answer_takes_the_rest_of_a_longer_one_away(index: Index, articles: Path) -> None:
    filler = " وهو ما أعلنته الهيئة في بيانها الأخير عن سير العمل" * (MOST_POINTS // 130)
    facts = ("بدأ العمل في محطة الرياح في الزعفرانة عام 2019", "تبلغ كلفة محطة الرياح في الزعفرانة 900 مليون دولار")
    text = "\n\n".join(f"{fact}{filler}." for fact in (*facts, "تنتج محطة الرياح في الزعفرانة 500 ميغاواط"))
    (articles / "wind.txt").write_text(f"محطة الرياح في الزعفرانة\n\n{text}\n", encoding="utf-8")
    index.refresh(articles)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        number = write(fake, "محطة الرياح في الزعفرانة")
        assert len(await answered(fake, 5, 2)) > 1
        edit(fake, number, BRIDGE)
        await stand(fake, 5, COST)
        edit(fake, number, "محطة الرياح في الزعفرانة")
        await answered(fake, 5, 2)
        assert COST not in "".join(said(fake, 5))

    play(index, scenario)


def test_refusal_of_an_edit_leaves_the_answer_where_it_is(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        number = write(fake, BRIDGE)
        await answered(fake, 5)
        edit(fake, number, WHEAT)
        first, second = await answered(fake, 5, 2)
        assert COST in first
        assert "الجفاف" not in second

    play(index, scenario, telegram_per_minute=1)


def test_edit_of_what_was_never_meant_for_the_bot_is_answered_where_it_is_meant_now(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        number = write(fake, BRIDGE, GROUP)
        edit(fake, number, f"{BRIDGE} ", GROUP)
        edit(fake, number, f"@fake_bot {BRIDGE}", GROUP)
        assert COST in (await answered(fake, GROUP))[0]
        await settled(service)
        assert len(said(fake, GROUP)) == 1

    play(index, scenario, {"privacy_mode": False})


def test_edit_of_an_old_message_says_nothing_any_more(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        old = {"date": int(time.time()) - 3 * 86_400}
        number = fake.control_send_message({"chat_id": 5, "user_id": 5, "text": BRIDGE, "extra": old})["message_id"]
        await answered(fake, 5)
        await settled(service)
        edit(fake, number, LENGTH)
        write(fake, BRIDGE)
        assert COST in (await answered(fake, 5, 2))[-1]

    play(index, scenario)
