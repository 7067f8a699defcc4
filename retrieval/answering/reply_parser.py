"""A model's reply, read as it comes, in whichever form it is: JSON as it was asked for, or lines with markers."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import from_json

from retrieval.answering.citation_markers import Marked, MarkerParser, parse

ANSWER_SCHEMA = {  # as OpenAI's strict mode takes it: all is required, and nothing is added
    "type": "object",
    "properties": {
        "answer": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {key: {"type": "string"} for key in ("passage", "quote", "sentence")},
                "required": ["passage", "quote", "sentence"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["answer"],
    "additionalProperties": False,
}

_THINKS, _THOUGHT = "<think>", "</think>"
_JSON = re.compile(r"(?:```\w*\s*)?(?=\{|\[\s*\{)")
_MAY_BE_JSON = re.compile(r"(?:`{1,3}\w*\s*)?(?:\[\s*)?")
_WHOLE = frozenset(("passage", "quote", "sentence"))


class ReplyParser:
    """Takes a reply piece by piece; a sentence is given out once nothing that follows can change it."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._pending = ""
        self._thinks: bool | None = None  # whether the reply begins with thoughts; None while that is open
        self._parser: MarkerParser | _JsonParser | None = None

    def feed(self, piece: str) -> list[Marked]:
        """Return the sentences that a piece completes."""
        self._pending += piece
        if self._thinks is not False and not self._skip_thoughts():
            return []
        if self._parser is None:
            self._parser = self._chosen()
        if self._parser is None:
            return []
        text, self._pending = self._pending, ""
        return self._parser.feed(text)

    def finish(self) -> list[Marked]:
        """Return what stands unfinished at the end of a reply, as far as it is a sentence."""
        if self._thinks:
            return []
        parser = self._parser or MarkerParser()
        return [*parser.feed(self._pending), *parser.finish()]

    def _skip_thoughts(self) -> bool:
        """Drop the thoughts with which some models begin; return whether the reply itself has begun."""
        opening = self._pending.lstrip()
        if self._thinks is None:
            if len(opening) < len(_THINKS) and _THINKS.startswith(opening):
                return False
            self._thinks = opening.startswith(_THINKS)
        if self._thinks:
            _, end, rest = self._pending.partition(_THOUGHT)
            if not end:
                self._pending = self._pending[1 - len(_THOUGHT) :]  # it may have begun
                return False
            self._pending, self._thinks = rest, False
        return True

    def _chosen(self) -> MarkerParser | _JsonParser | None:
        """Return what reads a reply that begins so; None while it may be either."""
        opening = self._pending.lstrip()
        if found := _JSON.match(opening):
            self._pending = opening[found.end() :]
            return _JsonParser()
        return None if _MAY_BE_JSON.fullmatch(opening) else MarkerParser()


class _JsonParser:
    """Reads the sentences of a JSON reply as they complete: of an object cut off, pydantic has what is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, piece: str) -> list[Marked]:
        self._text += piece
        if not re.search(r'["}\]]', piece):
            return []
        items = _items(self._text)
        whole = [at for at, item in enumerate(items) if at < len(items) - 1 or item.keys() >= _WHOLE]
        return self._new(items[: whole[-1] + 1] if whole else [])

    def finish(self) -> list[Marked]:
        return self._new(_items(self._text))

    def _new(self, items: list[dict[str, Any]]) -> list[Marked]:
        new, self._given = items[self._given :], max(self._given, len(items))
        return [marked for marked in map(_marked, new) if marked.text]


def _items(text: str) -> list[dict[str, Any]]:
    """Return the objects of a reply, or of the beginning of one; none where it is no JSON."""
    try:
        value = from_json(text.rstrip("` \n"), allow_partial=True)
    except ValueError:
        try:
            value, _ = json.JSONDecoder().raw_decode(text)  # it goes on in words
        except ValueError:
            return []
    if isinstance(value, dict):
        lists = [own for own in value.values() if isinstance(own, list)]
        value = lists[0] if lists else [value] if "sentence" in value else []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _marked(item: dict[str, Any]) -> Marked:
    """Return an object of a reply as a sentence; models write the passage as a number, too."""
    sentence, quote = item.get("sentence"), item.get("quote")
    if not isinstance(sentence, str):
        return Marked("", ())
    said = parse(sentence)
    ids = dict.fromkeys((*re.findall(r"\d{1,9}", str(item.get("passage", ""))), *said.ids))
    return Marked(said.text, tuple(ids), quote.strip() if isinstance(quote, str) else said.quote)
