from __future__ import annotations

import asyncio

from fake_telegram.server import FakeTelegram
from telegrams import play, serving, telegram, tell

from bot.telegram.application import Service
from bot.telegram.profile import COMMANDS, DESCRIPTION, FOR_ADMINS, IN_GROUPS, IN_PRIVATE, SHORT_DESCRIPTION
from retrieval.index import Index
from retrieval.types import Language

ADMIN = 7


def shown(fake: FakeTelegram, scope: str, code: str) -> list[tuple[str, str]]:
    listed = fake.profile["commands"][f"{code or '*'}:{scope}"]
    return [(one["command"], one["description"]) for one in listed]


def test_commands_and_descriptions_are_set_in_each_language_and_scope(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        await fake.control_wait({"method": "setMyCommands", "count": 9})
        for code, language in (("", "en"), ("ar", "ar"), ("en", "en")):
            spoken: Language = "ar" if language == "ar" else "en"
            for scope, names in (
                ("all_private_chats", IN_PRIVATE),
                ("all_group_chats", IN_GROUPS),
                (f"{ADMIN}:chat", FOR_ADMINS),
            ):
                assert shown(fake, scope, code) == [(name, COMMANDS[spoken][name]) for name in names]
            assert fake.profile["description"][f"{code or '*'}:default"] == DESCRIPTION[spoken]
            assert fake.profile["short_description"][f"{code or '*'}:default"] == SHORT_DESCRIPTION[spoken]

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
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        assert (await tell(fake, 5, "/start")).startswith("Welcome")
        await fake.control_wait({"method": "getMyDescription"})

    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"kind": "502", "method": "getMyDescription", "times": 99})
            async with serving(fake, index) as service:
                await scenario(fake, service)

    asyncio.run(run())
