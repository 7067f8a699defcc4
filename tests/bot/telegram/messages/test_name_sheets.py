"""A name's sheet in Telegram: quotes with their source below, counts with numbers that lead to a source."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.telegram.messages.html import MOST_POINTS
from bot.telegram.messages.name_sheets import MOST_SHEET_ROWS, name_sheet_messages
from retrieval.name_sheets import NameCount, NameSheet
from retrieval.types import Citation, Language


def citation(number: int, quote: str) -> Citation:
    known = {"title": f"عنوان {number}", "source": "رويترز", "published": "2019-05-14"}
    return Citation(number, "aaaaaaaaaaaa", "a.txt", start=0, end=len(quote), score=1.0, quote=quote, **known)


QUOTES = ("زار شويغو القاعدة مع بوتين.", "وقال شويجو إن القوات باقية.", "ووصل شويغو إلى دمشق.")
SHEET = NameSheet(
    name="شويغو",
    articles=3,
    mentions=11,
    outlets=2,
    unsourced=0,
    undated=0,
    spellings=(NameCount("شويغو", 2, 9, 3),),
    full_names=(),
    first=1,
    last=2,
    people=(NameCount("<بوتين>", 1, 4, 1),),
    places=(),
    said=(2,),
    read=3,
    citations=tuple(citation(number, quote) for number, quote in enumerate(QUOTES, 1)),
)


def label(_: str) -> str:
    return "عنوان"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_quote_stands_once_with_its_source_below(language: Language) -> None:
    (message,) = name_sheet_messages(SHEET, language, label)
    for number, quote in enumerate(QUOTES, 1):
        assert message.plain.count(quote) == 1
        assert f"[{number}]" in message.plain[message.plain.index(quote) :] or number == 3
    assert "&lt;بوتين&gt;" in message.html


def test_what_only_counts_lean_on_comes_at_the_end_folded() -> None:
    (message,) = name_sheet_messages(SHEET, "en", label)
    before, sources, after = message.html.partition("Sources:")
    assert sources
    assert re.findall(r"<blockquote expandable>([^<]*)", after) == [QUOTES[2]]
    assert "expandable" not in before


def test_a_part_shows_a_few_rows_and_the_message_fits() -> None:
    many = tuple(NameCount(f"اسم{number}", 1, 1, 1) for number in range(20))
    said = tuple(range(1, 21))
    long = tuple(citation(number, f"وقال شويغو {number} " + "كلمة " * 200) for number in said)
    messages = name_sheet_messages(replace(SHEET, people=many, said=said, citations=long), "ar", label)
    shown = "".join(message.plain for message in messages)
    assert len(re.findall(r"• اسم\d+", shown)) == MOST_SHEET_ROWS
    assert all(len(message.plain) <= MOST_POINTS for message in messages)


def test_an_unknown_name_is_told() -> None:
    nobody = NameSheet("Foo", 0, 0, 0, 0, 0, (), (), None, None, (), (), (), 0, ())
    (message,) = name_sheet_messages(nobody, "en", label)
    assert "No article writes the name Foo." in message.plain
