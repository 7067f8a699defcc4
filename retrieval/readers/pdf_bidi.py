"""Lines of a page, from the order in which they are seen to the order in which they are read.

A PDF holds glyphs at places, mostly from left to right. This undoes the bidirectional algorithm (UAX #9): in a line
that is read from the right, words of Latin letters and numbers keep their order and the rest is reversed; in one that
is read from the left, what is Arabic is reversed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# What reads from left to right in an Arabic line, by the kind of each piece: Latin letters with the numbers after them,
# or a number, parted by one sign at most. A sign of per cent is seen to the left of its number (rules W2 and W5), but
# after Latin letters and where no Arabic stands before it.
_NUMBER = "[NA](?:C?[NA])*"
_RUN = re.compile(rf"(?:{_NUMBER})?L(?:[LN]|A+(?=L)|[COTS]+(?=[LN])|(?<=N)T+)*|{_NUMBER}(?:T+(?=[SO]*$))?")
_ARABIC_RUN = re.compile("R(?:[^L]*R)?")
_KINDS = {"L": "L", "EN": "N", "AN": "A", "CS": "C", "ET": "T", "R": "R", "AL": "R", "WS": "S"}

_OPENERS = {"(": ")", "[": "]", "{": "}", "«": "»", "“": "”", "‹": "›"}
_PAIR_OF = {sign: (opener, closer) for opener, closer in _OPENERS.items() for sign in (opener, closer)}
MOST_TOGETHER = 9  # brackets in a row that are looked through
_BRACKETS = re.compile(f"[{re.escape(''.join(_PAIR_OF))}]")
_AFTER_CLOSERS = ".,،؛:!?؟…-–—/"
_BEFORE_OPENERS = "-–—/\"'"


def is_arabic(letters: str) -> bool:
    """Return whether a piece of text is of a script that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)


def logical(pieces: Sequence[str], *, rightward: bool = False, backwards: bool = False) -> str:
    """Return the text of a line whose pieces are given as they stand from left to right.

    A piece is what one glyph shows, in its reading order: «لا» is one where a font joins the two letters. Rightward is
    a line that is read from the left; backwards one that was set as if Arabic were read from left to right.

    >>> logical([".", "ف", "لا", "خ", " ", "لا", "و", " ", "،", "2", "0", "1", "9", " ", "ر", "ا", "ي", "أ"])
    'أيار 2019، ولا خلاف.'
    >>> logical(list("The word رابخ is Arabic."), rightward=True)
    'The word خبار is Arabic.'
    >>> logical([*"%12.5", " ", "ة", "ب", "س", "ن", "ب"]), logical(list("UNHCR 12%"))
    ('بنسبة 12.5%', 'UNHCR 12%')
    """
    if backwards:
        return "".join(pieces)
    kinds = "".join(map(_kind, pieces))
    if not rightward:
        return "".join(_from_the_right(pieces, kinds))
    kept: list[str] = []
    end = 0
    for run in _ARABIC_RUN.finditer(kinds):
        kept += pieces[end : run.start()]
        kept += _from_the_right(pieces[run.start() : run.end()], run[0])
        end = run.end()
    return "".join([*kept, *pieces[end:]])


def _from_the_right(pieces: Sequence[str], kinds: str) -> list[str]:
    kept: list[str] = []
    end = len(pieces)
    for start, stop in reversed([_with_its_bracket(pieces, *run.span()) for run in _RUN.finditer(kinds)]):
        kept += reversed(pieces[stop:end])
        kept += pieces[start:stop]
        end = start
    kept += reversed(pieces[:end])
    return kept


def _with_its_bracket(pieces: Sequence[str], start: int, stop: int) -> tuple[int, int]:
    """Return a run with the bracket after it, if another of its pair stands within: «Mary (Robinson)» (rule N0)."""
    after = pieces[stop] if stop < len(pieces) else ""
    within = sum(piece in _PAIR_OF[after] for piece in pieces[start:stop]) if after in _PAIR_OF else 0
    return start, stop + within % 2


def _kind(piece: str) -> str:
    return _KINDS.get(unicodedata.bidirectional(piece[0]), "O")


def with_brackets_facing(text: str) -> str:
    """Return a paragraph whose brackets open before words and close after them; producers disagree on mirrored ones.

    >>> with_brackets_facing("الاتفاق )قريبا(، و»إدلب« وما بعد».")
    'الاتفاق (قريبا)، و«إدلب» وما بعد».'
    >>> with_brackets_facing("مطار الواحة )OAS) بلغت"), with_brackets_facing("1( النص المبلغ)مليون(")
    ('مطار الواحة (OAS) بلغت', '1) النص المبلغ(مليون)')
    """
    if not is_arabic(text):
        return text
    letters = list(text)
    depth: dict[str, int] = {}
    for found in _BRACKETS.finditer(text):
        at = found.start()
        opener, closer = _PAIR_OF[found[0]]
        opens = _opens(letters, at, is_open=depth.get(opener, 0) > 0)
        depth[opener] = max(depth.get(opener, 0) + (1 if opens else -1), 0)
        letters[at] = opener if opens else closer
    return "".join(letters)


def _opens(letters: Sequence[str], at: int, *, is_open: bool) -> bool:
    before = letters[at - 1] if at else " "
    beyond = at + 1
    while beyond < min(len(letters), at + MOST_TOGETHER) and letters[beyond] in _PAIR_OF:
        beyond += 1
    after = letters[beyond] if beyond < len(letters) else " "
    may_open = before.isspace() or before in _OPENERS or before in _BEFORE_OPENERS
    may_close = after.isspace() or after in _AFTER_CLOSERS
    return not is_open if may_open == may_close else may_open


def in_reading_order(glyph: str) -> str:
    r"""Return the letters of one glyph in reading order, which the PDF reader gives as they are or reversed.

    The letters that fonts join into one shape are lam and what follows it, or letters before a final yaa; no glyph's
    text begins with a vowel mark.

    >>> [in_reading_order(glyph) for glyph in ("ال", "لا", "محل", "يف", "هلل", "fi", "\u0651ي")]
    ['لا', 'لا', 'لحم', 'في', 'لله', 'fi', 'يّ']
    """
    if len(glyph) == 1 or not is_arabic(glyph) or glyph.startswith("ل"):
        return glyph
    if sum(not unicodedata.combining(letter) for letter in glyph) == 1:
        return "".join(sorted(glyph, key=unicodedata.combining))
    is_reversed = glyph.endswith("ل") or glyph[0] in "يى" or "هلل" in glyph or unicodedata.combining(glyph[0])
    return glyph[::-1] if is_reversed else glyph
