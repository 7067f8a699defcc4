"""What a language model is told: one text file per purpose and language, filled in by `prompt`.

A file has two parts, parted by a line of three dashes: what stands for every question, and the question at hand. The
first never changes within a language, so that servers keep what they have read of it. The forms of an answer
(`answer_*`) share the rules of `answer.*.txt`; a file of one part is a further turn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal, NamedTuple

Purpose = Literal["answer_json", "answer_lines", "answer_cited", "read", "repair", "rewrite", "search_words"]

PARTED = "\n---\n"
ANSWER = "answer"  # the rules of an answer in whichever form


class Said(NamedTuple):
    """What was said earlier in a conversation with a model, and by whom."""

    role: Literal["user", "assistant"]
    text: str


class PromptDocument(NamedTuple):
    """A text that a model may cite by itself, where its provider has documents."""

    document_id: str
    title: str
    text: str


class Prompt(NamedTuple):
    """A prompt: the rules, what they are to be applied to, and what stands between the two."""

    system: str
    user: str
    earlier: tuple[Said, ...] = ()
    documents: tuple[PromptDocument, ...] = ()


def prompt(purpose: Purpose, language: str, **values: object) -> Prompt:
    """Return a prompt with its variables filled; values are text, and never looked into for variables.

    >>> prompt("search_words", "en", question="Who pays $rent?").user
    'Question: Who pays $rent?'
    """
    system, user = _parts(purpose, language)
    return Prompt(Template(system).substitute(values), Template(user).substitute(values))


def phrase(name: str, language: str, **values: object) -> str:
    """Return a short text of a prompt, filled in.

    >>> phrase("answers", "en", question="Who pays?")
    'This answers the question “Who pays?”'
    """
    return _phrases()[language][name].format_map(values)


def variables(purpose: Purpose, language: str) -> list[str]:
    """Return the names of the variables of a prompt, in alphabetical order."""
    return sorted({name for part in _parts(purpose, language) for name in Template(part).get_identifiers()})


@cache
def _phrases() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("prompts") / "phrases.toml").read_text(encoding="utf-8"))


@cache
def _parts(purpose: Purpose, language: str) -> tuple[str, str]:
    system, _, user = _text(purpose, language).rpartition(PARTED)
    if purpose.startswith(ANSWER):
        system = f"{_text(ANSWER, language)}\n{system}"
    return system.strip(), user.strip()


def _text(name: str, language: str) -> str:
    return (files("prompts") / f"{name}.{language}.txt").read_text(encoding="utf-8")
