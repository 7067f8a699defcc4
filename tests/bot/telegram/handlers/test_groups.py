from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, play, said, serving, settled, telegram
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import ANSWERS, DIALOGUES, PARTS, Database
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

GROUP = -9


def hear(fake: FakeTelegram, text: str, user: int = 5, **more: Any) -> int:
    """Let somebody write in the group, and return the message's number."""
    sent = fake.control_send_message({"chat_id": GROUP, "user_id": user, "text": text, "language_code": "en", **more})
    number: int = sent["message_id"]
    return number


def newest(fake: FakeTelegram, chat: int = GROUP) -> dict[str, Any]:
    """Return the bot's newest message in a chat."""
    found: dict[str, Any] = [one for one in fake.control_messages({"chat_id": chat}) if one["from"] == fake.me][-1]
    return found


async def listening(fake: FakeTelegram) -> None:
    """Wait until the bot has said which updates it wants."""
    async with asyncio.timeout(8):
        while not fake.allowed:
            await asyncio.sleep(0.01)


ADDRESSED = (
    f"@fake_bot {BRIDGE}",
    f"@FAKE_BOT، {BRIDGE}",
    f"{BRIDGE} @fake_bot",
    "كم بلغت @fake_bot كلفة جسر النيل؟",
    f"🌉🌉 @fake_bot {BRIDGE}",
    f"/ask {BRIDGE}",
    f"/ask@fake_bot {BRIDGE}",
    f"@fake_bot /ask {BRIDGE}",
)
OTHERS = (BRIDGE, f"@fake_bot_2 {BRIDGE}", f"/ask@other_bot {BRIDGE}", "/nonsense", "/latst")


