"""What an admin does with an article by reply or by button, and what others may not."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.builders.files import lines
from support.builders.telegram import answered, bare, play, said, serving, telegram
from support.servers.telegram.server import FakeTelegram
from support.servers.web import WebServer, gives

from bot.telegram.app.application import BotProcess
from bot.telegram.handlers.article_edits import Edit, edit_of
from retrieval.corpus.articles import read_overrides
from retrieval.corpus.former_texts import read_former
from retrieval.index.index import Index

ADMIN = 7
NEWS = "متحف القوارب في رشيد\n\nافتتح وزير الثقافة متحف القوارب في رشيد، وبلغت كلفته 77 مليون جنيه.\n"
OTHER = NEWS.replace("77", "88")
ASKED = "كم بلغت كلفة متحف القوارب في رشيد؟"
Scenario = Callable[[FakeTelegram, BotProcess], Awaitable[None]]


def played(index: Index, scenario: Scenario, **more: Any) -> None:
    play(index, scenario, telegram_admins=str(ADMIN), **more)


async def send(fake: FakeTelegram, name: str, content: str | bytes = NEWS, **more: Any) -> str:
    data = content if isinstance(content, bytes) else content.encode()
    return await _sent(
        fake, fake.control_send_document, more, file_name=name, content_base64=base64.b64encode(data).decode()
    )


async def write(fake: FakeTelegram, text: str, **more: Any) -> str:
    return await _sent(fake, fake.control_send_message, more, text=text)


async def _sent(fake: FakeTelegram, control: Callable[[Any], Any], more: dict[str, Any], **own: Any) -> str:
    chat = more.get("chat_id", ADMIN)
    count = len(said(fake, chat))
    control({"chat_id": chat, "language_code": "en", **own, **more})
    return bare((await answered(fake, chat, count + 1))[-1])


def last(fake: FakeTelegram, chat: int = ADMIN) -> Any:
    """Return the last message of the bot in a chat."""
    return [message for message in fake.control_messages({"chat_id": chat}) if message["from"] == fake.me][-1]


async def press(fake: FakeTelegram, label: str, expected: str, chat: int = ADMIN) -> None:
    """Press a button of the last message, and wait until that message says something."""
    number = last(fake, chat)["message_id"]
    fake.control_press_button({"chat_id": chat, "user_id": chat, "message_id": number, "text": label})
    async with asyncio.timeout(60):
        while expected not in bare(last(fake, chat)["text"]):
            await asyncio.sleep(0.02)
    assert last(fake, chat)["message_id"] == number


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("remove", Edit({}, removes=True)),
        ("Delete.", Edit({}, removes=True)),
        ("إحذف", Edit({}, removes=True)),
        ("احذفها!", Edit({}, removes=True)),
        ("Title: New museum", Edit({"title": "New museum"})),
        ("العنوان: «متحف» جديد\nالمصدر: سانا", Edit({"title": "«متحف» جديد", "source": "سانا"})),
        ("التاريخ: ٣ آذار ٢٠٢١", Edit({"published": "2021-03-03"})),
        ("date: الثلاثاء 14 مايو", Edit({"published": "", "dated": "الثلاثاء 14 مايو"})),
        ("source:", Edit({"source": ""})),
        ("date: soon", Edit(None)),
        ("متى افتتح المتحف؟", None),
        ("title: a\nand what else?", None),
        ("remove it from what?", None),
        ("", None),
    ],
)
def test_a_reply_is_an_edit_or_a_question(text: str, edit: Edit | None) -> None:
    assert edit_of(text) == edit


def test_an_article_is_corrected_by_reply(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        about = last(fake)["message_id"]
        correction = "title: متحف رشيد\nsource: سانا\ndate: 3 March 2021"
        reply = await write(fake, correction, reply_to_message_id=about)
        for part in ("was corrected", "متحف رشيد", "سانا", "3 March 2021"):
            assert part in reply
        assert read_overrides(articles) == {
            "added/museum.txt": {"title": "متحف رشيد", "source": "سانا", "published": "2021-03-03"}
        }
        again = await write(fake, "المصدر:", reply_to_message_id=last(fake)["message_id"], language_code="ar")
        assert "صُحّحت المقالة" in again
        assert "سانا" not in again
        assert "3 مارس 2021" in again
        assert "do not understand this date" in await write(fake, "date: soon", reply_to_message_id=about)
        (held,) = [one for one in index.catalog.articles() if one.path == "added/museum.txt"]
        assert (held.title, held.source, held.published) == ("متحف رشيد", None, "2021-03-03")

    played(index, scenario)


def test_a_reply_that_asks_is_answered(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        assert "77 مليون" in await write(fake, ASKED, reply_to_message_id=last(fake)["message_id"])
        assert "was removed" not in await write(fake, "remove")  # as no reply it is about no article
        assert "77 مليون" in await write(fake, ASKED)

    played(index, scenario)


def test_an_article_is_removed_by_reply_with_what_was_said_of_it(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        about = last(fake)["message_id"]
        await write(fake, "source: سانا", reply_to_message_id=about)
        assert "حُذفت المقالة: متحف القوارب في رشيد" in await write(
            fake, "احذف", reply_to_message_id=about, language_code="ar"
        )
        assert not (articles / "added/museum.txt").exists()
        assert read_overrides(articles) == {}
        assert "77" not in await write(fake, ASKED)
        assert "من قبل" not in await write(fake, "remove", reply_to_message_id=about)
        assert index.catalog.article_at("added/museum.txt") is None

    played(index, scenario)


def test_an_article_is_removed_by_its_button_once_that_is_certain(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        await press(fake, "Remove", "Remove this article for good? متحف القوارب في رشيد")
        await press(fake, "Keep", "The article stays.")
        assert (articles / "added/museum.txt").exists()
        await send(fake, "other.txt", OTHER.replace("رشيد", "دمياط"))
        await press(fake, "Remove", "for good?")
        await press(fake, "Delete", "The article was removed")
        assert not (articles / "added/other.txt").exists()

    played(index, scenario)


def test_a_file_that_replies_takes_the_place_of_the_article(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        about = last(fake)["message_id"]
        assert "brought up to date" in await send(fake, "from the desk.md", OTHER, reply_to_message_id=about)
        assert [file.name for file in (articles / "added").iterdir()] == ["museum.md"]
        assert [former.text for former in read_former(articles)["added/museum.md"]] == [NEWS]
        assert "88 مليون" in await write(fake, ASKED)
        gone = await send(fake, "again.txt", NEWS, reply_to_message_id=about)
        assert "لم يعد موجودًا" in gone  # it goes by another name since

    played(index, scenario)


@pytest.mark.parametrize(
    ("label", "expected", "held"),
    [
        ("Replace", "brought up to date", {"museum.txt": OTHER}),
        ("Keep both", "The article was added", {"museum.txt": NEWS, "other": OTHER}),
        ("Leave the new one out", "left out", {"museum.txt": NEWS}),
    ],
)
def test_the_same_name_with_other_content_is_asked_about(
    index: Index, articles: Path, label: str, expected: str, held: dict[str, str]
) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        assert "another file was added by this name" in await send(fake, "museum.txt", OTHER)
        assert (articles / "added/museum.txt").read_text(encoding="utf-8") == NEWS
        await press(fake, label, expected)
        files = {file.name: file.read_text(encoding="utf-8") for file in (articles / "added").iterdir()}
        assert sorted(files.values()) == sorted(held.values())
        assert files["museum.txt"] == held["museum.txt"]

    played(index, scenario)


def test_a_table_of_several_is_one_file(index: Index, articles: Path) -> None:
    rows = lines({"text": NEWS}, {"text": OTHER.replace("رشيد", "دمياط")})

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "2 articles" in await send(fake, "rows.jsonl", rows)
        about = last(fake)["message_id"]
        assert "all that the file holds" in await write(fake, "source: سانا", reply_to_message_id=about)
        assert {one.source for one in index.catalog.articles() if one.path.startswith("added/")} == {"سانا"}
        assert "several articles" in await write(fake, "title: x", reply_to_message_id=about)
        await write(fake, "remove", reply_to_message_id=about)
        assert not (articles / "added/rows.jsonl").exists()

    played(index, scenario)


def test_a_page_is_about_its_article_too(index: Index, web: WebServer, articles: Path) -> None:
    web.pages["/news"] = gives(NEWS, "text/plain; charset=utf-8")

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await write(fake, web.url("/news"))
        await write(fake, "source: سانا", reply_to_message_id=last(fake)["message_id"])
        assert list(read_overrides(articles).values()) == [{"source": "سانا"}]

    played(index, scenario, allow_private_addresses=True)


def test_only_admins_edit(index: Index, articles: Path) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, telegram_admins=str(ADMIN)):
                await send(fake, "museum.txt")
            about = last(fake)["message_id"]
            async with serving(fake, index):  # an admin no more
                assert "Only admins" in await write(fake, "remove", reply_to_message_id=about)
                assert "Only admins" in await write(fake, "title: x", reply_to_message_id=about)
                fake.control_press_button({"chat_id": ADMIN, "user_id": ADMIN, "message_id": about, "text": "Remove"})
                (*_, answer) = await fake.control_wait({"method": "answerCallbackQuery", "count": 1})
                assert "admins" in str(answer)
            assert (articles / "added/museum.txt").exists()
            assert read_overrides(articles) == {}
            assert fake.control_violations({}) == []

    asyncio.run(run())
