"""Arabic lines of a page, from the order in which they are seen to the order in which they are read.

A PDF holds glyphs at places, mostly from left to right. This undoes the bidirectional algorithm (UAX #9) for
lines of one Arabic paragraph level: words of Latin letters and numbers keep their order, the rest is reversed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_RUN = re.compile(r"(?:N(?:CN|N)*)?L(?:[LN]|[CO]+(?=[LN]))*|N(?:CN|N)*")  # what reads from left to right
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"))
_TURNED = tuple(
    re.compile(
        rf"(?<![^\W_ـو]){re.escape(closer)}(?=\S)([^{re.escape(opener + closer)}\n]*)(?<=\S){re.escape(opener)}(?!\w)"
    )
    for opener, closer in _PAIRS
)
_ONLY_AT_THE_END = "ةى"  # no Arabic word begins with one
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{3,}")


def is_arabic(letters: str) -> bool:
    """Return whether a piece of text is of a script that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)


def logical(pieces: Sequence[str], *, backwards: bool = False) -> str:
    """Return the text of a line whose pieces are given as they stand from left to right.

    Backwards is a line that was set as if Arabic were read from left to right.

    A piece is what one glyph shows, in its reading order: «لا» is one where a font joins the two letters.

    >>> logical([".", "ف", "لا", "خ", " ", "لا", "و", " ", "،", "2", "0", "1", "9", " ", "ر", "ا", "ي", "أ"])
    'أيار 2019، ولا خلاف.'
    """
    if backwards:
        return "".join(pieces)
    kinds = "".join(map(_kind, pieces))
    kept: list[str] = []
    end = len(pieces)
    for run in reversed(list(_RUN.finditer(kinds))):
        kept += reversed(pieces[run.end() : end])
        kept += pieces[run.start() : run.end()]
        end = run.start()
    kept += reversed(pieces[:end])
    return "".join(kept)


def _kind(piece: str) -> str:
    direction = unicodedata.bidirectional(piece[0])
    return {"L": "L", "EN": "N", "AN": "N", "CS": "C", "R": "R", "AL": "R"}.get(direction, "O")


def unmirrored(text: str) -> str:
    """Return a text whose brackets open before words and close after them; producers disagree on mirrored ones.

    >>> unmirrored("الاتفاق )قريبا(، و»إدلب« وما بعد».")
    'الاتفاق (قريبا)، و«إدلب» وما بعد».'
    """
    for turned, (opener, closer) in zip(_TURNED, _PAIRS, strict=True):
        text = turned.sub(rf"{opener}\1{closer}", text)
    return text


def in_reading_order(glyph: str) -> str:
    """Return the letters of one glyph in reading order, which the PDF reader gives as they are or reversed.

    The letters that fonts join into one shape are lam and what follows it, or letters before a final yaa.

    >>> [in_reading_order(glyph) for glyph in ("ال", "لا", "محل", "يف", "هلل", "fi")]
    ['لا', 'لا', 'لحم', 'في', 'لله', 'fi']
    """
    if len(glyph) == 1 or not is_arabic(glyph) or glyph.startswith("ل"):
        return glyph
    return glyph[::-1] if glyph.endswith("ل") or glyph[0] in "يى" or "هلل" in glyph else glyph


def is_backwards(lines: Iterable[str]) -> bool:
    """Return whether Arabic lines have the letters of each word in reverse, as a page has that was laid out wrongly.

    >>> is_backwards(["ةفثكم تاءاقل"]), is_backwards(["لقاءات مكثفة"])
    (True, False)
    """
    words = [word for line in lines for word in _ARABIC_WORD.findall(line)]
    return sum(word[0] in _ONLY_AT_THE_END for word in words) > sum(word[-1] in _ONLY_AT_THE_END for word in words)
