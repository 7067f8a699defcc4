from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.builders.telegram import play, serving, telegram, tell
from support.servers.telegram.server import FakeTelegram

from bot.rendering.commands import FOR_ADMINS, IN_GROUPS, IN_PRIVATE, IN_TELEGRAM
from bot.telegram.app.application import BotProcess
from bot.telegram.messages.texts import description
from retrieval.index.index import Index
from retrieval.types import Language

ADMIN = 7


def shown(fake: FakeTelegram, scope: str, code: str) -> list[tuple[str, str]]:
    listed = fake.profile["commands"][f"{code or '*'}:{scope}"]
    return [(one["command"], one["description"]) for one in listed]


def test_commands_and_descriptions_are_set_in_each_language_and_scope(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await fake.control_wait({"method": "setMyCommands", "count": 9})
        for code, language in (("", "en"), ("ar", "ar"), ("en", "en")):
            spoken: Language = "ar" if language == "ar" else "en"
            for scope, names in (
                ("all_private_chats", IN_PRIVATE),
                ("all_group_chats", IN_GROUPS),
                (f"{ADMIN}:chat", FOR_ADMINS),
            ):
                assert shown(fake, scope, code) == [(name, IN_TELEGRAM[name].heading(spoken)) for name in names]
            assert fake.profile["description"][f"{code or '*'}:default"] == description(spoken, "long")
            assert fake.profile["short_description"][f"{code or '*'}:default"] == description(spoken, "short")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_what_is_set_already_is_left_alone(index: Index) -> None:
    async def scenario() -> None:
        async with telegram() as fake:
            async with serving(fake, index):
                await fake.control_wait({"method": "setMyCommands", "count": 6})
            async with serving(fake, index):
                await fake.control_wait({"method": "getMyCommands", "count": 12})
                await tell(fake, 5, "/start")
            assert len(fake.control_calls({"method": "setMy*"})) == 12

    asyncio.run(scenario())


def test_a_profile_that_cannot_be_set_stops_nothing(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "502", "method": "getMyDescription", "times": 99})
            async with serving(fake, index):
                assert (await tell(fake, 5, "/start")).startswith("Welcome")
                await fake.control_wait({"method": "getMyDescription", "count": 2})

    asyncio.run(run())


@pytest.mark.parametrize(
    "fault",
    [{"kind": "502"}, {"kind": "reset"}, {"kind": "429", "retry_after": 1}, {"kind": "garbage"}],
    ids=lambda fault: fault["kind"],
)
@pytest.mark.parametrize("method", ["getMyCommands", "setMyCommands", "setMyShortDescription"])
def test_what_telegram_could_not_take_is_set_once_it_can(index: Index, method: str, fault: dict[str, Any]) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({**fault, "method": method, "times": 2})
            async with serving(fake, index):
                async with asyncio.timeout(60):
                    while len(fake.profile.get("commands", {})) < 6:
                        await asyncio.sleep(0.02)
            assert fake.faults == []

    asyncio.run(run())


@pytest.mark.parametrize(("status", "name"), [(400, "Bad Request"), (403, "Forbidden"), (401, "Unauthorized")])
def test_a_profile_that_is_refused_stops_nothing(index: Index, status: int, name: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fault = {"kind": "error", "status": status, "description": f"{name}: no"}
            fake.control_fault({**fault, "method": "setMyDescription", "times": 99})
            async with serving(fake, index):
                await fake.control_wait(
                    {"method": "setMyDescription", "count": 1 if status == 400 else 4, "timeout": 60}
                )
                assert (await tell(fake, 5, "/start")).startswith("Welcome")

    asyncio.run(run())


@pytest.mark.parametrize("body", ['{"ok":true}', '{"ok":true,"result":{"id":"x"}}', '{"ok":true,"result":[]}'])
def test_an_introduction_that_cannot_be_read_is_asked_for_again(index: Index, body: str) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "odd_after", "method": "getMe", "body": body})
            async with serving(fake, index):
                assert (await tell(fake, 5, "/start")).startswith("Welcome")

    asyncio.run(run())
