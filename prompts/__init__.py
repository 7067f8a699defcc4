"""What a language model is told: one text file per purpose and language, filled in by `prompt`.

A file has two parts, parted by a line of three dashes: what stands for every question, and the question at hand.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal, NamedTuple

Purpose = Literal["answer", "repair", "rewrite", "search_words"]

PARTED = "\n---\n"


class Prompt(NamedTuple):
    """A prompt: the rules, and what they are to be applied to."""

    system: str
    user: str


def prompt(purpose: Purpose, language: str, **values: object) -> Prompt:
    """Return a prompt with its variables filled; values are text, and never looked into for variables.

    >>> prompt("search_words", "en", question="Who pays $rent?").user
    'Question: Who pays $rent?'
    """
    system, user = _parts(purpose, language)
    return Prompt(Template(system).substitute(values), Template(user).substitute(values))


def variables(purpose: Purpose, language: str) -> list[str]:
    """Return the names of the variables of a prompt, in alphabetical order."""
    return sorted({name for part in _parts(purpose, language) for name in Template(part).get_identifiers()})


@cache
def _parts(purpose: Purpose, language: str) -> tuple[str, str]:
    text = (files("prompts") / f"{purpose}.{language}.txt").read_text(encoding="utf-8")
    system, _, user = text.partition(PARTED)
    return system.strip(), user.strip()
