from __future__ import annotations

import tomllib
from importlib.resources import files
from string import Formatter

PHRASES = tomllib.loads((files("prompts") / "phrases.toml").read_text(encoding="utf-8"))


def test_every_language_has_the_same_phrases_with_the_same_places() -> None:
    places = [
        {name: {place for _, place, _, _ in Formatter().parse(text) if place} for name, text in phrases.items()}
        for phrases in PHRASES.values()
    ]
    assert PHRASES.keys() == {"ar", "en"}
    assert places[0] == places[1]
