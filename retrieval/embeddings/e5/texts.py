"""What the model was trained to see before a text, and a text without what is none."""

from __future__ import annotations

import re

QUERY, PASSAGE = "query: ", "passage: "  # before a question, and before what may answer it
_UNREADABLE = re.compile("[\ud800-\udfff\0]")  # no text: halves of a surrogate pair, and NUL


def readable_text(text: str) -> str:
    """Return a text without what is none, and without the spaces around it.

    >>> readable_text(" سند" + chr(0xD83D) + chr(0) + " ")
    'سند'
    """
    return _UNREADABLE.sub(" ", text).strip()
