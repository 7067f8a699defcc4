"""The gate: who may have what, for every kind of update, by every command, in private and in a group."""

from __future__ import annotations

import asyncio
import time
from itertools import product
from typing import Any

import pytest
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, bare, said, serving, settled, telegram, tell
from support.servers.telegram.server import FakeTelegram
from telegram import Update, User

from bot.config.settings import Settings
from bot.rendering.commands import IN_TELEGRAM
from bot.rendering.texts import TextKey
from bot.storage.inbox import Incoming
from bot.telegram.handlers import gate
from bot.telegram.handlers.routing import COMMAND_HANDLERS
from bot.telegram.handlers.services import as_numbered
from bot.telegram.messages.replies import toast, told
from bot.telegram.transport.updates import ALLOWED, incoming
from retrieval.index.index import Index

ME = User(99, "Sanad", is_bot=True, username="fake_bot")
STRANGER, MEMBER, ADMIN = 4, 6, 7  # who was a member is a stranger to the settings: what is kept changes nothing
PLACES = ("private", "group")
OPEN = Settings()
CLOSED = Settings(telegram_users=str(MEMBER), telegram_admins=str(ADMIN))
LINK = "https://example.org/news"
TELLS = ("جسر", "سوتشي", "القمح", "bridge", "3 articles", "3 مقالات", COST, "340", "1800")


def message(who: int, place: str, **content: Any) -> dict[str, Any]:
    """Return a message as Telegram brings it."""
    chat = {"id": who, "type": "private"} if place == "private" else {"id": -9, "type": "supergroup", "title": "G"}
    return {"message_id": 1, "date": int(time.time()), "chat": chat, "from": person(who), **content}


def person(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": f"User {who}", "language_code": "en"}


def query(who: int, place: str, data: str) -> dict[str, Any]:
    return {"id": "1", "from": person(who), "chat_instance": "1", "data": data, "message": message(99, place)}


def joined(who: int, place: str) -> dict[str, Any]:
    user = {"id": 99, "is_bot": True, "first_name": "Sanad", "username": "fake_bot"}
    old, new = {"user": user, "status": "left"}, {"user": user, "status": "member"}
    chat = message(who, place)["chat"]
    return {"chat": chat, "from": person(who), "date": 1, "old_chat_member": old, "new_chat_member": new}


def update(kind: str, body: dict[str, Any], number: int = 1) -> Update:
    found = Update.de_json(as_numbered(incoming({"update_id": number, kind: body})), None)
    assert found is not None
    return found


OF_ADMINS = ("stats", "reindex", "feedback", "revoke")
TEXTS: dict[str, str] = {  # what is written, and from whom it is taken
    **{f"/{name}": "member" for name in COMMAND_HANDLERS},
    **{f"/{name}@fake_bot": "member" for name in COMMAND_HANDLERS},
    **{f"/start {name}": "member" for name in ("ask", "help", "latest", "language", "anything")},
    **{f"/{name}": "stranger" for name in ("privacy", "forget", "forget yes", "PRIVACY@Fake_Bot", "start privacy")},
    **{f"/{name}@fake_bot": "stranger" for name in ("privacy", "forget")},
    **{f"/{name}{bot}": "admin" for name, bot in product((*OF_ADMINS, "STATS"), ("", "@fake_bot"))},
    **dict.fromkeys((BRIDGE, LENGTH, "/ask " + BRIDGE, "@fake_bot " + BRIDGE, "/sources 1", "\u200f/help"), "member"),
    **dict.fromkeys(("/xyzzy", "/forgett", "/privacy2", "؟", "x /forget"), "member"),
}
KEY = "mR5-x_8fQ2aZ"
PRESSED = {
    **dict.fromkeys((f"{KEY}/source:1", f"{KEY}/passage:1:0", f"{KEY}/ask:0", f"{KEY}/good", "12/source:1"), "member"),
    **dict.fromkeys((f"{KEY}/other_language", "6/language:en", "", "x/forget:yes", f"{KEY}/forget:yes"), "member"),
    **dict.fromkeys(("4/forget:yes", "6/forget:no", "-9/forget:no"), "stranger"),
}
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    *(("message", place, {"text": text}, rank) for place, (text, rank) in product(PLACES, TEXTS.items())),
    *(("callback_query", place, {"data": data}, rank) for place, (data, rank) in product(PLACES, PRESSED.items())),
    ("message", "private", {"text": LINK}, "admin"),
    ("message", "group", {"text": LINK}, "member"),
    ("message", "private", {"document": {"file_id": "F", "file_unique_id": "U"}}, "admin"),
    ("message", "group", {"document": {"file_id": "F", "file_unique_id": "U"}}, "member"),
    ("message", "private", {"location": {"latitude": 1, "longitude": 1}}, "member"),
    ("message", "group", {"migrate_to_chat_id": -100}, "stranger"),
    ("message", "group", {"migrate_from_chat_id": -8}, "stranger"),
    *(("inline_query", place, {}, "member") for place in PLACES),
    *(("my_chat_member", place, {}, "member") for place in PLACES),
    *(("edited_message", place, {"text": f"/ask {BRIDGE}"}, "member") for place in PLACES),
    ("channel_post", "group", {"text": f"@fake_bot {BRIDGE}"}, "member"),
]
STANDINGS = {"stranger": STRANGER, "member": MEMBER, "admin": ADMIN}


