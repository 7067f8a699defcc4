"""Pure: a quote as a picture to share: its words, the outlet, the date and the address; the alt text is the quote.

Pillow draws by raqm, which joins Arabic letters and lays lines out from right to left. Without it letters stand apart
and in the wrong order, so that there is no card then.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bot.rendering.texts import date_in_words
from retrieval.errors import SettingsError
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import isolate, one_line, visible
from retrieval.nlp.sentences import sentences
from retrieval.types import Citation, Language

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 675  # pixels: 16 to 9, as previews of links are cut
_MARGIN, _FOOT = 84, 150  # pixels on each side, and of the lines below the quote
_ROOM = HEIGHT - _MARGIN - _FOOT - _MARGIN // 2  # pixels for the quote
_EDGE = 18  # pixels of the coloured edge where a line begins
_LARGEST, _SMALLEST, _STEP = 60, 30, 3  # points of the quote; what does not fit the smallest is cut
_SMALL = 28  # points of the lines below it
_LINE = 1.6  # of the font's size from one line to the next: marks above and below Arabic letters need room
_LONGEST_WORD = 100  # code points of the one word of a quote that is nothing else
_LONGEST_LINE = 200  # code points that are measured for one line, which holds fewer
_LONGEST_QUOTE = 2_000  # code points that are laid out
_PAPER, _INK, _QUIET, _ACCENT = "#fbfaf6", "#1c1f24", "#5c6370", "#0f766e"
_NO_CARD = "No card can be drawn: "


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A quote, or its beginning where it `is_cut`, in lines at a size of the font."""

    text: str
    lines: tuple[str, ...]
    size: int
    is_cut: bool = False


def quote_card(citation: Citation, font: Path | None) -> bytes:
    """Return the PNG of a citation's quote, drawn with a font that has its letters.

    Raises:
        SettingsError: Pillow, its raqm or the font is missing.
    """
    try:
        from PIL import Image, ImageDraw, features
    except ImportError:
        raise SettingsError(f"{_NO_CARD}Pillow is missing. {_install()}") from None
    if not (features.check("raqm") and features.check("fribidi")):
        raise SettingsError(
            f"{_NO_CARD}this Pillow has no raqm, or finds no FriBiDi, and would draw Arabic letters apart."
            f" {_install()}, and FriBiDi (libfribidi0) by your system's packages."
        )
    if font is None:
        raise SettingsError(f"{_NO_CARD}no font with Arabic letters was found. Install one, such as fonts-hosny-amiri.")
    language = language_of(citation.quote)
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    _draw(draw, citation, language, font)
    written = io.BytesIO()
    picture.save(written, "PNG", pnginfo=_described(citation, language), optimize=True)
    return written.getvalue()


def card_quote(citation: Citation) -> str:
    """Return the words of a card: the quote on one line, between the quotation marks of its language."""
    quote = one_line(visible(citation.quote)).strip()
    return f"«{quote}»" if language_of(quote) == "ar" else f"“{quote}”"


def card_foot(citation: Citation, language: Language) -> tuple[str, str]:
    """Return the two lines below a quote: outlet and date, and the address; an empty one where it is not known."""
    day = date_in_words(citation.published, language) if citation.published else citation.dated
    known = [one_line(visible(part)) for part in (citation.source, day) if part]
    address = (citation.url or "").partition("://")[2].removeprefix("www.").rstrip("/")
    return " · ".join(map(isolate, known)) or one_line(visible(citation.title or "")), visible(address)


def _install() -> str:
    return "Install it in Sanad's folder: .venv/bin/pip install -c constraints.txt -e '.[card]'"


