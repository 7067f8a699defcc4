"""A language model behind the bot: what shows while it writes, how it is ended, and that nobody waits for another."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import SecretStr
from support.builders.telegram import BRIDGE, COST, answered, said, serving, settings_for, settled, stand, telegram
from support.servers.model import ModelServer, says, silent

from bot.storage import inbox, outbox
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Destination, Draft
from bot.telegram.app.application import build
from bot.telegram.messages.replies import told
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.previews import Preview
from bot.telegram.transport.rate_limiter import RateLimiter
from retrieval.index.index import Index

GROUP = -100


def model(server: ModelServer) -> dict[str, Any]:
    return {"llm": "openai-like:m", "llm_base_url": server.url, "llm_api_key": SecretStr("k")}


def test_model_s_answer_shows_while_it_is_written(index: Index, server: ModelServer) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {id}.", wait=3))

    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index, **model(server)):
                assert COST in (await answered(fake, 5))[0]
            frames = [call["args"]["text"] for call in fake.control_calls({"method": "sendMessageDraft"})]
            assert "أبحث…" in frames[0]
            quoted = [frame for frame in frames if "الجواب قيد الكتابة" in frame]
            assert quoted
            assert all("<blockquote>وبلغت كلفة الجسر" in frame and "[1]" in frame for frame in quoted)
            assert [call["method"] for call in fake.control_calls({"chat_id": 5})][-1] == "sendMessage"
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_extracts_are_a_group_s_one_message_until_the_answer_takes_their_place(
    index: Index, server: ModelServer
) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {id}.", wait=4))

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, **model(server)) as service:
            fake.control_send_message({"chat_id": GROUP, "user_id": 5, "text": f"/ask@fake_bot {BRIDGE}"})
            await stand(fake, GROUP, "الجواب قيد الكتابة")
            assert COST in said(fake, GROUP)[0]
            await stand(fake, GROUP, "قورنت أرقامها وأسماؤها")
            await settled(service)
            calls = [call["method"] for call in fake.control_calls({"chat_id": GROUP})]
            assert calls.count("sendMessage") == 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_group_gets_no_message_that_only_says_what_is_being_done(index: Index, server: ModelServer) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, **model(server)) as service:
            fake.control_send_message({"chat_id": GROUP, "user_id": 5, "text": "/ask@fake_bot متى زار ماكرون الصين؟"})
            await stand(fake, GROUP, "ماكرون")
            await settled(service)
            calls = [call["method"] for call in fake.control_calls({"chat_id": GROUP})]
            assert [call for call in calls if call != "sendChatAction"] == ["sendMessage"]

    asyncio.run(run())


def test_nothing_shows_where_the_operator_does_not_want_it(index: Index, server: ModelServer) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {id}."))

    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index, telegram_streaming=False, **model(server)):
                assert COST in (await answered(fake, 5))[0]
            assert fake.control_calls({"method": "sendMessageDraft"}) == []

    asyncio.run(run())


def test_time_limit_frees_the_chat(index: Index, server: ModelServer) -> None:
    server.on("answer", silent())

    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            fake.control_send_message({"chat_id": 5, "text": "/help"})
            async with serving(fake, index, telegram_time_limit=0.5, llm_timeout=5, **model(server)):
                await stand(fake, 5, told("ar", "too_slow").plain, "/sources")
            server.over.set()
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_asker_ends_what_is_being_answered(index: Index, server: ModelServer) -> None:
    server.on("answer", silent())

    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, llm_timeout=5, **model(server)) as service:
                fake.control_send_message({"chat_id": 5, "text": BRIDGE, "language_code": "ar"})
                await fake.control_wait({"method": "sendMessageDraft", "chat_id": 5})
                fake.control_send_message({"chat_id": 5, "text": "/cancel"})
                await stand(fake, 5, told("ar", "cancelled").plain)
                await settled(service)
                fake.control_send_message({"chat_id": 5, "text": "/cancel"})
                await stand(fake, 5, told("ar", "cancelled").plain, told("ar", "nothing_to_cancel").plain)
            server.over.set()
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_cancel_of_another_bot_ends_nothing(index: Index, server: ModelServer) -> None:
    server.on("answer", silent())

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, llm_timeout=5, **model(server)) as service:
            group = {"chat_id": -9, "user_id": 5, "language_code": "ar"}
            fake.control_send_message({**group, "text": f"/ask {BRIDGE}"})
            async with asyncio.timeout(20):
                while not server.calls:
                    await asyncio.sleep(0.01)
                fake.control_send_message({**group, "text": "/cancel@other_bot"})
                while not fake.updates[-1]["confirmed"]:
                    await asyncio.sleep(0.01)
            server.over.set()
            await settled(service)
            assert COST in said(fake, -9)[-1]

    asyncio.run(run())


def test_slow_model_in_one_chat_holds_no_other(index: Index, server: ModelServer) -> None:
    server.on("answer", silent(), says("بلغت كلفة الجسر 340 مليون جنيه {id}."))

    async def run() -> None:
        async with telegram() as fake, serving(fake, index, llm_timeout=60, **model(server)):
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            await fake.control_wait({"method": "sendMessageDraft", "chat_id": 5})
            fake.control_send_message({"chat_id": 6, "text": BRIDGE})
            assert COST in (await answered(fake, 6))[0]
            assert said(fake, 5) == []
            server.over.set()

    asyncio.run(run())


def test_preview_in_a_group_becomes_the_answer() -> None:
    async def run() -> None:
        async with telegram() as fake:
            asked = fake.control_send_message({"chat_id": GROUP, "user_id": 5, "text": "/ask@fake_bot x"})
            database, limiter = Database("sqlite:///conversations.db"), RateLimiter(lambda _: None)
            application = build(settings_for(fake), limiter)
            await application.initialize()
            update = Incoming(1000, "message", "chat", GROUP, 5, asked["message_id"], 0.0, {})
            (taken,) = await database.run(lambda connection: inbox.record(connection, fake.me["id"], [update]))
            own = taken.update_id
            place = Destination(GROUP, None, asked["message_id"])
            async with Preview(application.bot, database, own, place) as preview:
                preview.show("<i>one</i>")
                await stand(fake, GROUP, "one")
                preview.show("<i>two</i>")
                await stand(fake, GROUP, "two")
            await database.run(lambda connection: outbox.owe(connection, own, place, [Draft("three"), Draft("four")]))
            await Delivery(application.bot, database, limiter).deliver(own)
            await application.shutdown()
            database.close()
            assert said(fake, GROUP) == ["three", "four"]
            assert fake.messages[GROUP, 2]["reply_to_message"]["message_id"] == asked["message_id"]
            assert fake.control_violations({}) == []

    asyncio.run(run())
