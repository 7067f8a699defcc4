from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from fake_telegram.server import FakeTelegram
from filelock import FileLock
from sqlalchemy import func, select
from telegrams import BRIDGE, COST, LENGTH, answered, play, said, serving, settled, telegram

from bot.conversations import language_of_person
from bot.database import ANSWERS, DIALOGUES, FEEDBACK, PEOPLE, TURNS, UPDATES, USES, Database, now
from bot.telegram.application import Service
from bot.telegram.profile import COMMANDS, DESCRIPTION, FOR_ADMINS, IN_GROUPS, IN_PRIVATE, SHORT_DESCRIPTION
from retrieval.index import Index
from retrieval.refresh import LOCK_NAME
from retrieval.types import Language

ADMIN = 7
NOBODY = "ما اسم زوجة إيمانويل ماكرون؟"


async def tell(fake: FakeTelegram, chat: int, text: str, language: str = "en", **more: Any) -> str:
    """Write to the bot, and return what it says to that, once it has."""
    before = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "text": text, "language_code": language, **more})
    return bare((await answered(fake, chat, before + 1))[-1])


def bare(text: str) -> str:
    """Return a text without the marks that tell directions."""
    return re.sub("[\u2066-\u2069]", "", text)


ANSWERS_TO = [
    ("/start", "أهلًا بك في سند.", "Welcome to Sanad."),
    ("/start anything", "أهلًا بك في سند.", "Welcome to Sanad."),
    ("/start latest", "أحدث المقالات:", "Newest articles:"),
    ("/start ask", "اكتب السؤال بعد الأمر", "Write the question after the command"),
    ("/help", "اكتب سؤالك كما تكتبه لصديق.", "Write your question as you would to a friend."),
    ("/ask", "اكتب السؤال بعد الأمر", "Write the question after the command"),
    ("/sources", "لا مصادر أعرضها بعد", "There are no sources to show yet"),
    ("/latest", "أحدث المقالات:", "Newest articles:"),
    ("/language", "بأي لغة أخاطبك؟", "Which language shall I speak?"),
    ("/new", "بدأنا من جديد.", "A fresh start."),
    ("/why", "لا جواب أشرحه بعد", "There is no answer to explain yet"),
    ("/cancel", "لا شيء أوقفه الآن.", "There is nothing to stop."),
    ("/privacy", "ما أحفظه", "What I keep"),
    ("/forget", "سيُحذف كل ما حُفظ عنك", "Everything kept about you in all chats"),
    ("/forget yes", "لا شيء محفوظًا عنك.", "Nothing is kept about you."),
    ("/stats", "هذا الأمر للمشرفين وحدهم.", "This command is for admins only."),
    ("/reindex", "هذا الأمر للمشرفين وحدهم.", "This command is for admins only."),
    ("/latst", "لا أعرف الأمر /latst. هل تقصد", "I do not know the command /latst. Did you mean /latest?"),
    ("/xyzzy", "لا أعرف الأمر", "I do not know the command /xyzzy. /help lists the commands."),
    ("/HELP@Fake_Bot", "اكتب سؤالك", "Write your question"),
    ("\u200f/help", "اكتب سؤالك", "Write your question"),
    ("\u200f \u200f/ask\n", "اكتب السؤال", "Write the question"),
]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_command_is_answered_in_the_language_of_the_client(index: Index, language: str) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        for chat, (command, arabic, english) in enumerate(ANSWERS_TO, start=1):
            assert (await tell(fake, chat, command, language)).startswith(arabic if language == "ar" else english)

    play(index, scenario)


