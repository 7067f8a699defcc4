from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from support.builders.telegram import BRIDGE, LENGTH, bare, play, said, serving, settled, telegram, tell
from support.servers.telegram.server import FakeTelegram

from bot.storage.conversations import language_of_person
from bot.storage.database import ANSWERS, DIALOGUES, FEEDBACK, PEOPLE, TURNS, UPDATES, USES, Database, now
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index
from retrieval.types import Language


def test_chosen_language_outlasts_what_is_written(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert await tell(fake, 5, "/language en", "ar") == "I will speak English."
        await tell(fake, 5, BRIDGE, "ar")
        assert (await tell(fake, 5, "/start", "ar")).startswith("Welcome")
        assert await tell(fake, 5, "/language العربية") == "سأخاطبك بالعربية."
        await tell(fake, 6, LENGTH, "en")
        assert (await tell(fake, 6, "/start", "en")).startswith("Welcome")

    play(index, scenario)


def test_language_is_chosen_by_its_owner_s_button(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, -9, "/language", user_id=5)
        fake.control_press_button({"chat_id": -9, "user_id": 6, "text": "العربية"})
        (refusal,) = await fake.control_wait({"method": "answerCallbackQuery"})
        assert "belongs to whoever asked" in refusal["args"]["text"]
        fake.control_press_button({"chat_id": -9, "user_id": 5, "text": "العربية"})
        await fake.control_wait({"method": "editMessageText"})
        await settled(service)
        assert said(fake, -9) == ["سأخاطبك بالعربية."]

    play(index, scenario)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["Kept for 90 days", "to no other service than Telegram", "They are not written to its logs."]),
        (
            {"log_messages": True, "telegram_keep_days": 1},
            ["Kept for 1 day,", "They are written to its logs, too."],
        ),
    ],
)
def test_privacy_says_what_is_so(index: Index, settings: dict[str, Any], expected: list[str]) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        shown = await tell(fake, 5, "/privacy")
        assert all(words in shown for words in expected)

    play(index, scenario, **settings)


def rows(database: Database, person: int) -> dict[str, int]:
    """Return in which tables rows of a person or of their chat are left."""
    tables = (ANSWERS, DIALOGUES, FEEDBACK, PEOPLE, UPDATES, USES)

    def work(connection: Any) -> dict[str, int]:
        found = {
            table.name: connection.execute(select(func.count()).where(table.c.user_id == person)).scalar_one()
            for table in tables
        }
        found["turns"] = connection.execute(
            select(func.count()).select_from(TURNS.join(DIALOGUES, TURNS.c.dialogue_id == DIALOGUES.c.dialogue_id))
        ).scalar_one()
        return {name: count for name, count in found.items() if count}

    return database.work(work)


def rate(database: Database, person: int) -> None:
    """Rate a person's newest answer."""

    def work(connection: Any) -> None:
        newest = connection.execute(select(func.max(ANSWERS.c.answer_id))).scalar_one()
        values = {"answer_id": newest, "user_id": person, "verdict": "good", "given_at": now()}
        connection.execute(FEEDBACK.insert().values(values))

    database.work(work)


@pytest.mark.parametrize("by_button", [False, True])
@pytest.mark.parametrize(
    ("language", "button", "account"),
    [
        ("ar", "احذف", "حُذف نهائيًا: سؤالان، جوابان، تقييم واحد، لغة مخاطبتك."),
        ("en", "Delete", "Deleted for good: 2 questions, 2 answers, 1 rating, your language."),
    ],
)
def test_forget_deletes_every_row_and_says_what(
    index: Index, language: Language, button: str, account: str, by_button: bool
) -> None:
    database = Database("sqlite:///c.db")

    async def scenario() -> None:
        async with telegram() as fake, serving(fake, index, database, telegram_per_day=2) as service:
            for question in (BRIDGE, LENGTH) if language == "en" else (LENGTH, BRIDGE):
                await tell(fake, 5, question)
            rate(database, 5)
            if by_button:
                await tell(fake, 5, "/forget", language)
                assert "answers" in rows(database, 5)
                fake.control_press_button({"chat_id": 5, "text": button})
                await fake.control_wait({"method": "editMessageText"})
            else:
                await tell(fake, 5, "/forget نعم" if language == "ar" else "/forget yes", language)
            await settled(service)
            assert bare(said(fake, 5)[-1]) == account
            assert rows(database, 5) == {}
            kept = database.work(lambda connection: connection.execute(select(UPDATES.c.payload)).scalars().all())
            assert not any(kept)
            assert (await tell(fake, 5, LENGTH, "en")).startswith("You have reached today’s limit")
            assert fake.control_violations({}) == []

    try:
        asyncio.run(scenario())
    finally:
        database.close()


def test_forget_leaves_others_alone(index: Index, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'c.db'}")

    async def scenario() -> None:
        async with telegram() as fake, serving(fake, index, database) as service:
            await tell(fake, 6, LENGTH)
            await tell(fake, 5, LENGTH)
            await tell(fake, 5, "/forget yes")
            await settled(service)
            assert {"answers", "dialogues", "turns", "people", "uses", "updates"} == {*rows(database, 6)}
            assert database.work(lambda connection: language_of_person(connection, 5)) is None

    try:
        asyncio.run(scenario())
    finally:
        database.close()


def test_forget_can_be_thought_better_of(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        await tell(fake, 5, "/forget")
        fake.control_press_button({"chat_id": 5, "text": "Keep"})
        await fake.control_wait({"method": "editMessageText"})
        await settled(service)
        assert said(fake, 5)[-1] == "Nothing was deleted."
        assert (await tell(fake, 5, "/sources")).startswith("Sources")

    play(index, scenario)