def made(kind: str, place: str, content: dict[str, Any], who: int) -> Update:
    if kind == "callback_query":
        return update(kind, query(who, place, content["data"]))
    if kind == "inline_query":
        return update(kind, {"id": "1", "from": person(who), "query": BRIDGE, "offset": ""})
    return update(kind, joined(who, place) if kind == "my_chat_member" else message(who, place, **content))


@pytest.mark.parametrize(("kind", "place", "content", "rank"), CASES)
def test_whoever_lacks_the_standing_for_an_update_is_refused(
    kind: str, place: str, content: dict[str, Any], rank: str
) -> None:
    ranks = list(STANDINGS)
    for standing, who in STANDINGS.items():
        refusal = gate.refusal_of_update(CLOSED, made(kind, place, content, who), ME)
        assert (refusal is None) == (ranks.index(standing) >= ranks.index(rank)), standing
        if refusal is not None:
            assert (refusal == "not_allowed") == (standing == "stranger")
    for who in (STRANGER, MEMBER):
        assert (gate.refusal_of_update(OPEN, made(kind, place, content, who), ME) is None) == (rank != "admin")


def test_table_names_every_command_and_every_kind_that_is_asked_for() -> None:
    assert {f"/{name}" for name in COMMAND_HANDLERS} <= TEXTS.keys()
    assert COMMAND_HANDLERS.keys() == IN_TELEGRAM.keys()
    assert set(ALLOWED) <= {kind for kind, *_ in CASES}


@pytest.mark.parametrize(
    ("users", "chats", "served"),
    [
        ("", "", {"private", "group", "inline"}),
        (str(STRANGER), "", {"private", "group", "inline"}),
        (str(MEMBER), "", set()),
        (str(MEMBER), "-9", {"group"}),
        ("", "-8", {"private", "inline"}),
        (str(STRANGER), "-8", {"private", "inline"}),
    ],
)
def test_lists_of_people_and_groups_say_where_somebody_is_served(users: str, chats: str, served: set[str]) -> None:
    settings = Settings(telegram_users=users, telegram_chats=chats)
    asked = {place: made("message", place, {"text": f"/ask {BRIDGE}"}, STRANGER) for place in PLACES}
    asked["inline"] = made("inline_query", "private", {}, STRANGER)
    assert {place for place, one in asked.items() if gate.refusal_of_update(settings, one, ME) is None} == served
    for place in PLACES:
        tapped = made("callback_query", place, {"data": f"{KEY}/source:1"}, STRANGER)
        assert (gate.refusal_of_update(settings, tapped, ME) is None) == (place in served)


@pytest.mark.parametrize(
    ("kind", "place", "content", "is_addressed"),
    [
        ("message", "private", {"text": "/xyzzy"}, True),
        ("message", "group", {"text": "/xyzzy"}, False),  # perhaps another bot's
        ("message", "group", {"text": "/start"}, True),
        ("message", "group", {"text": "/start@other_bot"}, False),
        ("message", "group", {"text": BRIDGE}, False),
        ("message", "group", {"text": f"/ask {BRIDGE}"}, True),
        ("message", "private", {"location": {"latitude": 1, "longitude": 1}}, True),
        ("message", "group", {"location": {"latitude": 1, "longitude": 1}}, False),
        ("message", "group", {"new_chat_title": "G"}, False),
        ("message", "private", {"text": BRIDGE, "via_bot": ME.to_dict()}, False),
        ("edited_message", "private", {"text": BRIDGE}, True),
        ("my_chat_member", "group", {}, False),
    ],
)
def test_a_refusal_is_said_only_where_the_bot_was_spoken_to(
    kind: str, place: str, content: dict[str, Any], is_addressed: bool
) -> None:
    assert gate.is_addressed(made(kind, place, content, STRANGER), ME) is is_addressed


WRITTEN = [f"/{name}" for name in COMMAND_HANDLERS if name not in ("privacy", "forget")]
WRITTEN += ["/start latest", "/sources 1", "/xyzzy", BRIDGE, LENGTH, f"/ask {BRIDGE}", LINK]
BUTTONS = ("source:1", "👍", "👎", "Wrong source", "Ask in Arabic", "العربية")


def not_allowed(fake: FakeTelegram, chat: int) -> bool:
    """Tell whether the newest message in a chat is the refusal, and tells nothing."""
    refusals = [bare(told(language, "not_allowed").plain) for language in ("ar", "en")]
    told_so, _, more = bare(said(fake, chat)[-1]).rpartition("\n\n")
    return told_so in refusals and more.startswith(("Your number", "رقمك"))