def test_whoever_addresses_the_bot_is_answered_as_a_reply(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for group, text in enumerate(ADDRESSED, start=-20):
            hear(fake, "صباح الخير", chat_id=group)
            number = hear(fake, text, chat_id=group)
            (answer,) = await answered(fake, group)
            assert COST in answer, text
            assert newest(fake, group)["reply_to_message"]["message_id"] == number

    play(index, scenario)


@pytest.mark.parametrize("privacy_mode", [True, False])
def test_what_is_not_meant_for_the_bot_is_left_alone(index: Index, privacy_mode: bool) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for text in OTHERS:
            hear(fake, text)
        hear(fake, "/privacy", user=6)
        (only,) = await answered(fake, GROUP)
        await settled(service)
        assert only.startswith("What I keep")
        assert len(said(fake, GROUP)) == 1

    play(index, scenario, {"privacy_mode": privacy_mode})


def test_others_of_no_interest_are_left_alone(index: Index) -> None:
    """A bot's message, one that was sent by this bot's inline mode, a channel's forwarded post."""

    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        question = f"@fake_bot {BRIDGE}"
        await listening(fake)
        hear(fake, question, extra={"via_bot": fake.me})
        fake.control_send_message({"chat_id": 5, "text": BRIDGE, "extra": {"via_bot": fake.me}})
        channel = {"id": -100, "type": "channel", "title": "News"}
        hear(fake, question, extra={"sender_chat": channel, "is_automatic_forward": True})
        hear(fake, question, user=77, extra={"from": {"id": 77, "is_bot": True, "first_name": "Other"}})
        hear(fake, "/privacy")
        await answered(fake, GROUP)
        await settled(service)
        assert len(said(fake, GROUP)) == 1
        assert said(fake, 5) == []

    play(index, scenario)


def test_somebody_is_mentioned_who_has_no_name(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        entity = {"type": "text_mention", "offset": 0, "length": 4, "user": fake.me}
        hear(fake, f"Fake {BRIDGE}", extra={"entities": [entity]})
        assert COST in (await answered(fake, GROUP))[0]

    play(index, scenario, {"privacy_mode": False})


def test_a_mention_alone_asks_what_it_replies_to(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        number = hear(fake, BRIDGE, user=6)
        hear(fake, "@fake_bot", reply_to_message_id=number)
        assert COST in (await answered(fake, GROUP))[0]
        hear(fake, "@fake_bot")
        assert (await answered(fake, GROUP, 2))[1].startswith("Write the question after the command")

    play(index, scenario)


def test_reply_to_an_answer_follows_it_up_whoever_asked_for_it(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        hear(fake, f"/ask {BRIDGE}")
        await answered(fake, GROUP)
        number = newest(fake)["message_id"]
        hear(fake, "/ask ما سبب تراجع القمح في سوريا؟")
        assert "الجفاف" in (await answered(fake, GROUP, 2))[1]
        for count, user in ((3, 5), (4, 6)):
            hear(fake, "ومتى كان ذلك؟", user=user, reply_to_message_id=number)
            assert COST in (await answered(fake, GROUP, count))[-1]
        hear(fake, "@fake_bot ومتى كان ذلك؟", user=7)
        assert COST not in (await answered(fake, GROUP, 5))[-1]

    play(index, scenario)


def test_topic_is_kept(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        hear(fake, f"@fake_bot {BRIDGE}", extra={"message_thread_id": 44, "is_topic_message": True})
        hear(fake, "/help", extra={"message_thread_id": 44, "is_topic_message": True})
        await answered(fake, GROUP, 2)
        calls = fake.control_calls({"chat_id": GROUP})
        assert {call["args"]["message_thread_id"] for call in calls} == {44}

    play(index, scenario)


def test_each_topic_has_a_conversation_of_its_own(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        bridges, wheat = ({"message_thread_id": number, "is_topic_message": True} for number in (44, 45))
        hear(fake, f"/ask {BRIDGE}", extra=bridges)
        hear(fake, "/ask ما سبب تراجع القمح في سوريا؟", extra=wheat)
        await answered(fake, GROUP, 2)
        hear(fake, "/ask وكم يبلغ طوله؟", extra=bridges)
        assert "1800" in (await answered(fake, GROUP, 3))[-1]
        for count, (topic, expected) in enumerate(((bridges, "جسر النيل"), (wheat, "القمح")), start=4):
            hear(fake, "/sources", extra=topic)
            assert expected in (await answered(fake, GROUP, count))[-1]
        hear(fake, "/new", extra=bridges)
        hear(fake, "/sources", extra=wheat)
        assert "القمح" in (await answered(fake, GROUP, 7))[-1]
        hear(fake, "/sources")
        assert "القمح" not in (await answered(fake, GROUP, 8))[-1]

    play(index, scenario)


def test_who_writes_as_a_channel_or_unnamed_has_a_conversation_too(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for user, sender in (
            (1087968824, {"id": GROUP, "type": "supergroup", "title": "A group"}),
            (136817688, {"id": -100, "type": "channel", "title": "News"}),
        ):
            before = len(said(fake, GROUP))
            extra = {
                "sender_chat": sender,
                "from": {"id": user, "is_bot": True, "first_name": "Somebody", "language_code": "en"},
            }
            hear(fake, f"/ask {LENGTH}", user=user, extra=extra)
            assert "1800" in (await answered(fake, GROUP, before + 1))[-1]
            hear(fake, "/sources", user=user, extra=extra)
            assert (await answered(fake, GROUP, before + 2))[-1].startswith("Sources")

    play(index, scenario)


def membership(chat: dict[str, Any], old: str, new: str, me: dict[str, Any]) -> dict[str, Any]:
    """Return that the bot's standing in a chat has changed."""
    user = {key: me[key] for key in ("id", "is_bot", "first_name", "username")}
    return {
        "my_chat_member": {
            "chat": chat,
            "from": {"id": 5, "is_bot": False, "first_name": "Five", "language_code": "ar"},
            "date": int(time.time()),
            "old_chat_member": {"user": user, "status": old} | ({"until_date": 0} if old == "kicked" else {}),
            "new_chat_member": {"user": user, "status": new},
        }
    }


def test_group_that_adds_the_bot_is_greeted_once(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        fake.chats[GROUP] = chat = {"id": GROUP, "type": "group", "title": "A group"}
        other = {"id": 5, "type": "private", "first_name": "Five"}
        fake.chats[5] = other
        await listening(fake)
        for place, old, new in ((chat, "left", "member"), (other, "kicked", "member"), (chat, "member", "left")):
            fake.control_update(membership(place, old, new, fake.me))
        (greeting,) = await answered(fake, GROUP)
        await settled(service)
        assert greeting.replace("\u2066", "").replace("\u2069", "").startswith("أهلًا بكم. أشيروا إليّ (@fake_bot)")
        assert said(fake, GROUP) == [greeting]
        assert said(fake, 5) == []

    play(index, scenario)


def test_group_that_becomes_a_supergroup_keeps_its_conversations(index: Index, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'c.db'}")

    async def scenario() -> None:
        async with telegram(privacy_mode=False) as fake, serving(fake, index, database) as service:
            hear(fake, f"/ask {BRIDGE}", chat_type="group")
            await answered(fake, GROUP)
            fake.incoming({"chat_id": GROUP, "user_id": 5}, {"migrate_to_chat_id": -100500})
            fake.incoming({"chat_id": -100500, "user_id": 5}, {"migrate_from_chat_id": GROUP})
            fake.control_send_message({"chat_id": -100500, "user_id": 5, "text": "@fake_bot ومتى كان ذلك؟"})
            assert COST in (await answered(fake, -100500))[0]
            await settled(service)
            for table in (DIALOGUES, ANSWERS, PARTS):
                chats = database.work(
                    lambda connection, c=table.c.chat_id: set(connection.execute(select(c)).scalars())
                )
                assert chats == {-100500}
            assert fake.control_violations({}) == []

    try:
        asyncio.run(scenario())
    finally:
        database.close()


def test_only_listed_groups_are_served(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        hear(fake, f"/ask {BRIDGE}")
        assert (await answered(fake, GROUP))[0].startswith("هذا البوت لأعضاء محددين.")
        fake.control_send_message({"chat_id": -8, "user_id": 5, "text": f"/ask {BRIDGE}"})
        assert COST in (await answered(fake, -8))[0]

    play(index, scenario, telegram_chats="-8")
