"""Articles that an admin sends: what is understood of them, what is refused and why, and what others are told."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from support.builders.files import lines, zipped
from support.builders.telegram import answered, bare, said, serving, settled, telegram
from support.servers.telegram.server import FakeTelegram
from support.servers.web import WebServer, gives

from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

Scenario = Callable[[FakeTelegram, BotProcess], Awaitable[None]]
ADMIN = 7
NEWS = (
    "افتتاح متحف القوارب في رشيد\n"
    "المصدر: وكالة الضفة\n"
    "3 مارس 2021\n\n"
    "افتتح وزير الثقافة متحف القوارب في رشيد، وبلغت كلفته 77 مليون جنيه، ويضم خمسين قاربا من قوارب الصيد القديمة.\n"
)
ASKED = "كم بلغت كلفة متحف القوارب في رشيد؟"


def play(index: Index, scenario: Scenario, **settings: Any) -> None:
    async def run() -> None:
        async with telegram() as fake:
            async with serving(fake, index, telegram_admins=str(ADMIN), **settings) as service:
                await scenario(fake, service)
                await settled(service)
            assert fake.control_violations({}) == []

    asyncio.run(run())


async def send(fake: FakeTelegram, name: str, content: str | bytes = NEWS, chat: int = ADMIN, **more: Any) -> str:
    """Send a file, and return the reply."""
    data = content if isinstance(content, bytes) else content.encode()
    count = len(said(fake, chat))
    encoded = base64.b64encode(data).decode()
    fake.control_send_document({"chat_id": chat, "file_name": name, "content_base64": encoded, **more})
    return (await answered(fake, chat, count + 1))[-1]


async def write(fake: FakeTelegram, text: str, chat: int = ADMIN, **more: Any) -> str:
    count = len(said(fake, chat))
    fake.control_send_message({"chat_id": chat, "text": text, **more})
    return (await answered(fake, chat, count + 1))[-1]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ar", ("أُضيفت المقالة", "افتتاح متحف القوارب في رشيد", "وكالة الضفة", "3 مارس 2021", "مقطعين")),
        ("en", ("was added", "افتتاح متحف القوارب في رشيد", "وكالة الضفة", "3 March 2021", "2 passages")),
    ],
)
def test_a_file_is_understood_and_answerable_at_once(index: Index, language: str, parts: tuple[str, ...]) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        reply = await send(fake, "museum.txt", language_code=language)
        for part in parts:
            assert part in reply
        assert "77 مليون جنيه" in await write(fake, ASKED)
        first = fake.control_calls({"chat_id": ADMIN})[0]
        assert first["method"] == "sendChatAction"

    play(index, scenario)


def test_several_files_are_each_reported_in_order(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        for number in range(3):
            text = NEWS.replace("77", f"{number}11").replace("رشيد", ("دمياط", "السويس", "أسيوط")[number])
            album = {"extra": {"media_group_id": "A"}, "language_code": "en"}
            fake.control_send_document({"chat_id": ADMIN, "file_name": f"part {number}.txt", "content": text, **album})
        replies = await answered(fake, ADMIN, 3)
        for place, reply in zip(("دمياط", "السويس", "أسيوط"), replies, strict=True):
            assert "was added" in reply
            assert place in reply
        assert len(list((articles / "added").iterdir())) == 3

    play(index, scenario)


def test_what_is_there_already_is_said_to_be(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        assert "هذه المقالة في الأرشيف من قبل" in await send(fake, "again.txt", language_code="ar")
        assert "already holds" in await send(fake, "again.md", language_code="en")
        assert [path.name for path in (articles / "added").iterdir()] == ["museum.txt"]

    play(index, scenario)


def test_a_name_leads_nowhere_else(index: Index, articles: Path) -> None:
    names = ("../../evil.txt", "/etc/passwd.txt", "..\\..\\worse.txt", "\u202egnp.txt", ".hidden.txt")

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        for number, name in enumerate(names):
            reply = await send(fake, name, NEWS.replace("رشيد", f"رشيد {number}"), language_code="en")
            assert "was added" in reply
        added = [path for path in Path().rglob("*.txt") if "رشيد" in path.read_text(encoding="utf-8")]
        assert [path.resolve().parent for path in added] == [(articles / "added").resolve()] * len(names)
        assert not any(path.name.startswith(".") for path in added)

    play(index, scenario)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tool.exe", b"MZ", "I do not read files of type .exe"),
        ("noname", b"x", "I do not read files of type noname"),
        ("big.pdf", b"%PDF-1.4", "big.pdf is larger than is allowed, which is 20 MB."),
        ("empty.txt", b"", "empty.txt could not be read"),
        ("false.pdf", b"no PDF at all", "false.pdf could not be read"),
    ],
)
def test_a_file_that_is_no_article_is_refused_with_its_reason(
    index: Index, articles: Path, name: str, content: bytes, told: str
) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        reply = (
            (
                await send(
                    fake, name, content, language_code="en", **({"file_size": 21 * 2**20} if name == "big.pdf" else {})
                )
            )
            .replace("\u2066", "")
            .replace("\u2069", "")
        )
        assert told in reply.replace("\u2068", "")
        assert not (articles / "added").exists() or not any((articles / "added").iterdir())

    play(index, scenario)


def test_others_are_told_that_only_admins_add(index: Index, articles: Path) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        arabic = await send(fake, "museum.txt", chat=5, language_code="ar")
        assert "إضافة المقالات للمشرفين وحدهم" in arabic
        assert "Only admins can add" in await send(fake, "museum.txt", chat=6, language_code="en")
        assert not (articles / "added").exists()
        assert fake.control_calls({"method": "getFile"}) == []

    play(index, scenario)


PAGE = f"<html><head><title>متحف القوارب</title></head><body><article><p>{NEWS}</p></article></body></html>"


@pytest.mark.parametrize(("language", "told"), [("ar", "أُضيفت المقالة"), ("en", "was added")])
def test_a_link_alone_is_fetched_and_answerable(index: Index, web: WebServer, language: str, told: str) -> None:
    web.pages["/news"] = gives(PAGE)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert told in await write(fake, web.url("/news"), language_code=language)
        assert "77 مليون جنيه" in await write(fake, ASKED)

    play(index, scenario, allow_private_addresses=True)


def test_a_private_address_is_not_fetched(index: Index, web: WebServer) -> None:
    web.pages["/news"] = gives(PAGE)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "تعذرت قراءة" in await write(fake, web.url("/news"), language_code="ar")
        assert "could not be read" in await write(fake, web.url("/news"), language_code="en")
        assert web.paths == []

    play(index, scenario)


def test_a_link_of_others_is_not_fetched_and_one_among_words_is_a_question(index: Index, web: WebServer) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        assert "Only admins can add" in await write(fake, web.url("/news"), chat=5, language_code="en")
        assert "للمشرفين وحدهم" in await write(fake, web.url("/news"), chat=6, language_code="ar")
        assert "hold no answer" in await write(fake, f"What does {web.url('/news')} say about the museum?")
        assert web.paths == []
        assert not any("added" in message for chat in (5, ADMIN) for message in said(fake, chat))

    play(index, scenario, allow_private_addresses=True)


def test_a_download_that_breaks_is_made_again(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_admins=str(ADMIN)):
            fake.control_fault({"kind": "502", "method": "getFile"})
            assert "was added" in await send(fake, "museum.txt", language_code="en")

    asyncio.run(run())


def test_a_file_that_telegram_does_not_give_is_said_to_be_too_large(index: Index) -> None:
    async def run() -> None:
        async with telegram() as fake, serving(fake, index, telegram_admins=str(ADMIN)):
            told = {"kind": "error", "method": "getFile", "description": "Bad Request: file is too big"}
            fake.control_fault(told)
            assert "20 MB" in await send(fake, "museum.txt", language_code="en")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("museum.zip", zipped({"museum.txt": NEWS.encode()})),
        ("museum.csv", f'title,text,source\nمتحف القوارب,"{NEWS}",وكالة الضفة\n'.encode()),
        ("museum.jsonl", lines({"title": "متحف القوارب", "text": NEWS, "source": "وكالة الضفة"})),
    ],
)
def test_a_container_of_one_article_is_added_as_that_article(index: Index, name: str, content: bytes) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        reply = await send(fake, name, content, language_code="en")
        for part in ("The article was added", "متحف القوارب", "وكالة الضفة", "2 passages"):
            assert part in reply
        assert "77 مليون جنيه" in await write(fake, ASKED)
        assert "من قبل" in await send(fake, f"again-{name}", content)

    play(index, scenario)


def test_a_container_whose_articles_are_there_is_said_to_hold_nothing_new(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await send(fake, "museum.txt")
        assert "already holds" in await send(fake, "museum.zip", zipped({"a.txt": NEWS.encode()}), language_code="en")

    play(index, scenario)


def test_an_answer_leads_to_its_words_in_the_page(index: Index, web: WebServer) -> None:
    web.pages["/news"] = gives(PAGE)

    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await write(fake, web.url("/news"))
        await write(fake, ASKED)
        *_, answer = fake.control_messages({"chat_id": ADMIN})
        links = [entity["url"] for entity in answer["entities"] if entity["type"] == "text_link"]
        assert links[0].startswith(f"{web.url('/news')}#:~:text=")
        assert unquote(links[0]).partition("text=")[2] in answer["text"]

    play(index, scenario, allow_private_addresses=True)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "الملف فارغ"),
        ("false.pdf", b"no PDF at all", "ليس \u2068ملف PDF"),
        ("rows.csv", b"a,b\n1,2\n", "ليس بين أعمدته عمود للنصوص"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_the_language_of_who_sent_it(
    index: Index, name: str, content: bytes, reason: str
) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        reply = await send(fake, name, content, language_code="ar")
        assert bare(reason) in bare(reply)

    play(index, scenario)