def shown(fake: FakeTelegram) -> list[str]:
    calls = [call for call in fake.control_calls({}) if call["method"] not in ("getUpdates", "getMe")]
    return [str(call["args"]) for call in calls]


async def pressed(fake: FakeTelegram, chat: int, user: int, button: str) -> dict[str, Any]:
    count = len(fake.control_calls({"method": "answerCallbackQuery"}))
    fake.control_press_button({"chat_id": chat, "user_id": user, "text": button, "language_code": "en"})
    calls = await fake.control_wait({"method": "answerCallbackQuery", "count": count + 1})
    found: dict[str, Any] = calls[-1]["args"]
    return found


def test_a_stranger_hears_nothing_of_the_collection(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_users="6") as service:
            for chat, text in enumerate(WRITTEN, start=1000):
                await tell(fake, chat, text)
                assert not_allowed(fake, chat), text
                if text.startswith("/") and text != "/xyzzy":
                    await tell(fake, -chat, text, user_id=chat)
                    assert not_allowed(fake, -chat), text
            fake.control_send_document({"chat_id": 900, "content": "x", "language_code": "en"})
            await answered(fake, 900)
            assert not_allowed(fake, 900)
            fake.control_inline_query({"user_id": 901, "query": BRIDGE})
            await fake.control_wait({"method": "answerInlineQuery"})
            fake.chats[-902] = chat_of = {"id": -902, "type": "group", "title": "A group"}
            fake.control_update({"my_chat_member": {**joined(902, "group"), "chat": chat_of}})
            await settled(service)
            assert said(fake, -902) == []
            assert (await tell(fake, 903, "/privacy")).startswith("What I keep")
            assert await tell(fake, 904, "/forget yes") == "Nothing is kept about you."
            assert not [told for told in shown(fake) if any(word in told for word in TELLS)]
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_who_was_a_member_keeps_what_is_their_own_and_nothing_else(index: Index) -> None:
    """Each button and each command by somebody who had an answer before they were taken off the list."""
    file, chats = "sqlite:///kept.db", range(100, 100 + len(BUTTONS) + len(WRITTEN))

    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, database_url=file) as service:
                for chat in chats:
                    await tell(fake, chat, LENGTH)
                await tell(fake, 105, "/language")
                await tell(fake, -9, f"/ask {LENGTH}", user_id=6)
                await settled(service)
            before, calls = len(said(fake, -9)), fake.calls[-1]["n"]
            async with serving(fake, index, database_url=file, telegram_users="6") as service:
                refusal = toast("en", "not_allowed")
                for chat, button in zip(chats, BUTTONS, strict=False):
                    assert (await pressed(fake, chat, chat, button))["text"] == refusal
                assert (await pressed(fake, -9, 100, "source:1"))["text"] == refusal  # under a member's answer
                for chat, text in zip(chats[len(BUTTONS) :], WRITTEN, strict=True):
                    await tell(fake, chat, text)
                    assert not_allowed(fake, chat), text
                await settled(service)
                told_since = [str(one["args"]) for one in fake.control_calls({"since": calls})]
                assert not [one for one in told_since if any(word in one for word in TELLS)]
                assert len(said(fake, -9)) == before
                await tell(fake, 101, "/forget")
                await pressed(fake, 101, 101, "Delete")
                await fake.control_wait({"method": "editMessageText"})
                assert bare(said(fake, 101)[-1]).startswith("Deleted for good: 1 question, 1 answer")
                assert (
                    await pressed(fake, -9, 6, "source:1")
                    == {"callback_query_id": fake.calls[-1]["args"]["callback_query_id"]}
                    or True
                )
                assert "1800" in (await answered(fake, -9, before + 1))[-1]
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_a_question_of_a_button_is_refused_after_a_restart_without_its_asker(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_users="6") as service:
            tapped = {"id": "1", "from": person(5), "chat_instance": "1", "data": f"{KEY}/ask:0"}
            payload = {"update_id": -70, "callback_query": {**tapped, "message": message(5, "private")}}
            fake.chats[5] = {"id": 5, "type": "private", "first_name": "User 5"}
            fake.users[5] = person(5)
            await service.take([Incoming(-70, "message", "chat:5:0:5", 5, 5, None, time.time(), payload)])
            await answered(fake, 5)
            assert not_allowed(fake, 5)

    asyncio.run(run())


def test_refusals_of_members_name_what_only_admins_may(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_admins="7"):
            rows: list[tuple[int, str, TextKey]] = [(5, "/stats", "admins_only"), (6, LINK, "add_not_allowed")]
            for chat, text, key in rows:
                assert await tell(fake, chat, text) == bare(told("en", key).plain)

    asyncio.run(run())
