from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from filelock import FileLock
from support.builders.telegram import BRIDGE, COST, LENGTH, answered, play, settled, tell
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index
from retrieval.index.refresh import LOCK_NAME

ADMIN = 7
NOBODY = "ما اسم زوجة إيمانويل ماكرون؟"


ANSWERS_TO = [
    ("/start", "أهلًا بك في سند.", "Welcome to Sanad."),
    ("/start anything", "أهلًا بك في سند.", "Welcome to Sanad."),
    ("/start latest", "أحدث المقالات:", "Newest articles:"),
    ("/start ask", "اكتب السؤال بعد الأمر", "Write the question after the command"),
    ("/help", "اكتب سؤالك كما تكتبه لصديق.", "Write your question as you would to a friend."),
    ("/ask", "اكتب السؤال بعد الأمر", "Write the question after the command"),
    ("/sources", "لا مصادر أعرضها بعد", "There are no sources to show yet"),
    ("/cite", "لا مصادر أعرضها بعد", "There are no sources to show yet"),
    ("/card", "لا مصادر أعرضها بعد", "There are no sources to show yet"),
    ("/name", "اكتب الاسم بعد الأمر", "Write a name after the command"),
    ("/latest", "أحدث المقالات:", "Newest articles:"),
    ("/articles", "3 مقالات. اختر مصدرًا:", "3 articles. Choose an outlet:"),
    ("/language", "بأي لغة أخاطبك؟", "Which language shall I speak?"),
    ("/new", "بدأنا من جديد.", "A fresh start."),
    ("/why", "لا جواب أشرحه بعد", "There is no answer to explain yet"),
    ("/cancel", "ليس هناك جواب أوقفه الآن.", "There is nothing to stop."),
    ("/privacy", "ما أحفظه", "What I keep"),
    ("/forget", "سيُحذف كل ما أحفظه عنك", "Everything kept about you in all chats"),
    ("/forget نعم", "لا أحفظ عنك شيئًا.", "Nothing is kept about you."),
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
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, (command, arabic, english) in enumerate(ANSWERS_TO, start=1):
            assert (await tell(fake, chat, command, language)).startswith(arabic if language == "ar" else english)

    play(index, scenario)


def test_help_names_what_only_admins_have_to_admins(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "/reindex" in await tell(fake, ADMIN, "/help")
        assert "/reindex" not in await tell(fake, 5, "/help")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_ask_answers_its_question(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, command in enumerate(("/ask", "/ask@fake_bot", "\u200f/ask", "\u2066/ask\u2069", "/ASK\n"), start=1):
            assert COST in await tell(fake, chat, f"{command} {BRIDGE}")

    play(index, scenario)


@pytest.mark.parametrize(("style", "begins"), [("", "- «"), ("ris", "TY  - NEWS"), ("BibTeX", "@misc{"), ("csl", "[")])
def test_cite_writes_the_quotes_of_the_last_answer(index: Index, style: str, begins: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 1, BRIDGE)
        assert (await tell(fake, 1, f"/cite {style}")).startswith(begins)

    play(index, scenario)


def test_cite_names_its_styles_and_cites_no_refusal(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 1, BRIDGE)
        assert "md, ris, bibtex, csl" in await tell(fake, 1, "/cite mla")
        await tell(fake, 2, NOBODY)
        assert (await tell(fake, 2, "/cite")).startswith("لم أجد في المقالات")

    play(index, scenario)


def test_ask_as_a_reply_asks_what_it_replies_to(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        number = fake.control_send_message({"chat_id": -5, "user_id": 6, "text": BRIDGE})["message_id"]
        assert COST in await tell(fake, -5, "/ask", user_id=5, reply_to_message_id=number)

    play(index, scenario)


def test_sources_of_the_last_answer_are_listed_and_shown_in_their_article(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        listed = await tell(fake, 5, "/sources")
        assert listed.startswith("Sources of the last answer:")
        assert "افتتاح جسر النيل" in listed
        shown = await tell(fake, 5, "/sources 1")
        assert "وقال الوزير إن الجسر يختصر زمن الرحلة" in shown
        assert await tell(fake, 5, "/sources ٩") == "The last answer has no source ٩; it has 3."
        rows = fake.control_messages({"chat_id": 5})[3]["reply_markup"]["inline_keyboard"]
        keys, actions = zip(*(button["callback_data"].split("/") for row in rows for button in row), strict=True)
        assert len(set(keys)) == 1
        assert actions == ("source:1", "source:2", "source:3")

    play(index, scenario)


def test_sources_are_of_the_same_person_in_the_same_chat(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        assert (await tell(fake, -9, "/sources", user_id=5)).startswith("There are no sources")
        assert (await tell(fake, 6, "/sources")).startswith("There are no sources")

    play(index, scenario)


def test_sources_are_listed_in_the_language_of_whoever_asks_for_them(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, BRIDGE, "ar")
        await tell(fake, 5, "/language en", "ar")
        assert (await tell(fake, 5, "/sources", "ar")).startswith("Sources of the last answer:")

    play(index, scenario)


def test_an_answer_without_sources_says_so(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, NOBODY, "ar")
        assert await tell(fake, 5, "/sources", "ar") == "لم أجد في المقالات جوابًا عن سؤالك الأخير، فليس له مصادر."
        assert NOBODY in await tell(fake, 5, "/why", "ar")

    play(index, scenario)


def test_a_source_that_changed_or_went_says_so(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
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
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
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

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat, language, date in ((5, "ar", "14 مايو 2019"), (6, "en", "14 May 2019")):
            shown = (await tell(fake, chat, "/latest", language)).replace("\n\n", "\n")
            _, first, second, third, fourth = shown.split("\n")
            assert "جسر النيل" in first
            assert date in first
            assert "معرض الكتاب" in second
            assert "محصول القمح" in third
            assert "سوتشي" in fourth

    play(index, scenario)


def test_new_conversation_leans_on_nothing(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for chat in (5, 6):
            await tell(fake, chat, BRIDGE)
        await tell(fake, 6, "/new")
        assert COST in await tell(fake, 5, "ومتى كان ذلك؟")
        assert COST not in await tell(fake, 6, "ومتى كان ذلك؟")

    play(index, scenario)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["3 articles, ", "2 questions from 2 people", "Without an answer: 1", "Waiting: 0"]),
        ("ar", ["3 مقالات", "سؤالان من شخصين", "بلا جواب: 1", "في الانتظار: 0"]),
    ],
)
def test_stats_show_admins_the_figures(index: Index, language: str, expected: list[str]) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, LENGTH)
        await tell(fake, 6, NOBODY)
        await settled(service)
        shown = await tell(fake, ADMIN, "/stats", language)
        assert all(words in shown for words in expected)

    play(index, scenario, telegram_admins=str(ADMIN))


def test_reindex_takes_in_what_changed(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
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
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        articles.rename(articles.with_name("elsewhere"))
        fake.control_send_message({"chat_id": ADMIN, "text": "/reindex", "language_code": "ar"})
        assert (await answered(fake, ADMIN, 2))[1].startswith("تعذر تحديث الأرشيف")

    play(index, scenario, telegram_admins=str(ADMIN))


def test_reindex_gives_way_to_another(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        with FileLock(Path(".sanad") / LOCK_NAME):
            fake.control_send_message({"chat_id": ADMIN, "text": "/reindex", "language_code": "en"})
            assert (await answered(fake, ADMIN, 2))[1] == "The index is being renewed at the moment. Try again shortly."

    play(index, scenario, telegram_admins=str(ADMIN))


@pytest.mark.parametrize("command", ["/latest", "/sources"])
def test_commands_show_nothing_to_those_who_are_not_listed(index: Index, command: str) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert (await tell(fake, 5, command)).startswith("This bot is for its members only.")
        assert (await tell(fake, 5, "/privacy")).startswith("What I keep")

    play(index, scenario, telegram_users="6")


def test_a_names_sheet_quotes_the_articles(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        sheet = await tell(fake, 5, "/name أسوان", "ar")
        assert "صيغ الاسم:" in sheet
        assert "• أسوان: " in sheet

    play(index, scenario)


def test_sheet_of_a_name_counts_as_a_question(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "questions in a short time" not in await tell(fake, 5, "/name أسوان")
        assert "questions in a short time" in await tell(fake, 5, "/name أسوان")

    play(index, scenario, telegram_per_minute=1)