def _draw(draw: ImageDraw, citation: Citation, language: Language, font: Path) -> None:
    is_arabic = language == "ar"
    side, anchor = (WIDTH - _MARGIN, "ra") if is_arabic else (_MARGIN, "la")
    draw.rectangle((WIDTH - _EDGE, 0, WIDTH, HEIGHT) if is_arabic else (0, 0, _EDGE, HEIGHT), fill=_ACCENT)

    def write(at: int, text: str, size: int, ink: str, written: Language) -> None:
        direction = "rtl" if written == "ar" else "ltr"
        draw.text((side, at), text, ink, _loaded(font, size), anchor, direction=direction, language=written)

    laid_out = lay_out(card_quote(citation), language, font)
    step = int(laid_out.size * _LINE)
    top = _MARGIN + max(0, (_ROOM - step * len(laid_out.lines)) // 2)
    for number, line in enumerate(laid_out.lines):
        write(top + number * step, line, laid_out.size, _INK, language)
    outlet, address = card_foot(citation, language)
    rule = HEIGHT - _FOOT
    draw.line((_MARGIN, rule, WIDTH - _MARGIN, rule), _QUIET, 1)
    write(rule + 18, _shortened(outlet, _loaded(font, _SMALL), language), _SMALL, _INK, language)
    write(rule + 64, _shortened(address, _loaded(font, _SMALL), "en"), _SMALL, _QUIET, "en")


def lay_out(text: str, language: Language, font: Path) -> LaidOut:
    """Return a text in lines, as large as it fits a card; one that fits at no size is cut where a sentence ends."""
    found = next(one for shown in (text, *_cuts(text)) if (one := _largest(shown, language, font)))
    return replace(found, is_cut=found.text != text)


def _largest(text: str, language: Language, font: Path) -> LaidOut | None:
    """Return a text in lines at the largest size at which it fits a card; None where it fits at none."""
    smallest = _loaded(font, _SMALLEST)
    if len(text) > _LONGEST_QUOTE or len(wrapped(text, smallest, language)) > _most_lines(_SMALLEST):
        return None
    for size in range(_LARGEST, _SMALLEST, -_STEP):
        lines = wrapped(text, _loaded(font, size), language)
        if len(lines) <= _most_lines(size):
            return LaidOut(text, tuple(lines), size)
    return LaidOut(text, tuple(wrapped(text, smallest, language)), _SMALLEST)


@lru_cache(maxsize=16)
def _loaded(font: Path, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(font), size, layout_engine=ImageFont.Layout.RAQM)


def _most_lines(size: int) -> int:
    return int(_ROOM // (size * _LINE))


def wrapped(text: str, font: FreeTypeFont, language: Language) -> list[str]:
    """Return a text in lines that fit a card's width; a word that is longer than one is cut."""
    most = WIDTH - 2 * _MARGIN
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if _length(longer, font, language) <= most:
            line = longer
            continue
        if line:
            lines.append(line)
        line = _shortened(word, font, language)
    return [*lines, line] if line else lines


def _length(text: str, font: FreeTypeFont, language: Language) -> float:
    return font.getlength(text, direction="rtl" if language == "ar" else "ltr", language=language)


def _shortened(text: str, font: FreeTypeFont, language: Language) -> str:
    """Return a text that fits one line, with a sign where it is cut."""
    shown = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
    while len(shown) > 1 and _length(shown, font, language) > WIDTH - 2 * _MARGIN:
        shown = f"{shown.removesuffix('…')[:-1]}…"
    return shown


def _cuts(text: str) -> Iterator[str]:
    """Yield ever shorter beginnings of a quote, whole sentences first, then whole words, with a sign of the cut."""
    opening, closing = text[0], "»" if text[0] == "«" else "”"
    inner = text[1:].removesuffix(closing)
    ends = [end for _, end in sentences(inner)][:-1]
    for end in reversed(ends):
        yield f"{opening}{inner[:end]}\u00a0…{closing}"
    words = (inner[: ends[0]] if ends else inner[:_LONGEST_QUOTE]).split(" ")
    for count in range(len(words) - 1, 0, -1):
        yield f"{opening}{' '.join(words[:count])}…{closing}"
    yield f"{opening}{words[0][:_LONGEST_WORD]}…{closing}"


def _described(citation: Citation, language: Language) -> object:
    """Return what the file says of itself: the quote as its alt text, by PNG's own keys and by IPTC's in XMP."""
    from PIL.PngImagePlugin import PngInfo

    quote = one_line(visible(citation.quote))
    said = PngInfo()
    said.add_itxt("Description", quote, lang=language)
    if citation.title:
        said.add_itxt("Title", one_line(visible(citation.title)), lang=language_of(citation.title))
    if citation.source:
        said.add_itxt("Author", one_line(visible(citation.source)))
    if link := citation.link_to(citation.quote):
        said.add_itxt("Source", link)
    said.add_itxt("XML:com.adobe.xmp", _XMP.format(quote=escape(quote), language=language))
    return said


_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">\
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">{quote}</rdf:li>\
<rdf:li xml:lang="{language}">{quote}</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>\
</rdf:Description></rdf:RDF></x:xmpmeta>"""
