"""Markers, parsed as they come: pieces of a reply become sentences with the ids and the quote that they lean on.

Models write ids as [1], [1, 2], [1][2], 【1】 or ［1］, with Arabic digits and commas too, before the full stop or
after. Anything that is not a list of numbers between brackets is text. Words in quotation marks right behind a marker
are the quote, and end their sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from retrieval.nlp.analysis import normalise

_BLANK = r"[^\S\n]"  # white space inside a line
_ENDS = r"[.!?؟…]"
_CLOSERS = r"[»”\"’')）]"
_EMPTY = re.compile(r"\[\s*\]|\(\s*\)|【\s*】")  # left of a marker in a second pair of brackets
# All that repeats is taken once and not given back (`*+`): what follows it begins with another sign.
_MARKER = re.compile(
    rf"[\[【［]{_BLANK}*+\d{{1,9}}(?:(?:[†,،;؛、，و]|{_BLANK})++\d{{1,9}})*+(?:[†,،;؛、，]|{_BLANK})*+[\]】］]"
)
_END = re.compile(rf"{_ENDS}++{_CLOSERS}*+(?:{_BLANK}*+{_MARKER.pattern}{_ENDS}*+{_CLOSERS}*+)*+|\n")  # if it goes on:
_GOES_ON = re.compile(rf"{_BLANK}++[^\s\[【［]")
_NO_END = re.compile(  # a full stop after these ends nothing
    r"(?:^|[\s(«“\"])(?:[A-Za-z]|[ء-ي]|[A-Z](?:\.[A-Z])+|Mr|Mrs|Ms|Dr|St|vs|No|Gen|Col|Lt|Sen|Rep|Prof)$"
)
_LONGEST_NO_END = 12  # letters before a full stop in which one of them stands
_LIST_NUMBER = re.compile(r"\W{0,20}\d{1,2}")  # before a full stop, at the head of a sentence
# A quote may hold quotation marks: it goes on to the last one before the next marker or the line's end.
_OPENING = rf"{_MARKER.pattern}(?P<ended>{_ENDS}*+){_BLANK}*+[-–—:]?{_BLANK}*+[«“\"]"
_QUOTE_BEGINS = re.compile(_OPENING)
_QUOTED = re.compile(
    rf"{_OPENING}(?P<quote>(?:(?!{_MARKER.pattern})[^\n])*)[»”\"](?:{_ENDS}|{_BLANK}*+{_MARKER.pattern})*+"
)
_NUMBER = re.compile(r"\d+")
_BULLET = re.compile(r"^\s*(?:(?:[-*•–>]|#{1,6}|\(?\d{1,2}[.)])\s+)+")
_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STYLE = re.compile(r"\*\*|__|`+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence of a reply without its markers, the ids that they name, in order, each once, and its quote."""

    text: str
    ids: tuple[str, ...]
    quote: str = ""


class MarkerParser:
    """Takes a reply piece by piece; a sentence is given out once nothing that follows can change it.

    However a reply is cut into pieces, the sentences are the same.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._pending = ""
        self._sure = 0  # of what is pending, how much is known to hold no end

    def feed(self, piece: str) -> list[Marked]:
        """Return the sentences that a piece completes."""
        self._pending += piece
        found: list[Marked] = []
        start, at = 0, self._sure
        while (end := _complete(self._pending, start, at)).is_there:
            found += map(parse, _behind_quotes(self._pending[start : end.at]))
            start = at = end.at
        self._pending, self._sure = self._pending[start:], end.at - start
        return [marked for marked in found if marked.text]

    def finish(self) -> list[Marked]:
        """Return what stands unfinished at the end of a reply, as far as it is sentences."""
        rest, self._pending = self._pending, ""
        return [marked for marked in map(parse, _behind_quotes(rest)) if marked.text]


def _behind_quotes(line: str) -> list[str]:
    """Return the parts of a line, each of which ends with a quote or with the line."""
    ends = [0, *(quoted.end() for quoted in _QUOTED.finditer(line)), len(line)]
    return [line[start:end] for start, end in pairwise(ends)]


def parse(text: str) -> Marked:
    """Return one sentence, its ids and its quote.

    >>> parse("- **اتفق** الوزيران [١، ٢]【3】.")
    Marked(text='اتفق الوزيران.', ids=('1', '2', '3'), quote='')
    >>> parse("التقى الوزيران [[1]] ([2]).")
    Marked(text='التقى الوزيران.', ids=('1', '2'), quote='')
    >>> parse("التقى الوزيران. [2] «التقى الوزيران في سوتشي».")
    Marked(text='التقى الوزيران.', ids=('2',), quote='التقى الوزيران في سوتشي')
    """
    text = _HIDDEN.sub("", text)
    quoted = _QUOTED.search(text)
    numbers = [number for marker in _MARKER.finditer(text) for number in _NUMBER.findall(normalise(marker.group()))]
    if quoted:
        text = text[: quoted.start()] + quoted["ended"]
    bare = _STYLE.sub("", _BULLET.sub("", _EMPTY.sub("", _MARKER.sub("", text))))
    bare = re.sub(r"\s+", " ", bare).strip()
    bare = _ended_once(re.sub(r"\s+([.!?؟…،,])", r"\1", bare))
    ids = tuple(dict.fromkeys(str(int(number)) for number in numbers))
    return Marked(bare if re.search(r"\w", bare) else "", ids, quoted["quote"].strip() if quoted else "")


def _ended_once(text: str) -> str:
    """Return a sentence with one mark at its end where full stops have gathered behind it.

    >>> _ended_once("نعم؟.."), _ended_once("نعم..."), _ended_once("نعم.")
    ('نعم؟', 'نعم.', 'نعم.')
    """
    without = text.rstrip(".")
    if without[-1:] in ("!", "?", "؟"):
        return without
    return f"{without}." if len(text) > len(without) + 1 else text


class _End(NamedTuple):
    at: int  # where the sentence ends, or from where on its end is still to be looked for
    is_there: bool


def _complete(text: str, start: int, at: int) -> _End:
    """Return where the sentence ends that begins at an offset, its markers included, looking for it from another one.

    A sentence's end shows by what follows it, so that no later piece can move it; that of one with a quote is its
    line's.
    """
    last = len(text)
    quote = _QUOTE_BEGINS.search(text, start)
    for end in _END.finditer(text, at):
        if quote and end.end() > quote.start():
            newline = text.find("\n", quote.start())
            return _End(newline + 1, True) if newline >= 0 else _End(at, False)
        last = end.start()
        if text[last] != "\n" and not _GOES_ON.match(text, end.end()):
            continue
        if text[last] != "." or not _ends_nothing(text, start, last):
            return _End(end.end(), True)
    return _End(last, False)


def _ends_nothing(text: str, start: int, stop: int) -> bool:
    """Tell whether a full stop belongs to an initial, an abbreviation or the number of a list."""
    return bool(
        _LIST_NUMBER.fullmatch(text, start, stop) or _NO_END.search(text[max(start, stop - _LONGEST_NO_END) : stop])
    )
