from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from support.builders.telegram import BRIDGE, answered, bare, play, said, settled, tell
from support.builders.visit import VISIT
from support.servers.telegram.server import FakeTelegram

from bot.storage.alerts import Alert, ToldStory, write_alerts
from bot.storage.conversations import DAY
from bot.storage.database import ALERTS, now
from bot.storage.outbox import Destination
from bot.storage.watches import add_watch, watches_in
from bot.telegram.app.application import BotProcess
from bot.telegram.messages.html import MOST_POINTS
from retrieval.index.index import Index
from retrieval.types import Language

ALWAYS = {"telegram_quiet_hours": ""}


def put(service: BotProcess, name: str, text: str) -> None:
    """Let an article come into the folder, and into the index."""
    (Path("seeds") / name).write_text(text, encoding="utf-8")
    service._services.index.refresh(Path("seeds"))


async def press(fake: FakeTelegram, chat: int, button: str) -> str:
    """Press the newest button with some words, and return what its message says then."""
    messages = reversed(fake.control_messages({"chat_id": chat}))
    message, data = next((one, data) for one in messages for text, data in on_buttons(one) if text == button)
    fake.control_press_button({"chat_id": chat, "user_id": chat, "data": data})
    before = message["text"]
    async with asyncio.timeout(60):
        while message["text"] == before:
            await asyncio.sleep(0.02)
    return plain(message["text"])


def on_buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what stands on the buttons of a message, and what they send."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [(plain(one["text"]), one["callback_data"]) for row in rows for one in row]


def plain(text: str) -> str:
    return bare(text).replace("\u200e", "").replace("\u200f", "")


def _answers(fake: FakeTelegram) -> list[str]:
    calls = fake.control_calls({"method": "answerCallbackQuery"})
    return [bare(call["args"]["text"]) for call in calls if call["args"].get("text")]


def buttons(fake: FakeTelegram, chat: int) -> list[str]:
    """Return what stands on the buttons of the newest message."""
    return [text for text, _ in on_buttons(fake.control_messages({"chat_id": chat})[-1])]


