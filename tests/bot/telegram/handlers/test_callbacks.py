"""Buttons: what each does, for whom, and what is said once what stands behind it has gone or changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select
from support.builders.layout import ink
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, said, serving, settled, telegram
from support.servers.model import ModelServer, says
from support.servers.telegram.server import FakeTelegram

from bot.storage.database import ANSWERS, FEEDBACK, Database
from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index
from retrieval.nlp.analysis import language_of

Scenario = Callable[[FakeTelegram, BotProcess], Awaitable[None]]
FILE = "sqlite:///kept.db"
TALKS = "متى التقى لافروف وبومبيو؟"


def play(index: Index, *scenarios: Scenario, **settings: Any) -> None:
    """Let scenes happen, each with a process of its own and the same database; each tap is answered once."""

    async def run() -> None:
        async with telegram() as fake:
            for scenario in scenarios:
                async with serving(fake, index, database_url=FILE, **settings) as service:
                    await scenario(fake, service)
                    await settled(service)
            answers = [call["args"]["callback_query_id"] for call in fake.control_calls({"method": "answerCallback*"})]
            assert sorted(answers) == sorted(set(answers))
            assert [key for key, one in fake.queries.items() if not one["answered"]] == []
            assert fake.control_violations({}) == []

    asyncio.run(run())


async def tap(fake: FakeTelegram, text: str, chat: int = 5, **more: Any) -> str | None:
    """Press a button, and return what shows for a moment, once the tap is answered."""
    count = len(fake.control_calls({"method": "answerCallbackQuery"}))
    fake.control_press_button({"chat_id": chat, "user_id": chat, "text": text, **more})
    calls = await fake.control_wait({"method": "answerCallbackQuery", "count": count + 1})
    found: str | None = calls[-1]["args"].get("text")
    return found


async def ask(fake: FakeTelegram, question: str, chat: int = 5) -> str:
    count = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "text": question})
    return (await answered(fake, chat, count + 1))[-1]


def key_of(fake: FakeTelegram, chat: int = 5) -> str:
    """Return the key that the buttons of the newest message in a chat name their answer by."""
    rows = fake.control_messages({"chat_id": chat})[-1]["reply_markup"]["inline_keyboard"]
    return str(rows[0][0]["callback_data"]).partition("/")[0]


async def edited(fake: FakeTelegram, count: int = 1) -> str:
    calls = await fake.control_wait({"method": "editMessageText", "count": count})
    return str(calls[-1]["args"]["text"])


@pytest.fixture
def long(articles: Path, index: Index) -> Index:
    """Return the index with an article of several passages."""
    filler = "وقالت الهيئة إن العمل في المحطة يجري وفق الخطة المعلنة من قبل. " * 11
    parts = [f"بدأ العمل في المرحلة {name} من محطة الرياح. {filler}" for name in ("الأولى", "الثانية", "الثالثة")]
    text = "محطة رياح جديدة في الزعفرانة\n\n" + "\n\n".join(parts) + "\n\nوبلغت كلفة محطة الرياح 900 مليون دولار.\n"
    (articles / "wind.txt").write_text(text, encoding="utf-8")
    index.refresh(articles)
    assert len(index.catalog.passages_of(index.article("wind.txt").article_id)) >= 3
    return index


def test_source_shows_the_quote_in_its_article_after_a_restart(index: Index) -> None:
    rows = {5: (BRIDGE, "source:1", "14 مايو 2019"), 6: (LENGTH, "source:1", "14 May 2019")}

    async def asking(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, (question, _button, _date) in rows.items():
            await ask(fake, question, chat)

    async def tapping(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, (_question, button, date) in rows.items():
            assert await tap(fake, button, chat) is None
            shown = (await answered(fake, chat, 2))[-1]
            assert date in shown
            assert "وكالة الضفة" in shown
            assert "يختصر زمن الرحلة" in shown  # what stands after the quote

    play(index, asking, tapping)


@pytest.mark.parametrize(
    ("question", "source", "turns", "page"),
    [
        ("كم بلغت كلفة محطة الرياح في الزعفرانة؟", "source:1", ("المقطع السابق", "المقطع التالي"), "المقطع"),
        (
            "How much did the wind station in Zafarana cost?",
            "source:1",
            ("Previous passage", "Next passage"),
            "Passage",
        ),
    ],
)
def test_neighbours_take_the_place_of_a_passage(
    long: Index, question: str, source: str, turns: tuple[str, str], page: str
) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        back, on = turns
        assert "900 مليون" in await ask(fake, question)
        await tap(fake, source)
        await answered(fake, 5, 2)
        told = await tap(fake, back)
        assert told
        assert told.replace("\u2067", "").startswith(page)
        first = await edited(fake)
        await tap(fake, back)
        assert await edited(fake, 2) != first
        await tap(fake, on)
        assert await edited(fake, 3) == first
        assert len(said(fake, 5)) == 2

    play(long, scenario)


def test_the_other_language_frames_the_same_quotes(index: Index) -> None:
    rows = {5: (BRIDGE, "أعد السؤال بالإنجليزية", "14 May 2019"), 6: (LENGTH, "Ask in Arabic", "14 مايو 2019")}

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, (question, button, frame) in rows.items():
            before = await ask(fake, question, chat)
            await tap(fake, button, chat)
            after = (await answered(fake, chat, 2))[-1]
            assert question in after
            assert frame in after
            assert frame not in before
            assert (COST in after) == (COST in before)

    play(index, scenario)


def test_a_model_answers_in_the_other_language(index: Index, server: ModelServer) -> None:
    model = {"llm": "openai-like:m", "llm_base_url": server.url, "llm_api_key": SecretStr("k")}

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه [{340 مليون}]."))
        assert "بلغت كلفة الجسر" in await ask(fake, BRIDGE)
        server.on("answer", says("The bridge cost 340 million pounds [{340 مليون}]."))
        await tap(fake, "أعد السؤال بالإنجليزية")
        assert "The bridge cost 340 million pounds" in (await answered(fake, 5, 2))[-1]

    play(index, scenario, **model)


def test_a_follow_up_is_asked_in_full_in_the_other_language(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await ask(fake, BRIDGE)
        await ask(fake, "وكم يبلغ طوله؟")
        await tap(fake, "أعد السؤال بالإنجليزية")
        assert "1800" in (await answered(fake, 5, 3))[-1]

    play(index, scenario)


def test_a_rating_is_kept_once_and_may_change(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, question, wrong in ((5, BRIDGE, "مصدر خاطئ"), (6, LENGTH, "Wrong source")):
            await ask(fake, question, chat)
            assert await tap(fake, "👍", chat)
            assert wrong in (await tap(fake, "👎", chat) or "")
            assert await tap(fake, wrong, chat)

    play(index, scenario)
    database = Database(FILE)
    rows = database.work(lambda connection: connection.execute(select(FEEDBACK.c.user_id, FEEDBACK.c.verdict)).all())
    database.close()
    assert sorted(tuple(row) for row in rows) == [(5, "wrong_source"), (6, "wrong_source")]


def test_a_suggestion_is_answered_with_something_new(index: Index, articles: Path) -> None:
    (articles / "visit.txt").write_text(
        "زيارة لافروف إلى القاهرة\n\nوصل لافروف إلى القاهرة يوم الأحد في زيارة رسمية تستمر ثلاثة أيام.\n\n"
        "وقال بومبيو إن واشنطن تدعم محادثات السلام في ليبيا وتدعو جميع الأطراف إلى الهدوء.\n",
        encoding="utf-8",
    )
    index.refresh(articles)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for language, (question, button) in enumerate(
            [
                ("متى وصل لافروف إلى القاهرة؟", "ماذا قال بومبيو؟"),
                ("When did Lavrov arrive in Cairo?", "What did Pompeo say?"),
            ]
        ):
            assert "ليبيا" not in await ask(fake, question)
            assert await tap(fake, button) is None
            found = (await answered(fake, 5, 2 * language + 2))[-1]
            assert button in found
            assert "ليبيا" in found

    play(index, scenario)


@pytest.mark.parametrize("button", ["source:1", "أعد السؤال بالإنجليزية"])
def test_a_double_tap_counts_once(index: Index, button: str) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await ask(fake, BRIDGE)
        await settled(service)
        for _ in range(3):
            fake.control_press_button({"chat_id": 5, "text": button})
        await fake.control_wait({"method": "answerCallbackQuery", "count": 3})
        await settled(service)
        assert len(said(fake, 5)) == 2

    play(index, scenario)


def test_a_changed_article_is_said_to_have_changed(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await ask(fake, BRIDGE)
        await ask(fake, LENGTH, 6)
        file = articles / "bridge.txt"
        file.write_text(file.read_text(encoding="utf-8").replace("340", "350"), encoding="utf-8")
        index.refresh(articles)
        assert "تغيرت المقالة منذ هذا الجواب" in (await tap(fake, "source:1") or "")
        assert "The article has changed since this answer" in (await tap(fake, "source:1", 6) or "")
        await settled(service)
        assert len(said(fake, 5)) == len(said(fake, 6)) == 1

    play(index, scenario)


def test_a_removed_article_is_said_to_be_gone(index: Index, articles: Path) -> None:
    async def asking(fake: FakeTelegram, _: BotProcess) -> None:
        await ask(fake, BRIDGE)
        await ask(fake, LENGTH, 6)
        (articles / "bridge.txt").unlink()
        index.refresh(articles)

    async def tapping(fake: FakeTelegram, _: BotProcess) -> None:
        assert "حُذفت هذه المقالة" in (await tap(fake, "source:1") or "")
        assert "This article was removed" in (await tap(fake, "source:1", 6) or "")

    play(index, asking, tapping)


def test_a_passage_of_before_a_change_says_so(long: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await ask(fake, "كم بلغت كلفة محطة الرياح في الزعفرانة؟")
        await tap(fake, "source:1")
        await answered(fake, 5, 2)
        file = articles / "wind.txt"
        file.write_text(file.read_text(encoding="utf-8") + "\nوأضيفت فقرة.\n", encoding="utf-8")
        long.refresh(articles)
        assert "تغيرت المقالة" in (await tap(fake, "المقطع السابق") or "")
        await settled(service)
        assert fake.control_calls({"method": "editMessageText"}) == []

    play(long, scenario)


def test_an_answer_that_is_kept_no_more_is_said_to_be_gone(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await ask(fake, BRIDGE)
        await service._services.database.run(lambda connection: connection.execute(delete(ANSWERS)))
        for button in ("source:1", "👍", "أعد السؤال بالإنجليزية"):
            assert "لم يعد هذا الجواب محفوظًا" in (await tap(fake, button) or "")

    play(index, scenario)


def test_others_see_sources_and_may_do_nothing_else(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        fake.control_send_message({"chat_id": -9, "user_id": 5, "text": f"/ask {LENGTH}"})
        await answered(fake, -9)
        assert "belongs to whoever asked" in (await tap(fake, "👍", -9, user_id=9) or "")
        assert "belongs to whoever asked" in (await tap(fake, "Ask in Arabic", -9, user_id=9) or "")
        assert "لصاحب السؤال" in (await tap(fake, "Wrong source", -9, user_id=10, language_code="ar") or "")
        assert await tap(fake, "source:1", -9, user_id=9) is None
        assert "1800" in (await answered(fake, -9, 2))[-1]

    play(index, scenario)


HUMAN = {"id": 5, "is_bot": False, "first_name": "User"}
CHAT = {"id": 5, "type": "private", "first_name": "User"}
TOO_OLD = {"message": {"chat": CHAT, "message_id": 3, "date": 0}}


MALFORMED = ("", "x", "KEY", "KEY/", "/what", "KEY/what", "KEY/source:99", "KEY/source:x", "KEY/passage:1:-5")
MALFORMED += ("KEY/passage:9:0", "KEY/ask:7", "0123456789ab/source:1", "x" * 64)


@pytest.mark.parametrize("where", [TOO_OLD, {"inline_message_id": "AAA"}], ids=["too old", "inline"])
def test_whatever_is_sent_for_a_button_is_answered(index: Index, where: dict[str, Any]) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await ask(fake, LENGTH)
        key = key_of(fake)
        for number, malformed in enumerate(MALFORMED, start=70):
            data = malformed.replace("KEY", key)
            query = {"id": str(number), "from": HUMAN, "chat_instance": "1", "data": data, **where}
            fake.queries[str(number)] = {"kind": "callback query", "time": 9e9, "answered": False}
            fake.control_update({"callback_query": query})
        await fake.control_wait({"method": "answerCallbackQuery", "count": len(MALFORMED)})
        await settled(service)
        assert len(said(fake, 5)) == 1

    play(index, scenario)


def test_source_under_a_message_that_is_too_old_is_shown(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await ask(fake, LENGTH)
        fake.queries["77"] = {"kind": "callback query", "time": 9e9, "answered": False}
        data = f"{key_of(fake)}/source:1"
        query = {"id": "77", "from": HUMAN, "chat_instance": "1", "data": data, **TOO_OLD}
        fake.control_update({"callback_query": query})
        assert "1800" in (await answered(fake, 5, 2))[-1]

    play(index, scenario)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "502"},
        {"kind": "error", "description": "Bad Request: query is too old and response timeout expired"},
    ],
    ids=["once more", "too late"],
)
def test_source_comes_though_the_tap_cannot_be_answered(index: Index, fault: dict[str, Any]) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index):
            await ask(fake, LENGTH)
            fake.control_fault({"method": "answerCallbackQuery", **fault})
            fake.control_press_button({"chat_id": 5, "text": "source:1"})
            assert "1800" in (await answered(fake, 5, 2))[-1]

    asyncio.run(run())


def test_two_questions_in_a_message_have_one_answer_with_its_own_numbers(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await ask(fake, f"{BRIDGE} {TALKS}")
        (answer,) = await answered(fake, 5)
        assert f"السؤال: {BRIDGE}" in answer
        assert f"السؤال: {TALKS}" in answer
        last = max(int(number) for number in re.findall(r"\[(\d+)\]", answer))
        await tap(fake, f"source:{last}")
        assert "سوتشي" in (await answered(fake, 5, 2))[-1]
        await ask(fake, "/why")
        assert [BRIDGE in one for one in (await answered(fake, 5, 4))[2:]] == [True, False]
        await ask(fake, "وماذا بحثا؟")
        assert "إدلب" in (await answered(fake, 5, 5))[-1]

    play(index, scenario)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_greeting_offers_a_question_in_each_language(index: Index, articles: Path, language: str) -> None:
    said_there = "لقاء في تونس\n\n15 مايو 2019\n\nوقال بومبيو إن واشنطن تدعم محادثات السلام في ليبيا.\n"
    (articles / "visit.txt").write_text(said_there, encoding="utf-8")
    index.refresh(articles)

    async def greeting(fake: FakeTelegram, _: BotProcess) -> None:
        fake.control_send_message({"chat_id": 5, "text": "/start", "language_code": language})
        await answered(fake, 5)

    async def tapping(fake: FakeTelegram, _: BotProcess) -> None:  # after a restart
        rows = fake.control_calls({"method": "sendMessage"})[0]["args"]["reply_markup"]["inline_keyboard"]
        shown = [button["text"] for row in rows for button in row]
        assert [language_of(text) for text in shown] == ["ar", "en"]
        for count, text in enumerate(shown, start=2):
            assert await tap(fake, text) is None
            told = (await answered(fake, 5, count))[-1]
            assert "محادثات السلام في ليبيا" in told
            assert ink(text) in ink(told)
        await tap(fake, shown[-1])
        assert (await ask(fake, "/sources")).startswith(("مصادر", "Sources"))
        assert len(said(fake, 5)) == 4  # a second tap at once asks nothing

    play(index, greeting, tapping)
