"""The process that an operator starts: its messages, its end, and what a kill leaves."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from support.builders.telegram import BRIDGE, COST, LENGTH, TOKEN, answered, ended, said, stand, start, telegram


def test_restart_goes_on_where_the_process_was_stopped(articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            process = await start(fake)
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            await answered(fake, 5)
            process.send_signal(signal.SIGTERM)
            code, printed = await ended(process)
            assert code == 0
            assert TOKEN not in printed
            assert BRIDGE not in printed
            fake.control_send_message({"chat_id": 5, "text": "وكم يبلغ طوله؟"})
            process = await start(fake)
            _, follow_up = await answered(fake, 5, 2)
            process.send_signal(signal.SIGINT)
            assert (await ended(process))[0] == 0
            assert "1800" in follow_up
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("fault", "copies"),
    [
        ({"method": "sendChatAction", "kind": "delay"}, 1),  # taken in, and not answered
        ({"method": "sendMessage", "kind": "delay"}, 1),  # on its way to Telegram
        ({"method": "sendMessage", "kind": "delay_after"}, 2),  # taken by Telegram, which did not say so yet
    ],
    ids=["accepted", "owed", "taken"],
)
def test_killed_process_loses_nothing_and_repeats_only_what_it_was_sending(
    articles: Path, fault: dict[str, Any], copies: int
) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault({"seconds": 60, **fault})
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            fake.control_send_message({"chat_id": 5, "text": LENGTH})
            process = await start(fake)
            async with asyncio.timeout(60):
                while fake.faults or (fault["kind"] == "delay_after" and not said(fake, 5)):
                    await asyncio.sleep(0.02)
            process.kill()
            await ended(process)
            process = await start(fake)
            await stand(fake, 5, *[COST] * copies, "From the articles")
            process.terminate()
            await ended(process)
            assert len(said(fake, 5)) == copies + 1
            assert fake.control_violations({}) == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"SANAD_TELEGRAM_TOKEN": ""}, "sanad: SANAD_TELEGRAM_TOKEN is not set. @BotFather gives one for /newbot."),
        ({"SANAD_TELEGRAM_TOKEN": "secret"}, "sanad: SANAD_TELEGRAM_TOKEN does not look like a token"),
        ({"SANAD_TELEGRAM_TOKEN": "1:other"}, "Telegram does not know this token. Look at SANAD_TELEGRAM_TOKEN"),
        ({"SANAD_WEBHOOK_URL": "https://example.org/hook"}, "sanad: SANAD_WEBHOOK_SECRET: a webhook needs one"),
        ({"SANAD_DATABASE_URL": "mysql://x"}, "sanad: SANAD_DATABASE_URL: mysql is not known"),
        ({"SANAD_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, "cannot be used: unable to open database file"),
        ({"SANAD_ARTICLES_DIR": "empty"}, "holds no article"),
    ],
    ids=["none", "no token", "unknown", "no secret", "mysql", "folder", "empty"],
)
def test_what_cannot_work_is_one_clear_message(articles: Path, settings: dict[str, str], message: str) -> None:
    Path("empty").mkdir()

    async def run() -> None:
        async with telegram() as fake:
            code, printed = await ended(await start(fake, **settings))
            assert code == 1
            assert message in printed
            assert "Traceback" not in printed
            assert [call["method"] for call in fake.calls] == []

    asyncio.run(run())


def test_second_process_of_a_bot_ends_loudly(articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_fault(
                {
                    "kind": "error",
                    "status": 409,
                    "method": "getUpdates",
                    "times": 99,
                    "description": "Conflict: terminated by other getUpdates request",
                }
            )
            code, printed = await ended(await start(fake))
            assert code == 1
            assert "Another process takes this bot's updates (409). Stop it, then start this one again." in printed
            assert TOKEN not in printed

    asyncio.run(run())


def test_bot_that_telegram_does_not_know_any_more_ends(articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            process = await start(fake)
            await fake.control_wait({"method": "deleteWebhook"})
            fake.token = "123456:REVOKED"
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            code, printed = await ended(process)
            assert (code, TOKEN in printed) == (1, False)
            assert "Telegram does not know this bot any more." in printed

    asyncio.run(run())


@pytest.mark.parametrize("clock", [-7200.0, 7200.0], ids=["ahead", "behind"])
def test_a_wrong_clock_keeps_nobody_from_being_answered(articles: Path, clock: float) -> None:
    async def run() -> None:
        async with telegram(clock=clock) as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            old = fake.control_send_message({"chat_id": 6, "text": BRIDGE})["update_id"]
            for held in fake.pending:
                if held["update"]["update_id"] == old:
                    held["update"]["message"]["date"] -= 3600
            process = await start(fake)
            assert COST in (await answered(fake, 5))[0]
            fake.control_send_message({"chat_id": 5, "text": LENGTH})
            assert len(await answered(fake, 5, 2)) == 2
            assert COST not in (await answered(fake, 6))[0]  # it is old by Telegram's clock too
            process.terminate()
            code, printed = await ended(process)
            assert code == 0
            which = "ahead of" if clock < 0 else "behind"
            assert printed.count(f"s {which} Telegram's; ages are counted by Telegram's.") == 1

    asyncio.run(run())


def test_doctor_says_who_the_bot_is(articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            fake.control_send_message({"chat_id": 5, "text": BRIDGE})
            code, printed = await ended(await start(fake, command=("doctor", "--telegram")))
            assert code == 0, printed
            assert "@fake_bot; reads in groups only what is meant for it; inline" in printed
            assert "1 waiting; no webhook, so the bot asks for updates" in printed
            assert "will be made by the first `sanad bot`" in printed
            assert TOKEN not in printed

    asyncio.run(run())
