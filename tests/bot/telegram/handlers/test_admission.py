"""People are let in and out by an admin's buttons, at once and across restarts."""

from __future__ import annotations

import asyncio

import pytest
from support.builders.telegram import BRIDGE, COST, answered, bare, play, said, serving, settled, telegram, tell
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

ADMIN, OTHER_ADMIN, MEMBER, STRANGER = 7, 8, 6, 4_000_000_123
LISTS = {"telegram_users": str(MEMBER), "telegram_admins": f"{ADMIN},{OTHER_ADMIN}"}
ONE = {**LISTS, "telegram_admins": str(ADMIN)}
FILE = "sqlite:///kept.db"


async def decide(fake: FakeTelegram, button: str, admin: int = ADMIN) -> None:
    """Press a button of the newest message to an admin that has it, and wait until it has done its work."""
    edits = len(fake.control_calls({"method": "editMessageText"}))
    fake.control_press_button({"chat_id": admin, "user_id": admin, "text": button, "language_code": "en"})
    await fake.control_wait({"method": "editMessageText", "count": edits + 1})


def test_stranger_is_let_in_by_a_button_and_out_by_a_command(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, database_url=FILE, **LISTS) as service:
                for admin in (ADMIN, OTHER_ADMIN):
                    await tell(fake, admin, "/help")
                refusal = await tell(fake, STRANGER, BRIDGE, first_name="Mona", username="mona")
                assert str(STRANGER) in refusal
                assert "أرسلتُ طلبك" in refusal
                for admin in (ADMIN, OTHER_ADMIN):
                    asked = bare((await answered(fake, admin, 2))[-1])
                    assert asked == f"Mona @mona would like to use the bot.\nNumber: {STRANGER}"
                await decide(fake, "Let in")
                assert (
                    "You were let in" in (await answered(fake, STRANGER, 2))[-1] or "أُذن لك" in said(fake, STRANGER)[-1]
                )
                assert COST in await tell(fake, STRANGER, BRIDGE)
                assert bare(said(fake, ADMIN)[-1]).startswith(f"Let in: number {STRANGER}")
                await settled(service)
            async with serving(fake, index, database_url=FILE, **LISTS):
                assert COST in await tell(fake, STRANGER, BRIDGE)
                assert "taken back" in await tell(fake, ADMIN, f"/revoke {STRANGER}")
                assert COST not in await tell(fake, STRANGER, BRIDGE)
                assert len(said(fake, OTHER_ADMIN)) == 2  # nobody is asked about them again
                await decide(fake, "Let in")
                assert COST in await tell(fake, STRANGER, BRIDGE)
            assert fake.control_violations({}) == []

    asyncio.run(run())


def test_admins_are_asked_once_and_not_again_after_they_refuse(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, ADMIN, "/help")
        await tell(fake, STRANGER, BRIDGE)
        await answered(fake, ADMIN, 2)
        assert "أرسلتُ" not in await tell(fake, STRANGER, "/latest", "ar")
        await decide(fake, "Do not let in")
        await tell(fake, STRANGER, "/latest")
        await settled(service)
        assert len(said(fake, ADMIN)) == 2
        assert len(said(fake, STRANGER)) == 3

    play(index, scenario, **ONE)


def test_list_of_those_let_in_takes_it_back_by_a_button(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert await tell(fake, ADMIN, "/revoke") == "Write the number after the command, like this: /revoke 12345"
        await tell(fake, STRANGER, BRIDGE)
        await answered(fake, ADMIN, 2)
        await decide(fake, "Let in")
        assert (await tell(fake, ADMIN, "/revoke")).startswith("These were let in.")
        await decide(fake, str(STRANGER))
        assert COST not in await tell(fake, STRANGER, BRIDGE)

    play(index, scenario, **ONE)


def test_revoked_member_of_the_settings_and_of_an_open_bot_is_served_no_more(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert COST in await tell(fake, MEMBER, BRIDGE)
        await tell(fake, ADMIN, f"/revoke {MEMBER}")
        assert COST not in await tell(fake, MEMBER, BRIDGE)
        await tell(fake, ADMIN, f"/revoke {OTHER_ADMIN}")
        assert COST in await tell(fake, OTHER_ADMIN, BRIDGE)  # whom the settings name

    play(index, scenario, **LISTS)
    play(index, scenario, telegram_admins=f"{ADMIN},{OTHER_ADMIN}", database_url=FILE)


def test_nobody_but_an_admin_decides(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, ADMIN, "/help")
        await tell(fake, STRANGER, BRIDGE)
        await answered(fake, ADMIN, 2)
        for user in (STRANGER, MEMBER):
            fake.control_press_button({"chat_id": ADMIN, "user_id": user, "text": f"approved:{STRANGER}"})
        await fake.control_wait({"method": "answerCallbackQuery", "count": 2})
        await tell(fake, MEMBER, f"/revoke {OTHER_ADMIN}")
        await settled(service)
        assert COST not in await tell(fake, STRANGER, BRIDGE)

    play(index, scenario, **ONE)


def test_forget_leaves_what_an_admin_decided(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, ADMIN, f"/revoke {STRANGER}")
        await tell(fake, STRANGER, "/forget yes")
        assert COST not in await tell(fake, STRANGER, BRIDGE)

    play(index, scenario, telegram_admins=str(ADMIN))


@pytest.mark.parametrize("command", ["/feedback", "/revoke", f"/revoke {MEMBER}"])
def test_what_concerns_other_people_is_not_said_in_a_group(index: Index, command: str) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for group, language, expected in ((-9, "en", "in a private chat"), (-10, "ar", "في محادثة خاصة")):
            fake.control_send_message(
                {"chat_id": group, "user_id": ADMIN, "text": f"{command}@fake_bot", "language_code": language}
            )
            (refusal,) = await answered(fake, group)
            assert expected in refusal
        await settled(service)
        assert "in a private chat" not in await tell(fake, ADMIN, command, "en")

    play(index, scenario, **ONE)
