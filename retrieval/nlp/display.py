"""Texts made safe to show: without what commands a terminal or reorders a line, and in directions that read right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

Direction = Literal["ltr", "rtl", "auto"]

LONGEST_VALUE = 300  # code points of a title, a source or an author
_JOINERS = "\u200c\u200d"  # shape letters in Persian names, and hide nothing

# Unicode's isolates (UAX #9): what stands between the two is laid out by itself.
_OPEN: Mapping[Direction, str] = {"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}
_CLOSE = "\u2069"

_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides, isolates
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but the tab and the new line
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")

_LATIN = "A-Za-z\u00c0-\u024f"
_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_JOINER = r"[-–_./:@&+%'’,]+"  # inside one word or number, not at its ends
_LATIN_WORD = rf"[{_LATIN}0-9]+(?:{_JOINER}[{_LATIN}0-9]+)*"
_LEFT_TO_RIGHT = re.compile(rf"\[\d+\]|/?{_LATIN_WORD}(?: {_LATIN_WORD})*")
_ARABIC_WORD = rf"[{_ARABIC}]+(?:[-_./'’][{_ARABIC}]+)*"
_RIGHT_TO_LEFT = re.compile(rf"«?{_ARABIC_WORD}(?:[\s،؛:,]+{_ARABIC_WORD})*[»؟]?")
_NEEDS_ISOLATION = re.compile(rf"[{_LATIN}]|\[|\d{_JOINER}\d")  # a plain number stands right in either direction


def one_line(text: str) -> str:
    r"""Return a text with every run of white space, line ends too, as one space.

    >>> one_line(" a\r\n  b ")
    'a b'
    """
    return " ".join(text.split())


def is_hidden(letter: str) -> bool:
    r"""Return whether a character is a control or has no shape of its own, as those that reorder text.

    >>> [is_hidden(letter) for letter in "\x1b\u202e\ufeffأ "]
    [True, True, True, False, False]
    """
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in _JOINERS


def clean(value: str) -> str:
    r"""Return a value fit for one line of a screen: single spaces, nothing hidden, bounded.

    >>> clean(" على\u202e وقع\x1b[2J\n النزوح ")
    'على وقع[2J النزوح'
    """
    spaced = "".join(" " if letter.isspace() else letter for letter in value)
    plain = one_line("".join(letter for letter in spaced if not is_hidden(letter)))
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1].rstrip() + "…"


def visible(text: str) -> str:
    r"""Return a text that cannot command a terminal: control characters show as signs, bidi controls are left out.

    >>> visible("red \x1b[31m, bell \x07, C1 \x9b, override \u202eabc\u202c")
    'red ␛[31m, bell ␇, C1 �, override abc'
    >>> visible("one\r\ntwo\u2028three\tfour")
    'one\ntwo\nthree four'
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _CONTROLS.sub(_sign, _BIDI_CONTROLS.sub("", text))


def _sign(control: re.Match[str]) -> str:
    code = ord(control.group())
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"  # Unicode has pictures of the old controls only


def isolate(text: str, direction: Direction = "auto") -> str:
    r"""Return a text between isolates, so that its direction does not move its neighbours; "auto" is by first letter.

    >>> isolate("[1]", "ltr")
    '\u2066[1]\u2069'
    """
    return f"{_OPEN[direction]}{text}{_CLOSE}" if text else ""


def for_screen(text: str) -> str:
    r"""Return a text as a terminal may show it: visible, and in each line the runs of the other direction isolated.

    >>> for_screen("قال بيان Reuters إن طائرة F-16 عبرت في 2019-05-15")
    'قال بيان \u2066Reuters\u2069 إن طائرة \u2066F-16\u2069 عبرت في \u20662019-05-15\u2069'
    >>> for_screen("He quoted «سوريا، اليوم» in 2019")
    'He quoted \u2067«سوريا، اليوم»\u2069 in 2019'
    """
    return "\n".join(_isolate_runs(line) for line in visible(text).split("\n"))


def shown_slice(text: str, start: int, end: int) -> tuple[int, int]:
    r"""Return where a slice of a text stands in the text as a screen shows it.

    >>> shown_slice("في F-16 عبر 12 مرة", 12, 18), for_screen("في F-16 عبر 12 مرة")[14:20]
    ((14, 20), '12 مرة')
    """
    first = len(visible(text[:start]))
    last = first + len(visible(text[start:end]))
    kept = [at for at, letter in enumerate(for_screen(text)) if not _BIDI_CONTROLS.match(letter)]
    return kept[first], kept[last - 1] + 1


def _isolate_runs(line: str) -> str:
    if _reads_right_to_left(line):
        return _LEFT_TO_RIGHT.sub(_isolate_left_to_right, line)
    return _RIGHT_TO_LEFT.sub(lambda run: isolate(run.group(), "rtl"), line)


def _isolate_left_to_right(run: re.Match[str]) -> str:
    return isolate(run.group(), "ltr") if _NEEDS_ISOLATION.search(run.group()) else run.group()


def _reads_right_to_left(line: str) -> bool:
    """Tell a line's base direction, by its first strong character."""
    classes = (unicodedata.bidirectional(letter) for letter in line)
    return next((found in ("R", "AL") for found in classes if found in ("L", "R", "AL")), False)
