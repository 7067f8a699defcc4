"""The word lists of the grounding check, as data: one file a subject, both languages side by side."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from retrieval.nlp.analysis import normalise


def read_word_lists(subject: str) -> dict[str, Any]:
    """Return the lists of words on a subject, each as a text that is parted by spaces."""
    return tomllib.loads((files("retrieval.grounding") / "data" / f"{subject}.toml").read_text(encoding="utf-8"))


def normalised(words: str) -> frozenset[str]:
    """Return the words of a list as `analysis.words` gives them.

    >>> sorted(normalised("أنكر إلا"))
    ['الا', 'انكر']
    """
    return frozenset(normalise(word) for word in words.split())
