"""A quote's card: a picture of the right size that is not blank, joined and from right to left, with its alt text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from support.cards import WHY_NO_CARD

from bot.config.fonts import arabic_font
from bot.rendering.quote_card import HEIGHT, WIDTH, card_foot, card_quote, lay_out, quote_card, wrapped
from retrieval.errors import SettingsError
from retrieval.nlp.analysis import language_of
from retrieval.types import Citation

ARABIC = "وقال الوزير إن القوات باقية في مواقعها."
ENGLISH = "The minister said that the forces stay where they are."
MIXED = "أفادت قناة RT بمقتل 7 أشخاص بصواريخ S-400 يوم 14/05/2019."
drawn = pytest.mark.skipif(WHY_NO_CARD is not None, reason=str(WHY_NO_CARD))


def citation(quote: str, **known: str | None) -> Citation:
    facts = {"title": "عنوان", "source": "رويترز", "published": "2019-05-14", "url": "https://www.example.org/a/"}
    return Citation(1, "a" * 12, "a.txt", start=0, end=len(quote), score=1.0, quote=quote, **facts | known)  # type: ignore[arg-type]


@drawn
@pytest.mark.parametrize("quote", [ARABIC, ENGLISH, MIXED, f"{ARABIC} " * 30, "س", "x" * 5_000, "كلمة" * 800])
def test_a_card_is_a_picture_with_the_quote_as_its_alt_text(quote: str) -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(quote_card(citation(quote), arabic_font())))
    picture.load()
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    ink = picture.convert("L").point(lambda value: 255 if value < 100 else 0)
    assert ink.crop((100, 60, WIDTH - 60, HEIGHT - 160)).getbbox()  # something is written above the rule
    assert picture.info["Description"] == " ".join(quote.split())
    assert picture.info["Author"] == "رويترز"
    assert "AltTextAccessibility" in picture.info["XML:com.adobe.xmp"]


@drawn
def test_the_link_in_the_file_leads_to_the_quote() -> None:
    from PIL import Image

    info = Image.open(io.BytesIO(quote_card(citation(ENGLISH), arabic_font()))).info
    assert info["Source"].startswith("https://www.example.org/a/#:~:text=")


@drawn
@pytest.mark.parametrize(("quote", "is_right"), [(ARABIC, True), (ENGLISH, False)])
def test_arabic_begins_on_the_right_and_english_on_the_left(quote: str, is_right: bool) -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(quote_card(citation(quote[:20]), arabic_font()))).convert("L")
    box = picture.point(lambda value: 255 if value < 60 else 0).crop((30, 60, WIDTH - 30, HEIGHT - 160)).getbbox()
    assert box
    left, right = box[0] + 30, WIDTH - box[2] - 30
    assert (right < left) == is_right


@drawn
def test_letters_are_joined() -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(str(arabic_font()), 60, layout_engine=ImageFont.Layout.RAQM)
    apart = sum(font.getlength(letter, direction="rtl", language="ar") for letter in "سبب")
    assert font.getlength("سبب", direction="rtl", language="ar") < 0.9 * apart


@drawn
def test_a_long_quote_shrinks_and_a_longer_one_is_cut_where_a_sentence_ends() -> None:
    font = arabic_font()
    assert font
    short, long, longest = (lay_out(card_quote(citation(f"{ARABIC} " * count)), "ar", font) for count in (1, 8, 60))
    assert short.size > long.size
    assert (short.is_cut, long.is_cut, longest.is_cut) == (False, False, True)
    assert longest.text.endswith("مواقعها.\u00a0…»")
    assert " ".join(long.lines) == card_quote(citation(f"{ARABIC} " * 8))


@drawn
@pytest.mark.parametrize("word", ["س" * 6_000, "x" * 6_000, "." * 6_000])
def test_a_word_of_thousands_of_letters_is_cut_to_a_line_and_measured_a_few_times(word: str) -> None:
    from PIL import ImageFont

    font = arabic_font()
    assert font

    class Counting(ImageFont.FreeTypeFont):
        measured = 0

        def getlength(self, *args: Any, **named: Any) -> float:
            self.measured += len(args[0])
            return super().getlength(*args, **named)

    counting = Counting(str(font), 30, layout_engine=ImageFont.Layout.RAQM)
    (line,) = wrapped(word, counting, language_of(word))
    assert line.endswith("…")
    assert line.removesuffix("…") in word
    assert counting.measured < 10 * len(word)


@drawn
def test_a_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    font = arabic_font()
    assert font
    laid_out = lay_out(card_quote(citation("كلمات كثيرة " * 300)), "ar", font)
    assert laid_out.text.endswith(("كلمات…»", "كثيرة…»"))


def test_what_is_not_known_is_left_out_of_the_foot() -> None:
    nothing = citation(ARABIC, source=None, published=None, url=None)
    assert card_foot(nothing, "ar") == ("عنوان", "")
    outlet, address = card_foot(citation(ARABIC), language_of(ARABIC))
    assert outlet.replace("\u2068", "").replace("\u2069", "") == "رويترز · 14 مايو 2019"
    assert address == "example.org/a"


@pytest.mark.skipif(WHY_NO_CARD not in (None, "no font with Arabic letters is installed"), reason=str(WHY_NO_CARD))
def test_without_a_font_the_message_says_what_to_install() -> None:
    with pytest.raises(SettingsError, match="Install one"):
        quote_card(citation(ARABIC), None)


def test_marks_of_the_quotes_language_stand_round_it() -> None:
    assert card_quote(citation(f" {ARABIC}\n")) == f"«{ARABIC}»"
    assert card_quote(citation(ENGLISH)) == f"“{ENGLISH}”"


def test_a_font_of_the_system_is_a_file() -> None:
    font = arabic_font()
    assert font is None or Path(font).is_file()
