"""Ratings and their reasons, and what admins are told of them."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial

import pytest
from support.builders.telegram import BRIDGE, COST, answered, bare, play, said, settled, tell
from support.servers.telegram.server import FakeTelegram
from typer.testing import CliRunner

from bot.cli.main import app
from bot.rendering.judgements import Judgement
from bot.storage.database import Database
from bot.storage.feedback import LONGEST_REMARK, ratings, unanswered_questions
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

ADMIN = 7
FILE = "sqlite:///kept.db"
NOBODY = "ما اسم زوجة إيمانويل ماكرون؟"


async def tap(fake: FakeTelegram, text: str, chat: int = 5, user: int = 5) -> str:
    """Press a button, and return what shows for a moment, once the tap is answered."""
    count = len(fake.control_calls({"method": "answerCallbackQuery"}))
    fake.control_press_button({"chat_id": chat, "user_id": user, "text": text})
    calls = await fake.control_wait({"method": "answerCallbackQuery", "count": count + 1})
    return str(calls[-1]["args"].get("text"))


async def rated_bad(fake: FakeTelegram, chat: int = 5) -> int:
    """Ask, call the answer bad, and return the number of the message that asks why."""
    before = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "user_id": 5, "text": f"/ask {BRIDGE}", "language_code": "en"})
    await answered(fake, chat, before + 1)
    await tap(fake, "bad", chat)
    await answered(fake, chat, before + 2)
    number: int = fake.control_messages({"chat_id": chat})[-1]["message_id"]
    return number


def kept() -> list[Judgement]:
    with closing(Database(FILE)) as database:
        return database.work(partial(ratings, limit=9))


@pytest.mark.parametrize("chat", [5, -9])
def test_reason_is_chosen_and_said_in_words(index: Index, chat: int) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        number = await rated_bad(fake, chat)
        assert said(fake, chat)[-1].startswith("ما الخلل في الجواب؟")
        await tap(fake, "reason:old", chat)
        await settled(service)
        assert "شكرًا، سُجّل السبب: قديم" in said(fake, chat)[-1]
        words = {"text": "الجسر افتُتح قبل ذلك", "reply_to_message_id": number}
        fake.control_send_message({"chat_id": chat, "user_id": 5, **words})
        assert "شكرًا" in (await answered(fake, chat, 3))[-1]
        await settled(service)

    play(index, scenario, database_url=FILE)
    (only,) = kept()
    assert (only.verdict, only.reason, only.words) == ("bad", "old", "الجسر افتُتح قبل ذلك")
    assert only.question == BRIDGE
    assert only.sources


def test_another_rating_forgets_the_reason_of_the_one_before(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await rated_bad(fake)
        await tap(fake, "reason:wrong")
        await tap(fake, "good")
        await settled(service)

    play(index, scenario, database_url=FILE)
    assert [(one.verdict, one.reason) for one in kept()] == [("good", None)]


def test_reply_of_somebody_else_is_a_question_and_no_reason(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        number = await rated_bad(fake, -9)
        assert "belongs to whoever asked" in await tap(fake, "reason:old", -9, 6)
        fake.control_send_message({"chat_id": -9, "user_id": 6, "text": BRIDGE, "reply_to_message_id": number})
        assert COST in (await answered(fake, -9, 3))[-1]
        await settled(service)

    play(index, scenario, database_url=FILE)
    assert [(one.verdict, one.reason, one.words) for one in kept()] == [("bad", None, None)]


def test_what_is_kept_of_words_is_bounded(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        number = await rated_bad(fake)
        fake.control_send_message({"chat_id": 5, "text": "كلمة " * 700, "reply_to_message_id": number})
        await answered(fake, 5, 3)
        await settled(service)

    play(index, scenario, database_url=FILE)
    assert len(kept()[0].words or "") == LONGEST_REMARK


def test_admins_list_ratings_and_questions_without_an_answer(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        assert await tell(fake, ADMIN, "/feedback") == "No ratings yet, and no questions without an answer."
        await rated_bad(fake)
        await tap(fake, "reason:off_topic")
        await tell(fake, 6, NOBODY)
        await settled(service)
        shown = await tell(fake, ADMIN, "/feedback", "en")
        assert BRIDGE in shown
        assert "Not what I asked" in shown
        assert shown.index("Questions without an answer") < shown.index(NOBODY)
        assert await tell(fake, 5, "/feedback", "ar") == "هذا الأمر للمشرفين وحدهم."
        assert (await tell(fake, 5, "/forget yes")).startswith("حُذف نهائيًا")
        assert BRIDGE not in bare(await tell(fake, ADMIN, "/feedback", "en"))

    play(index, scenario, telegram_admins=str(ADMIN), database_url=FILE)
    assert kept() == []
    with closing(Database(FILE)) as database:
        (declined,) = database.work(partial(unanswered_questions, limit=9))
    assert (declined.question, declined.verdict) == (NOBODY, None)


def test_terminal_lists_them_as_a_table_and_as_json(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await rated_bad(fake)
        await tap(fake, "reason:wrong")
        await tell(fake, 6, NOBODY)
        await settled(service)

    play(index, scenario, database_url=FILE)
    monkeypatch.setenv("SANAD_DATABASE_URL", FILE)
    monkeypatch.setenv("COLUMNS", "200")
    table = CliRunner().invoke(app, ["feedback"])
    assert table.exit_code == 0
    assert "Ratings: 1" in table.output
    assert "wrong" in table.output
    assert NOBODY in bare(table.output)
    lines = [json.loads(line) for line in CliRunner().invoke(app, ["feedback", "--json"]).output.splitlines()]
    assert [(one["question"], one["verdict"], one["reason"]) for one in lines] == [
        *((BRIDGE, "bad", "wrong"), (NOBODY, None, None))
    ]
