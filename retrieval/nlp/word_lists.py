"""The words that the rooms know, as data: a TOML file for each subject, both languages side by side."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from retrieval.nlp.analysis import normalise


@cache
def read_word_lists(room: str, subject: str) -> dict[str, Any]:
    """Return what a file among a room's data holds, read once; nobody changes it.

    >>> read_word_lists("nlp", "dates").keys() >= {"months", "weekdays"}
    True
    """
    data = files("retrieval") / room / "data" / f"{subject}.toml"
    return tomllib.loads(data.read_text(encoding="utf-8"))


def normalised(words: str) -> frozenset[str]:
    """Return the words of a list as `analysis.words` gives them.

    >>> sorted(normalised("أنكر إلا"))
    ['الا', 'انكر']
    """
    return frozenset(normalise(word) for word in words.split())
