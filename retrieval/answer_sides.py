"""What sources of one event say of what was asked, where they differ: a side is a value and all who give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SideKind = Literal["number", "money", "percentage", "measure", "duration", "age", "date", "place", "person", "whether"]


@dataclass(frozen=True, slots=True)
class Side:
    """What some sources say of what was asked, where the sources of one event differ."""

    text: str  # the value, in the words of the first quote
    kind: SideKind
    value: str  # a number in digits; a day as YYYY-MM-DD, a month or a year; a name as it stands; yes or no
    unit: str | None  # in English, in the singular; None for what is only counted
    outlets: tuple[str | None, ...]  # once each, None for each article whose outlet is not known
    day: str | None  # on which it was first said, YYYY-MM-DD
    is_correction: bool  # it puts right what was said before
    citations: tuple[int, ...]  # numbers of `Answer.citations`: a quote of each outlet
