"""Browsing the archive by buttons: lists, filters, an article opened and asked about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.builders.telegram import BRIDGE, COST, answered, bare, play, said, settled, tell
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from bot.telegram.handlers.browsing import outlet_key
from bot.telegram.messages.archive_pages import ROWS_A_PAGE, UNSTATED, Step, View, step_of
from retrieval.index.index import Index

WHEAT = "ما سبب تراجع القمح في سوريا؟"


@pytest.fixture
def many(articles: Path, index: Index) -> Index:
    """Return the index with twenty more articles, of two outlets and four days."""
    for number in range(1, 21):
        outlet = "رويترز" if number % 2 else "Agence France-Presse"
        text = f"خبر رقم {number}\nالمصدر: {outlet}\n{10 + number % 4} يونيو 2019\n\nوقع حادث رقمه {number}.\n"
        (articles / f"n{number:02}.txt").write_text(text, encoding="utf-8")
    index.refresh(articles)
    return index


def rows(fake: FakeTelegram, chat: int = 5) -> list[list[dict[str, Any]]]:
    """Return the buttons under the newest message in a chat."""
    found: list[list[dict[str, Any]]] = fake.control_messages({"chat_id": chat})[-1]["reply_markup"]["inline_keyboard"]
    return found


def texts(fake: FakeTelegram) -> list[str]:
    return [bare(button["text"]) for row in rows(fake) for button in row]


async def press(fake: FakeTelegram, text: str) -> str:
    """Tap on a button of the newest message, and return what stands there once it was edited."""
    edits = len(fake.control_calls({"method": "editMessageText"}))
    (data,) = {one["callback_data"] for row in rows(fake) for one in row if bare(one["text"]) == text}
    fake.control_press_button({"chat_id": 5, "user_id": 5, "data": data})
    await fake.control_wait({"method": "editMessageText", "count": edits + 1})
    return bare(said(fake, 5)[-1])


@pytest.mark.parametrize(
    "step",
    [
        Step("list", View(999_999, "0123abcd", "2019-05-14")),
        Step("open", View(0, UNSTATED, UNSTATED), "0123456789ab", 12),
        Step("days", View(8, "0123abcd")),
    ],
)
def test_step_is_read_back_from_what_its_button_sends(step: Step) -> None:
    sent = step.view.after(step.verb, step.article, step.passage if step.article else None)  # type: ignore[arg-type]
    assert step_of(sent) == step
    assert len(f"browse/{sent}".encode()) <= 64


NO_DAYS = [f"{verb}@0,,{day}" for verb in ("list", "days") for day in ("2020-99-99", "2019-02-29", "0000-01-01")]


@pytest.mark.parametrize(
    "sent", ["", "list@1", "open:zz@0,,", "list@0,,2019", "rm:0123456789ab", "list@-1,,", *NO_DAYS]
)
def test_what_no_button_sends_leads_nowhere(sent: str) -> None:
    assert step_of(sent) is None


def test_newest_articles_are_paged_in_one_message(many: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        first = await tell(fake, 5, "/latest")
        assert first.startswith("Newest articles:")
        assert "Previous" not in texts(fake)
        second = await press(fake, "Next")
        assert f"{ROWS_A_PAGE + 1}. " in second
        third = await press(fake, "Next")
        assert "Next" not in texts(fake)
        titles = [line for page in (first, second, third) for line in page.split("\n") if "خبر رقم" in line]
        assert len(set(titles)) == 20
        assert await press(fake, "Previous") == second
        assert len(said(fake, 5)) == 1

    play(many, scenario)


def test_outlet_and_day_are_chosen_by_buttons(many: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "23 articles" in await tell(fake, 5, "/articles")
        assert "Agence France-Presse (10)" in texts(fake)
        assert texts(fake)[3] == "no outlet (2)"
        listed = await press(fake, "رويترز (10)")
        assert listed.startswith("\u200eرويترز:")
        assert "Agence" not in listed
        await press(fake, "By day")
        assert "11 June 2019 (5)" in texts(fake)
        assert "12 June 2019 (5)" not in texts(fake)  # of that outlet none
        listed = await press(fake, "11 June 2019 (5)")
        assert listed.startswith("\u200eرويترز · 11 June 2019:")
        assert listed.count("خبر رقم") == 5
        assert (await press(fake, "All articles")).startswith("Newest articles:")

    play(many, scenario)


def test_article_is_opened_read_on_and_left_for_its_list(index: Index, articles: Path) -> None:
    filler = "والعمل يجري وفق الخطة. " * 40
    parts = [f"بدأ العمل في المرحلة {name} من محطة الرياح. {filler}" for name in ("أ", "ب", "ج")]
    row = {"title": "محطة رياح", "date": "2019-06-20", "url": "https://example.org/wind", "text": "\n\n".join(parts)}
    (articles / "wind.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    index.refresh(articles)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        listed = await tell(fake, 5, "/latest")
        opened = await press(fake, "1")
        assert opened.startswith("محطة رياح")
        assert "المرحلة أ" in opened
        (link,) = (button["url"] for row in rows(fake) for button in row if "url" in button)
        assert link.startswith("https://example.org/wind#:~:text=")
        assert "Previous passage" not in texts(fake)
        later = await press(fake, "Next passage")
        assert later != opened
        assert await press(fake, "Previous passage") == opened
        assert await press(fake, "To the list") == listed
        assert len(said(fake, 5)) == 1

    play(index, scenario)


def test_questions_are_about_one_article_until_that_is_left(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/latest")
        await press(fake, "1")
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": f"about:{_bridge(index)}"})
        assert "Your next questions are about this article" in (await answered(fake, 5, 2))[-1]
        told = await tell(fake, 5, BRIDGE)
        assert told.startswith("من هذه المقالة ومما يروي خبرها: افتتاح جسر النيل")
        assert COST in told
        assert "بسبب الجفاف" not in await tell(fake, 5, WHEAT)
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": "leave"})
        await fake.control_wait({"method": "answerCallbackQuery", "count": 3})
        await settled(service)
        assert "بسبب الجفاف" in await tell(fake, 5, WHEAT)

    play(index, scenario)


def test_article_that_is_gone_narrows_nothing_any_more(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        await tell(fake, 5, "/latest")
        bridge = _bridge(index)
        await press(fake, "1")
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": f"about:{bridge}"})
        await answered(fake, 5, 2)
        (articles / "bridge.txt").unlink()
        index.refresh(articles)
        assert "بسبب الجفاف" in await tell(fake, 5, WHEAT)
        fake.control_press_button({"chat_id": 5, "user_id": 5, "text": f"about:{bridge}"})
        assert "removed" in (await answered(fake, 5, 4))[-1] or "حُذفت" in said(fake, 5)[-1]
        await settled(service)

    play(index, scenario)


def _bridge(index: Index) -> str:
    return index.article("bridge.txt").article_id


def test_outlets_have_short_keys_of_their_own() -> None:
    assert outlet_key("رويترز") != outlet_key("Reuters")
    assert outlet_key(None) == UNSTATED
