"""What people think of answers, and the questions that found none, as a terminal shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rich.table import Table
from rich.text import Text

from retrieval.nlp.display import for_screen, isolate, one_line, visible

Verdict = Literal["good", "bad", "wrong_source"]
Reason = Literal["wrong", "off_topic", "old", "other"]  # why an answer is bad


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question, what somebody thinks of its answer, and why; without a verdict it is one that found no answer."""

    at: float  # seconds since 1970
    question: str
    sources: tuple[str, ...]  # what was quoted, by title or path
    verdict: Verdict | None = None
    reason: Reason | None = None
    words: str | None = None

    @property
    def day(self) -> str:
        """Return the day on which it was said, as YYYY-MM-DD in UTC."""
        return datetime.fromtimestamp(self.at, UTC).date().isoformat()


def judgement_table(judged: Sequence[Judgement]) -> Table:
    """Return a list of judgements for a terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("Day", "Rating", "Reason", "Question", "Words", "Sources"):
        table.add_column(heading, overflow="fold")
    for one in judged:
        sources = "; ".join(one.sources)
        cells = (one.day, one.verdict or "", one.reason or "", one.question, one.words or "", sources)
        table.add_row(*(Text(isolate(for_screen(visible(one_line(cell))))) for cell in cells))
    return table