def test_a_watched_name_is_told_once_with_its_quote_and_who_else_prints_it(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        assert await tell(fake, 5, "/watch Shoigu") == "Watching: Shoigu\nI tell you as soon as there is something new."
        assert buttons(fake, 5) == ["Once a day", "End this watch"]
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        told = bare((await answered(fake, 5, 2))[-1])
        assert told == (
            "New on what you watch: Shoigu\nوصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق يوم الاثنين في زيارة لم يعلن"
            " عنها.\nشويغو يصل إلى دمشق · وكالة الضفة · 20 May 2019"
        )
        assert buttons(fake, 5) == ["End this watch"]
        put(service, "copy.txt", VISIT.format(source="المرفأ"))
        await fake.control_wait({"method": "editMessageText"})
        assert bare(said(fake, 5)[-1]) == f"{told}\n+1 outlet: المرفأ"
        await settled(service)
        assert len(said(fake, 5)) == 2

    play(index, scenario, **ALWAYS)


def test_several_watches_of_one_story_are_one_message(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو", "ar")
        await tell(fake, 5, "/watch متى وصل شويغو إلى دمشق؟", "ar")
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        told = bare((await answered(fake, 5, 3))[-1])
        assert told.startswith(
            ("جديد عمّا تتابعه: شويغو · متى وصل شويغو", "جديد عمّا تتابعه: متى وصل شويغو إلى دمشق؟ · شويغو")
        )
        put(service, "bread.txt", "الخبز في اللاذقية\n\nارتفع سعر ربطة الخبز في اللاذقية إلى 200 ليرة مساء أمس.\n")
        await settled(service)
        assert len(said(fake, 5)) == 3

    play(index, scenario, **ALWAYS)


def test_many_stories_at_once_come_as_a_digest(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/watch اللاذقية", "ar")
        for number, word in enumerate(("الخبز", "الوقود", "الحليب", "الدقيق", "السكر")):
            (Path("seeds") / f"{number}.txt").write_text(
                f"أزمة {word}\n\nنفد {word} من أسواق اللاذقية منذ {number + 3} أيام، وتأخرت الشحنة {number} عنها.\n",
                encoding="utf-8",
            )
        service._services.index.refresh(Path("seeds"))
        told = bare((await answered(fake, 5, 2))[-1])
        assert told.startswith("جديد عمّا تتابعه:\n")
        assert told.count("• اللاذقية") == 5
        await settled(service)
        assert len(said(fake, 5)) == 2

    play(index, scenario, **ALWAYS)


def test_what_is_beyond_the_limit_of_a_day_waits(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو", "ar")
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        await answered(fake, 5, 2)
        put(service, "later.txt", "شويغو في بغداد\n\nوصل شويغو إلى بغداد فجر اليوم والتقى نظيره العراقي في المطار.\n")
        async with asyncio.timeout(60):
            while not await service._services.database.run(_waiting):
                await asyncio.sleep(0.05)
        assert len(said(fake, 5)) == 2

    play(index, scenario, telegram_alerts_per_day=1, **ALWAYS)


def _waiting(connection: Any) -> int:
    later = ALERTS.c.told_at.is_(None) & (ALERTS.c.due_at > now() + DAY / 2)
    count: int = connection.execute(select(func.count()).where(later)).scalar_one()
    return count


def test_what_came_due_while_the_bot_was_down_waits_for_the_end_of_the_quiet_hours(index: Index) -> None:
    hour = datetime.now(UTC).hour
    quiet = {"telegram_quiet_hours": f"{(hour - 1) % 24}-{(hour + 3) % 24}", "telegram_time_zone": "UTC"}
    dates: list[float] = []

    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        database = service._services.database
        await tell(fake, 5, "/watch شويغو")

        def late(connection: Connection) -> None:
            (own,) = watches_in(connection, "bot:123456", 5)
            story = ToldStory(frozenset("a"), frozenset(["a.txt"]))
            write_alerts(connection, [Alert(own.watch_id, "a", story, {"outlets": []}, now() - 5 * 3600)])

        await database.run(late)
        async with asyncio.timeout(60):
            while not dates:
                await asyncio.sleep(0.05)
                dates.extend(await database.run(_due))
        assert hour_of(dates[0]) == (hour + 3) % 24
        assert len(said(fake, 5)) == 1

    def _due(connection: Connection) -> list[float]:
        later = ALERTS.c.told_at.is_(None) & (ALERTS.c.due_at > now())
        return list(connection.execute(select(ALERTS.c.due_at).where(later)).scalars())

    def hour_of(time: float) -> int:
        return datetime.fromtimestamp(time, UTC).hour

    play(index, scenario, **quiet)


def test_watch_without_words_explains_itself_and_refuses_what_names_nothing(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert (await tell(fake, 5, "/watch")).startswith("Write a name or a question after the command")
        assert (await tell(fake, 5, "/watch ما هو؟")).startswith("I find no word to watch in that.")
        assert (await tell(fake, 5, f"/watch {'شويغو ' * 300}")).startswith("The question has")
        assert await tell(fake, 5, "/watches") == "I watch nothing here. Write /watch and a name or a question."
        assert await tell(fake, 5, "/unwatch") == "I watch nothing here. Write /watch and a name or a question."

    play(index, scenario)


def test_an_edited_message_sets_no_second_watch_and_says_so(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        number = fake.control_send_message({"chat_id": 5, "user_id": 5, "text": "/watch شويغو"})["message_id"]
        await answered(fake, 5)
        fake.control_edit_message({"chat_id": 5, "message_id": number, "text": "/watch Lavrov"})
        first, second = await answered(fake, 5, 2)
        assert bare(first).startswith("Watching: شويغو")
        assert bare(second).startswith("An edited message changes no watch.")
        assert plain(await tell(fake, 5, "/watches")) == "What I watch here:\n1. شويغو (at once)"

    play(index, scenario, **ALWAYS)


def test_a_reply_watches_the_question_of_an_answer_or_somebodys_words(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, BRIDGE, "ar")
        number = fake.control_messages({"chat_id": 5})[-1]["message_id"]
        assert (await tell(fake, 5, "/watch", "ar", reply_to_message_id=number)).startswith(f"أتابع: {BRIDGE}\n")
        number = fake.control_send_message({"chat_id": -9, "user_id": 6, "text": "شويغو في دمشق"})["message_id"]
        assert (await tell(fake, -9, "/watch", "ar", user_id=5, reply_to_message_id=number)).startswith(
            "أتابع: شويغو في دمشق\n"
        )

    play(index, scenario)


def test_watches_are_listed_ended_by_number_and_not_ended_twice(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو")
        await tell(fake, 5, "/watch Lavrov")
        listed = await tell(fake, 5, "/watches")
        assert plain(listed) == "What I watch here:\n1. شويغو (at once)\n2. Lavrov (at once)"
        assert buttons(fake, 5) == ["1. شويغو", "2. Lavrov"]
        assert await tell(fake, 5, "/unwatch 1") == "No longer watching: شويغو"
        assert await tell(fake, 5, "/unwatch 1") == "There is no watch 1 here. /watches lists them."
        assert await tell(fake, 5, "/watches") == "What I watch here:\n2. Lavrov (at once)"
        assert (await tell(fake, 5, "/unwatch")).startswith("Which watch shall I end?")
        assert await press(fake, 5, "2. Lavrov") == "No longer watching: Lavrov"

    play(index, scenario)


@pytest.mark.parametrize(("language", "command"), [("ar", "/watches"), ("en", "/unwatch")])
def test_many_long_watches_are_listed_in_messages_that_telegram_takes(
    index: Index, language: Language, command: str
) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        def work(connection: Connection) -> None:
            for number in range(90):
                text = f"{number} " + "من زار دمشق " * 80
                add_watch(connection, "bot:123456", Destination(5), user_id=5, text=text, language=language)

        await service._services.database.run(work)
        await tell(fake, 5, command, language)
        await answered(fake, 5, 3)
        messages = fake.control_messages({"chat_id": 5})[-3:]
        assert all(len(one["text"]) <= MOST_POINTS for one in messages)
        listed = [line.split(".")[0] for one in messages for line in plain(one["text"]).split("\n")[1:]]
        assert listed == [str(number + 1) for number in range(90)]
        assert sum(len(on_buttons(one)) for one in messages) == 90
        assert fake.control_violations({}) == []

    play(index, scenario)


def test_a_card_changes_when_a_watch_is_told(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        shown = await tell(fake, 5, "/watch شويغو")
        assert shown.endswith("What comes between 22:00 and 7:00 (Asia/Beirut) follows after that.")
        assert (await press(fake, 5, "At night too")).endswith("as soon as there is something new.")
        assert (await press(fake, 5, "Not at night")).endswith("follows after that.")
        assert (await press(fake, 5, "Once a day")).endswith(
            "At which hour shall I tell you what is new (Asia/Beirut)?"
        )
        assert (await press(fake, 5, "8:00")).endswith("I tell you once a day, at 8:00 (Asia/Beirut).")
        assert (await tell(fake, 5, "/watches")).endswith("1. شويغو (at 8:00)")
        assert (await press(fake, 5, "1. شويغو")).endswith("at 8:00 (Asia/Beirut).")

    play(index, scenario, telegram_time_zone="Asia/Beirut")


def test_a_person_has_so_many_watches_and_no_more(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو")
        assert await tell(fake, 5, "/watch لافروف") == "You have reached the limit of 1 watch. End one first: /unwatch"
        assert (await tell(fake, 5, "/watch شويغو")).startswith("Watching: شويغو")  # which is there already
        assert (await tell(fake, 6, "/watch لافروف")).startswith("Watching: لافروف")

    play(index, scenario, telegram_watches=1)


@pytest.mark.parametrize(("user", "may"), [(5, True), (6, False), (7, True), (8, True)])
def test_in_a_group_only_who_set_a_watch_or_an_admin_ends_it(index: Index, user: int, may: bool) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, -9, "/watch شويغو", user_id=5)
        fake.owners.add((-9, 8))
        shown = await tell(fake, -9, "/unwatch 1", user_id=user)
        assert shown == ("No longer watching: شويغو" if may else "Only who set this watch, or an admin, can change it.")
        if not may:
            fake.control_press_button({"chat_id": -9, "user_id": user, "text": "End this watch"})
            await fake.control_wait({"method": "answerCallbackQuery"})
            assert _answers(fake) == ["Only who set this watch, or an admin, can change it."]

    play(index, scenario, telegram_admins="7")


def test_who_may_not_ask_any_more_is_not_told(index: Index) -> None:
    async def first(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو", "ar")
        await tell(fake, 6, "/watch شويغو", "ar")

    async def second(fake: FakeTelegram, service: BotProcess) -> None:
        fake.next_update += 100
        for chat in (5, 6):
            fake.control_send_message({"chat_id": chat, "text": "/privacy"})
        await answered(fake, 5)
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        await answered(fake, 6, 2)
        await settled(service)
        assert len(said(fake, 5)) == 1

    play(index, first, **ALWAYS)
    play(index, second, telegram_users="6", **ALWAYS)


def test_what_an_admin_decides_says_who_is_told(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 7, "/help")
        await tell(fake, 9, "/watch شويغو")
        await answered(fake, 7, 2)
        await press(fake, 7, "Let in")
        await answered(fake, 9, 2)
        for chat in (9, 6):
            await tell(fake, chat, "/watch شويغو", "ar")
        await tell(fake, 7, "/revoke 6")
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        assert "شويغو" in (await answered(fake, 9, 4))[-1]
        await settled(service)
        assert len(said(fake, 6)) == 1

    play(index, scenario, telegram_users="6", telegram_admins="7", **ALWAYS)


def test_forget_ends_watches_and_says_so(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/watch شويغو")
        await tell(fake, 5, "/forget")
        assert "1 watch" in await press(fake, 5, "Delete")
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة"))
        await tell(fake, 6, "/watch شويغو")
        put(service, "later.txt", "شويغو في بغداد\n\nوصل شويغو إلى بغداد فجر اليوم والتقى نظيره العراقي في المطار.\n")
        await answered(fake, 6, 2)
        await settled(service)
        assert len(said(fake, 5)) == 2

    play(index, scenario, **ALWAYS)
