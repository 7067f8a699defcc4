"""Why something could not be added, in the language of who sent it; the errors themselves are English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from string import Formatter

from bot.telegram.messages.texts import MESSAGES
from retrieval.types import Language


def reason_in(language: Language, reason: str) -> str:
    """Return a reason in a language; one that is not known there stays in English.

    >>> reason_in("ar", "is empty"), reason_in("en", "is empty")
    ('الملف فارغ', 'is empty')
    >>> reason_in("ar", "line 7: is too long: 12 pages, at most 9; split it")
    'السطر 7: صفحاته 12 والحد 9؛ قسّمه'
    """
    if language == "en":
        return reason
    for pattern, translated in _patterns(language):
        if found := pattern.fullmatch(reason):
            values = {name: reason_in(language, value) for name, value in found.groupdict().items()}
            return translated.format(**values)
    return reason


@cache
def _patterns(language: Language) -> Sequence[tuple[re.Pattern[str], str]]:
    """Return what each reason looks like with values in it, and its translation; the most telling first."""
    reasons = tomllib.loads((MESSAGES / f"reasons.{language}.toml").read_text(encoding="utf-8"))["reasons"]
    known = [(_parts(english), translated) for english, translated in reasons.items()]
    known.sort(key=lambda one: -sum(len(literal) for literal, _ in one[0]))
    return [(re.compile("".join(map(_pattern_of, parts)), re.DOTALL), translated) for parts, translated in known]


def _parts(template: str) -> list[tuple[str, str | None]]:
    return [(literal, name) for literal, name, _, _ in Formatter().parse(template)]


def _pattern_of(part: tuple[str, str | None]) -> str:
    literal, name = part
    return re.escape(literal) + (f"(?P<{name}>.+?)" if name else "")
