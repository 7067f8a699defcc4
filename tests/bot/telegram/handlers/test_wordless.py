"""What has no words gets one kind answer at most, and an album one for all of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, play, said, serving, settled, telegram
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from bot.telegram.messages.replies import told
from retrieval.index.index import Index

FILE = {"file_id": "F", "file_unique_id": "U"}
PHOTO = {"photo": [{**FILE, "width": 9, "height": 9}]}
GIF = {**FILE, "width": 9, "height": 9, "duration": 1}
REMARK = told("en", "only_text").plain
STICKER = {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
WORDLESS: list[dict[str, Any]] = [
    PHOTO,
    {"animation": GIF, "document": FILE},
    {"dice": {"emoji": "🎲", "value": 3}},
    {"story": {"chat": {"id": -100, "type": "channel", "title": "News"}, "id": 5}},
    {"sticker": STICKER},
    {"contact": {"phone_number": "1", "first_name": "A"}},
    {"location": {"latitude": 30.0, "longitude": 31.0}},
    {"voice": {**FILE, "duration": 3}},
    {"video_note": {**FILE, "length": 9, "duration": 3}},
]


def send(fake: FakeTelegram, content: dict[str, Any], chat: int = 5) -> None:
    fake.incoming({"chat_id": chat, "user_id": 5, "language_code": "en"}, content)


@pytest.mark.parametrize("content", WORDLESS, ids=lambda one: next(iter(one)))
def test_one_remark_is_made_however_much_comes(index: Index, content: dict[str, Any]) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for _ in range(3):
            send(fake, content)
            send(fake, content, -9)
        await answered(fake, 5)
        await settled(service)
        assert said(fake, 5) == [REMARK]
        assert said(fake, -9) == []

    play(index, scenario, {"privacy_mode": False})


@pytest.mark.parametrize("place", [0, 1, 2, None])
def test_album_is_answered_once_by_its_caption_wherever_that_stands(index: Index, place: int | None) -> None:
    async def run() -> None:
        async with telegram() as fake:
            for number in range(3):
                caption = {"caption": BRIDGE} if number == place else {}
                send(fake, {**PHOTO, **caption, "media_group_id": "77"})
            async with serving(fake, index) as service:
                await answered(fake, 5)
                await settled(service)
                (only,) = said(fake, 5)
                assert (COST in only) == (place is not None)
                assert (only == REMARK) == (place is None)
                send(fake, {"text": LENGTH})
                assert "1800" in (await answered(fake, 5, 2))[-1]
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_caption_that_comes_after_the_remark_is_answered_all_the_same(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        send(fake, {**PHOTO, "media_group_id": "77"})
        assert await answered(fake, 5) == [REMARK]
        for caption in (BRIDGE, LENGTH):
            send(fake, {**PHOTO, "media_group_id": "77", "caption": caption})
        assert COST in (await answered(fake, 5, 2))[-1]
        await settled(service)
        assert len(said(fake, 5)) == 2

    play(index, scenario)


def test_album_of_somebody_who_is_not_served_is_refused_once(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for _ in range(3):
            send(fake, {"document": FILE, "media_group_id": "78"})
        await answered(fake, 5)
        await settled(service)
        assert len(said(fake, 5)) == 1

    play(index, scenario, telegram_users="6")
    play(index, scenario, database_url="sqlite:///other.db")
