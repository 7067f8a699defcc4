"""Posts that people forward, photograph or reply to: what is asked of them, and what they are context for."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from support.builders.telegram import (
    BRIDGE,
    COST,
    LENGTH,
    answered,
    bare,
    play,
    said,
    serving,
    settled,
    telegram,
)
from support.servers.telegram.server import FakeTelegram

from bot.rendering.texts import reply_text
from bot.storage.inbox import Incoming
from bot.telegram.app.application import BotProcess
from bot.telegram.handlers.posts import MOST_STATED_WORDS, MOST_STATEMENTS, only_points, statements_of
from bot.telegram.messages.replies import told
from retrieval.index.index import Index

POST = "🔴 عاجل | افتتاح جسر النيل الجديد في أسوان بكلفة كبيرة\n\nhttps://t.me/news/7 @news_channel"
ELSEWHERE = "انقطاع الكهرباء في مدينة برشلونة الإسبانية لساعات طويلة"
GROUP = -9


def channel() -> dict[str, Any]:
    """Return the origin of a post that was forwarded out of a channel."""
    return {
        "type": "channel",
        "date": int(time.time()),
        "chat": {"id": -100, "type": "channel", "title": "News"},
        "message_id": 7,
    }


def picture(caption: str = "", **more: Any) -> dict[str, Any]:
    """Return the content of a message with a photo."""
    photo = [{"file_id": "P", "file_unique_id": "P1", "width": 90, "height": 90}]
    return {"photo": photo, **({"caption": caption} if caption else {}), **more}


async def tell(fake: FakeTelegram, chat: int, content: dict[str, Any], **more: Any) -> str:
    """Let a message of any content come in, and return what the bot says to it."""
    before = len(said(fake, chat))
    fake.incoming({"chat_id": chat, "user_id": 5, "language_code": "en", **more}, content)
    return bare((await answered(fake, chat, before + 1))[-1])


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("Breaking: the bridge was opened today.\nMore soon. t.me/x/1", ["the bridge was opened today."]),
        ("#القمح_السوري يتراجع بسبب الجفاف ⬇️", ["القمح السوري يتراجع بسبب الجفاف"]),
        ("وزارة الزراعة: تراجع محصول القمح", ["وزارة الزراعة: تراجع محصول القمح"]),
        ("😀😀", []),
        ("https://example.org/1", []),
        ("جسر", ["جسر"]),
    ],
)
def test_statements_of_a_post_are_its_words_without_what_stands_around_them(post: str, expected: list[str]) -> None:
    assert statements_of(post) == expected


def test_a_long_post_gives_few_and_short_statements() -> None:
    found = statements_of("\n".join(f"خبر رقم {number} " + "كلمة " * 90 for number in range(9)))
    assert len(found) == MOST_STATEMENTS
    assert all(len(one.split()) <= MOST_STATED_WORDS for one in found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("هل هذا الخبر صحيح؟", True),
        ("شو رأيكم بهالخبر؟", False),
        ("What do the articles say about this?", True),
        ("fact check please", True),
        ("Who said this?", False),
        ("من قال هذا؟", False),
        ("وين؟", False),
        (BRIDGE, False),
        ("👍", False),
    ],
)
def test_words_that_only_point_ask_for_nothing_of_their_own(words: str, expected: bool) -> None:
    assert only_points(words) is expected


def test_forwarded_post_is_looked_up_in_the_articles_and_followed_up(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        shown = await tell(fake, 5, {"text": POST, "forward_origin": channel()})
        assert shown.startswith("In the articles about: افتتاح جسر النيل الجديد في أسوان بكلفة كبيرة")
        assert COST in shown
        assert "1800" in await tell(fake, 5, {"text": "وكم يبلغ طوله؟"})
        shown = await tell(fake, 5, {"text": ELSEWHERE, "forward_origin": channel()})
        assert shown.startswith(f"ما في المقالات عن: {ELSEWHERE}")
        assert COST not in shown

    play(index, scenario)


def test_later_statement_is_asked_about_where_the_first_is_not_known(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        post = f"{ELSEWHERE}.\nتراجع محصول القمح في سوريا هذا العام."
        shown = await tell(fake, 5, picture(post, forward_origin=channel()))
        assert shown.startswith("In the articles about: تراجع محصول القمح")
        assert "الجفاف" in shown

    play(index, scenario)


def test_forwarded_command_is_no_order(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert COST in await tell(fake, 5, {"text": BRIDGE})
        await tell(fake, 5, {"text": "/forget yes", "forward_origin": channel()})
        assert "1800" in await tell(fake, 5, {"text": "وكم يبلغ طوله؟"})
        assert (await tell(fake, 5, {"text": "/forget yes"})).startswith("حُذف نهائيًا: 3 أسئلة")

    play(index, scenario)


def test_caption_of_a_picture_is_read_as_a_text_is(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        assert COST in await tell(fake, 5, picture(BRIDGE))
        assert "1800" in await tell(fake, 5, {"video": video(), "caption": LENGTH})
        assert (await tell(fake, 5, picture("/sources"))).startswith("Sources")
        mention = {"type": "mention", "offset": 0, "length": 9}
        assert COST in await tell(fake, GROUP, picture(f"@fake_bot {BRIDGE}", caption_entities=[mention]))
        fake.incoming({"chat_id": GROUP, "user_id": 5}, picture(BRIDGE))
        await settled(service)
        assert len(said(fake, GROUP)) == 1

    play(index, scenario, {"privacy_mode": False})


def video() -> dict[str, Any]:
    return {"file_id": "V", "file_unique_id": "V1", "width": 90, "height": 90, "duration": 3}


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("@fake_bot is this true?", "In the articles about: افتتاح جسر"),
        ("@fake_bot ماذا تقول المقالات عن هذا؟", "ما في المقالات عن: افتتاح جسر"),
        ("/ask is this true?", "In the articles about: افتتاح جسر"),
    ],
)
def test_words_that_point_ask_what_the_articles_say_of_the_post(index: Index, words: str, heading: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        fake.incoming({"chat_id": GROUP, "user_id": 6}, picture(POST))
        number = fake.control_messages({"chat_id": GROUP})[-1]["message_id"]
        shown = await tell(fake, GROUP, mentioned(words), reply_to_message_id=number)
        assert shown.startswith(heading)
        assert COST in shown

    play(index, scenario)


def mentioned(words: str) -> dict[str, Any]:
    entity = {"type": "mention", "offset": 0, "length": 9}
    return {"text": words} | ({"entities": [entity]} if words.startswith("@") else {})


def test_post_is_the_context_of_a_question_in_a_reply(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        posts = {
            "افتتاح جسر النيل الجديد في أسوان": "جسر النيل",
            "تراجع القمح في سوريا هذا العام": "لا تقول المقالات متى",
        }
        for post, expected in posts.items():
            fake.incoming({"chat_id": GROUP, "user_id": 6}, {"text": post})
            number = fake.control_messages({"chat_id": GROUP})[-1]["message_id"]
            asked = mentioned("@fake_bot ومتى كان ذلك؟")
            first_quote = (await tell(fake, GROUP, asked, reply_to_message_id=number)).partition("[1]")[0]
            assert expected in first_quote
            own = mentioned("@fake_bot من التقى لافروف في سوتشي؟")  # which stands alone, whatever it replies to
            assert "بومبيو" in await tell(fake, GROUP, own, reply_to_message_id=number)

    play(index, scenario)


def test_remark_of_whoever_forwards_a_post_is_answered_with_it(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.incoming({"chat_id": 5, "user_id": 5, "language_code": "en"}, {"text": "Is this true?"})
            fake.incoming({"chat_id": 5, "user_id": 5}, {"text": POST, "forward_origin": channel()})
            async with serving(fake, index) as service:
                assert COST in (await answered(fake, 5))[0]
                await settled(service)
            assert len(said(fake, 5)) == 1

    asyncio.run(run())


def test_remark_is_answered_while_a_question_of_a_button_waits_behind_it(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, {"text": BRIDGE})
        person = {"id": 5, "is_bot": False, "first_name": "User 5", "language_code": "en"}
        chat = {"id": 5, "type": "private", "first_name": "User 5"}
        written = {"message_id": 90, "date": int(time.time()), "chat": chat, "from": person, "text": "Is this true?"}
        pressed = {"id": "1", "from": person, "chat_instance": "1", "data": "0123456789ab/ask:0", "message": written}
        waiting = [(70, {"message": written}), (-71, {"callback_query": pressed})]
        await service.take(
            [
                Incoming(number, "message", "chat:5:0:5", 5, 5, None, time.time(), {"update_id": number, **payload})
                for number, payload in waiting
            ]
        )
        remark, gone = (bare(one) for one in (await answered(fake, 5, 3))[1:])
        assert "Something went wrong" not in remark
        assert gone == bare(told("en", "answer_gone").plain)
        await settled(service)

    play(index, scenario)


def test_post_without_words_is_taken_for_a_message_without_words(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert reply_text("en", "wordless") in await tell(fake, 5, {"text": "🔴🔴", "forward_origin": channel()})

    play(index, scenario)


def test_quoted_part_of_a_post_is_what_is_meant(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        quote = {"text": "تراجع محصول القمح في سوريا", "position": 0, "is_manual": True}
        fake.incoming({"chat_id": 5, "user_id": 5}, {"text": f"{quote['text']}. {POST}"})
        await answered(fake, 5)
        number = fake.control_messages({"chat_id": 5})[0]["message_id"]
        shown = await tell(fake, 5, {"text": "is this true?", "quote": quote}, reply_to_message_id=number)
        assert shown.startswith("In the articles about: تراجع محصول القمح في سوريا")

    play(index, scenario)


def test_post_over_the_limit_is_not_searched_for(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        assert COST in await tell(fake, 5, {"text": POST, "forward_origin": channel()})
        del service._services.quoting  # whatever would search with it fails from here on
        refusal = await tell(fake, 5, {"text": POST, "forward_origin": channel()})
        assert "Something went wrong" not in refusal
        assert "minute" in refusal or "second" in refusal
        await settled(service)

    play(index, scenario, telegram_per_minute=1)
