"""What is told while a question is being answered, in the order in which it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.types import Answer, Citation, Sentence


@dataclass(frozen=True, slots=True)
class StageEvent:
    """What Sanad is doing, while a question is being answered."""

    name: Literal["searching", "reading", "writing"]
    passages: int = 0  # being read


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    """A model's sentence that passed its readings, and its citations; the answer holds both again."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ExtractsEvent:
    """The answer in the articles' own words, to be shown until a model's sentences, or the answer, take its place."""

    answer: Answer


Event = StageEvent | ExtractsEvent | SentenceEvent | Answer  # the answer comes last
