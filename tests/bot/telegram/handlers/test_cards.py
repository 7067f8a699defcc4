"""/card: a picture of a quote of the last answer, whose caption is the quote with its source."""

from __future__ import annotations

import re
from html import unescape

import pytest
from support.builders.telegram import BRIDGE, COST, play, tell
from support.cards import WHY_NO_CARD
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from bot.telegram.messages.cards import MOST_CAPTION_POINTS, card_caption
from retrieval.index.index import Index
from retrieval.types import Citation

NOBODY = "ما اسم زوجة إيمانويل ماكرون؟"


@pytest.mark.skipif(WHY_NO_CARD is not None, reason=str(WHY_NO_CARD))
def test_a_card_is_a_photo_with_the_quote_as_its_caption(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, BRIDGE, "ar")
        caption = await tell(fake, 5, "/card", "ar")
        assert COST in caption
        assert "[1]" in caption
        sent = fake.control_messages({"chat_id": 5})[-1]
        assert sent["photo"]

    play(index, scenario)


def test_a_source_that_there_is_not_and_a_refusal_have_no_card(index: Index) -> None:
    async def scenario(fake: FakeTelegram, _: BotProcess) -> None:
        await tell(fake, 5, BRIDGE)
        assert "مصدر رقمه 99" in await tell(fake, 5, "/card 99")
        await tell(fake, 6, NOBODY)
        assert (await tell(fake, 6, "/card")).startswith("لم أجد في المقالات")

    play(index, scenario)


@pytest.mark.parametrize("name", ["ع" * 600, "x" * 600, "كلمة word " * 60, "س a " * 150])
def test_the_caption_of_a_long_quote_is_cut_and_fits(name: str) -> None:
    quote = "كلمة " * 1_000
    cited = Citation(1, "a" * 12, "a.txt", name, name, "2019-05-14", quote, 0, len(quote), 1.0, dated=name)
    caption = card_caption(cited, "ar", lambda _: name)
    shown = unescape(re.sub("<[^>]+>", "", caption))
    assert len(shown) <= MOST_CAPTION_POINTS
    assert "كلمة…" in shown
    assert "[1]" in shown
    assert caption.count("<blockquote>") == 1