def test_help_names_what_only_admins_have_to_admins(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        assert "/reindex" in await tell(fake, ADMIN, "/help")
        assert "/reindex" not in await tell(fake, 5, "/help")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_ask_answers_its_question(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        for chat, command in enumerate(("/ask", "/ask@fake_bot", "\u200f/ask", "/ASK\n"), start=1):
            assert COST in await tell(fake, chat, f"{command} {BRIDGE}")

    play(index, scenario)


def test_ask_as_a_reply_asks_what_it_replies_to(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        number = fake.control_send_message({"chat_id": -5, "user_id": 6, "text": BRIDGE})["message_id"]
        assert COST in await tell(fake, -5, "/ask", user_id=5, reply_to_message_id=number)

    play(index, scenario)


def test_sources_of_the_last_answer_are_listed_and_shown_in_their_article(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        await tell(fake, 5, LENGTH)
        listed = await tell(fake, 5, "/sources")
        assert listed.startswith("Sources of the last answer:")
        assert "افتتاح جسر النيل" in listed
        shown = await tell(fake, 5, "/sources 1")
        assert "وقال الوزير إن الجسر يختصر زمن الرحلة" in shown
        assert await tell(fake, 5, "/sources ٩") == "The last answer has no source ٩; it has 3."
        (row,) = fake.control_messages({"chat_id": 5})[3]["reply_markup"]["inline_keyboard"]
        assert [button["callback_data"] for button in row] == ["1/source:1", "1/source:2", "1/source:3"]

    play(index, scenario)


def test_sources_are_of_the_same_person_in_the_same_chat(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        await tell(fake, 5, LENGTH)
        assert (await tell(fake, -9, "/sources", user_id=5)).startswith("There are no sources")
        assert (await tell(fake, 6, "/sources")).startswith("There are no sources")

    play(index, scenario)


def test_an_answer_without_sources_says_so(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        await tell(fake, 5, NOBODY, "ar")
        assert await tell(fake, 5, "/sources", "ar") == "لم يجد سؤالك الأخير جوابًا في المقالات، فليس له مصادر."
        assert NOBODY in await tell(fake, 5, "/why", "ar")

    play(index, scenario)


def test_a_source_that_changed_or_went_says_so(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: Service) -> None:
        await tell(fake, 5, LENGTH)
        text = (articles / "bridge.txt").read_text(encoding="utf-8")
        for content, words in ((text + "\nانتهى الخبر.\n", "has changed"), (None, "was removed")):
            path = articles / "bridge.txt"
            if content:
                path.write_text(content, encoding="utf-8")
            else:
                path.unlink()
            await asyncio.to_thread(index.refresh, articles)
            assert words in await tell(fake, 5, "/sources 1")

    play(index, scenario)


def test_why_tells_how_the_last_answer_came_about(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        await tell(fake, 5, LENGTH)
        account = await tell(fake, 5, "/why")
        assert LENGTH in account
        assert "افتتاح جسر النيل" in account

    play(index, scenario)


def test_latest_lists_the_newest_articles_first(index: Index, articles: Path) -> None:
    (articles / "old.txt").write_text(
        "معرض الكتاب في القاهرة\n3 يناير 2001\n\nافتتح معرض الكتاب في القاهرة اليوم.\n", encoding="utf-8"
    )
    index.refresh(articles)

    async def scenario(fake: FakeTelegram, _: Service) -> None:
        for chat, language, date in ((5, "ar", "14 مايو 2019"), (6, "en", "14 May 2019")):
            _, first, second, third, fourth = (
                (await tell(fake, chat, "/latest", language)).replace("\n\n", "\n").split("\n")
            )
            assert "جسر النيل" in first
            assert date in first
            assert "معرض الكتاب" in second
            assert "محصول القمح" in third
            assert "سوتشي" in fourth

    play(index, scenario)


def test_chosen_language_outlasts_what_is_written(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        assert await tell(fake, 5, "/language en", "ar") == "I will speak English."
        await tell(fake, 5, BRIDGE, "ar")
        assert (await tell(fake, 5, "/start", "ar")).startswith("Welcome")
        assert await tell(fake, 5, "/language العربية") == "سأخاطبك بالعربية."
        await tell(fake, 6, LENGTH, "en")
        assert (await tell(fake, 6, "/start", "en")).startswith("Welcome")

    play(index, scenario)


def test_language_is_chosen_by_its_owner_s_button(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: Service) -> None:
        await tell(fake, -9, "/language", user_id=5)
        fake.control_press_button({"chat_id": -9, "user_id": 6, "text": "العربية"})
        (refusal,) = await fake.control_wait({"method": "answerCallbackQuery"})
        assert "belongs to whoever asked" in refusal["args"]["text"]
        fake.control_press_button({"chat_id": -9, "user_id": 5, "text": "العربية"})
        await fake.control_wait({"method": "editMessageText"})
        await settled(service)
        assert said(fake, -9) == ["سأخاطبك بالعربية."]

    play(index, scenario)


def test_new_conversation_leans_on_nothing(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        for chat in (5, 6):
            await tell(fake, chat, BRIDGE)
        await tell(fake, 6, "/new")
        assert COST in await tell(fake, 5, "ومتى كان ذلك؟")
        assert COST not in await tell(fake, 6, "ومتى كان ذلك؟")

    play(index, scenario)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["Kept for 90 days", "to no other service than Telegram", "They are not written to its logs."]),
        ({"log_messages": True, "telegram_keep_days": 1}, ["Kept for 1 day,", "They are written to its logs, too."]),
    ],
)
def test_privacy_says_what_is_so(index: Index, settings: dict[str, Any], expected: list[str]) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
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
        ("ar", "احذف", "حُذف نهائيًا: سؤالان، جوابان، تقييم واحد، لغة واحدة."),
        ("en", "Delete", "Deleted for good: 2 questions, 2 answers, 1 rating, 1 language."),
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
                await tell(fake, 5, "/forget yes", language)
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
    async def scenario(fake: FakeTelegram, service: Service) -> None:
        await tell(fake, 5, LENGTH)
        await tell(fake, 5, "/forget")
        fake.control_press_button({"chat_id": 5, "text": "Keep"})
        await fake.control_wait({"method": "editMessageText"})
        await settled(service)
        assert said(fake, 5)[-1] == "Nothing was deleted."
        assert (await tell(fake, 5, "/sources")).startswith("Sources")

    play(index, scenario)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["3 articles, ", "2 questions from 2 people", "Without an answer: 1", "Waiting: 0"]),
        ("ar", ["3 مقالات", "سؤالان من شخصين", "بلا جواب: 1", "في الانتظار: 0"]),
    ],
)
def test_stats_show_admins_the_figures(index: Index, language: str, expected: list[str]) -> None:
    async def scenario(fake: FakeTelegram, service: Service) -> None:
        await tell(fake, 5, LENGTH)
        await tell(fake, 6, NOBODY)
        await settled(service)
        shown = await tell(fake, ADMIN, "/stats", language)
        assert all(words in shown for words in expected)

    play(index, scenario, telegram_admins=str(ADMIN))


def test_reindex_takes_in_what_changed(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        (articles / "museum.txt").write_text(
            "متحف القوارب في رشيد\n\nبلغت كلفة متحف القوارب في رشيد 77 مليون جنيه.\n", encoding="utf-8"
        )
        (articles / "harvest.txt").unlink()
        fake.control_send_message({"chat_id": ADMIN, "text": "/reindex", "language_code": "en"})
        first, report = await answered(fake, ADMIN, 2)
        assert first.startswith("Going through")
        assert "New 1 · changed 0 · moved 0 · deleted 1 · unreadable 0" in report
        assert "77 مليون" in await tell(fake, 5, "كم بلغت كلفة متحف القوارب في رشيد؟")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_reindex_says_what_keeps_it_from_happening(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        articles.rename(articles.with_name("elsewhere"))
        fake.control_send_message({"chat_id": ADMIN, "text": "/reindex", "language_code": "ar"})
        assert (await answered(fake, ADMIN, 2))[1].startswith("تعذرت إعادة الفهرسة")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_reindex_gives_way_to_another(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        with FileLock(Path(".sanad") / LOCK_NAME):
            fake.control_send_message({"chat_id": ADMIN, "text": "/reindex", "language_code": "en"})
            assert (await answered(fake, ADMIN, 2))[1] == "The index is being renewed at the moment. Try again shortly."

    play(index, scenario, telegram_admins=str(ADMIN))


@pytest.mark.parametrize("command", ["/latest", "/sources"])
def test_commands_show_nothing_to_those_who_are_not_listed(index: Index, command: str) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        assert (await tell(fake, 5, command)).startswith("This bot is for its members only.")
        assert (await tell(fake, 5, "/privacy")).startswith("What I keep")

    play(index, scenario, telegram_users="6")


def test_what_is_no_text_is_told_so(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: Service) -> None:
        fake.incoming({"chat_id": 5, "language_code": "ar"}, {"location": {"latitude": 30.0, "longitude": 31.0}})
        assert await answered(fake, 5) == ["أقرأ الأسئلة المكتوبة وحدها. اكتب سؤالك من فضلك."]

    play(index, scenario)


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
