"""One question as it is asked of Sanad, with all that the asker says about its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.types import Filters, Language, Turn

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """One question as it is asked; without a language, the answer is in that of the question."""

    text: str
    history: Sequence[Turn]
    limit: int
    filters: Filters
    language: Language | None
    rows: int
