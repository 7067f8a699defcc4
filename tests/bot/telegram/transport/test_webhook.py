from __future__ import annotations

import asyncio

from aiohttp import ClientSession
from support.builders.telegram import BRIDGE, COST, SECRET, answered, said, serving, settled, telegram, webhook

from retrieval.index.index import Index


def test_updates_come_by_webhook(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            async with serving(fake, index, **webhook()) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)
            assert len(said(fake, 5)) == 1
            assert fake.pending == []
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_only_telegram_is_heard(index: Index) -> None:
    async def run() -> None:
        own = webhook()
        async with telegram() as fake, serving(fake, index, **own), ClientSession() as client:
            await fake.control_wait({"method": "setWebhook"})
            for headers, body, expected in (
                ({}, b"{}", 403),
                ({"X-Telegram-Bot-Api-Secret-Token": "guess"}, b"{}", 403),
                ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"{", 400),
                ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"[]", 400),
            ):
                headers["Content-Type"] = "application/json"
                async with client.post(own["webhook_url"], data=body, headers=headers) as response:
                    assert response.status == expected

    asyncio.run(run())
