"""Markers, parsed as they come: pieces of a reply become sentences with the ids that they lean on.

Models write ids as [1], [1, 2], [1][2], 【1】 or ［1］, with Arabic digits and commas too, before the full stop or
after. Anything that is not a list of numbers between brackets is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.arabic import normalise

_BLANK = r"[^\S\n]"  # white space inside a line
_ENDS = r"[.!?؟…]"
_CLOSERS = r"[»”\"’')）]"
_EMPTY = re.compile(r"\[\s*\]|\(\s*\)|【\s*】")  # left of a marker in a second pair of brackets
_MARKER = re.compile(r"[\[【［][^\S\n]*\d{1,4}(?:[†,،;؛、，و\s]*\d{1,4})*[†,،;؛、，\s]*[\]】］]")
_END = re.compile(rf"{_ENDS}+{_CLOSERS}*(?:{_BLANK}*{_MARKER.pattern}{_ENDS}*{_CLOSERS}*)*(?={_BLANK}+[^\s\[【［])|\n")
_NO_END = re.compile(  # a full stop after these ends nothing
    r"(?:^\W*\d{1,2}|(?:^|[\s(«“\"])(?:[A-Za-z]|[ء-ي]|[A-Z](?:\.[A-Z])+|Mr|Mrs|Ms|Dr|St|vs|No|Gen|Col|Lt|Sen|Rep|Prof))$"
)
_THINKS, _THOUGHT = "<think>", "</think>"
_NUMBER = re.compile(r"\d+")
_BULLET = re.compile(r"^\s*(?:(?:[-*•–>]|#{1,6}|\(?\d{1,2}[.)])\s+)+")
_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STYLE = re.compile(r"\*\*|__|`+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence of a reply without its markers, and the ids that they name, in order, each once."""

    text: str
    ids: tuple[str, ...]


class MarkerParser:
    """Takes a reply piece by piece; a sentence is given out once nothing that follows can change it.

    However a reply is cut into pieces, the sentences are the same.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._pending = ""
        self._thinks: bool | None = None  # whether the reply begins with thoughts; None while that is open

    def feed(self, piece: str) -> list[Marked]:
        """Return the sentences that a piece completes."""
        self._pending += piece
        if self._thinks is not False and not self._past_thoughts():
            return []
        found = []
        while (end := _complete(self._pending)) is not None:
            found.append(parse(self._pending[:end]))
            self._pending = self._pending[end:]
        return [marked for marked in found if marked.text]

    def finish(self) -> list[Marked]:
        """Return what stands unfinished at the end of a reply, if it is a sentence."""
        marked, self._pending = parse("" if self._thinks else self._pending), ""
        return [marked] if marked.text else []

    def _past_thoughts(self) -> bool:
        """Leave out the thoughts with which some models begin; tell whether the reply itself has begun."""
        opening = self._pending.lstrip()
        if self._thinks is None:
            if len(opening) < len(_THINKS) and _THINKS.startswith(opening):
                return False
            self._thinks = opening.startswith(_THINKS)
        if self._thinks:
            _, end, rest = self._pending.partition(_THOUGHT)
            if not end:
                return False
            self._pending, self._thinks = rest, False
        return True


def parse(text: str) -> Marked:
    """Return one sentence and its ids.

    >>> parse("- **اتفق** الوزيران [١، ٢]【3】.")
    Marked(text='اتفق الوزيران.', ids=('1', '2', '3'))
    >>> parse("التقى الوزيران [[1]] ([2]).")
    Marked(text='التقى الوزيران.', ids=('1', '2'))
    """
    text = _HIDDEN.sub("", text)
    numbers = [number for marker in _MARKER.finditer(text) for number in _NUMBER.findall(normalise(marker.group()))]
    bare = _STYLE.sub("", _BULLET.sub("", _EMPTY.sub("", _MARKER.sub("", text))))
    bare = re.sub(r"\s+", " ", bare).strip()
    bare = re.sub(r"\s+([.!?؟…،,])", r"\1", bare)
    bare = re.sub(r"([.!?؟])\.+$", r"\1", bare)
    return Marked(bare if re.search(r"\w", bare) else "", tuple(dict.fromkeys(str(int(number)) for number in numbers)))


def _complete(text: str) -> int | None:
    """Return where the first sentence of a text ends, its markers included; None while that is open.

    A sentence's end shows by what follows it, so that no later piece can move it.
    """
    for end in _END.finditer(text):
        if text[end.start()] != "." or not _NO_END.search(text[: end.start()]):
            return end.end()
    return None
