"""The values of an answer about the archive as a whole: frozen, without behaviour of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What is asked of the archive as a whole.
ArchiveIntent = Literal[
    "list",  # which articles mention a subject
    "count",  # how many do, or are there
    "latest",
    "timeline",
    "compare",  # whether the sources agree
    "statements",  # what each of them says
    "overview",  # a subject's stories
    "sources",  # from which outlets the articles are
    "dates",  # of which days they are
]

MOST_ARCHIVE_ROWS = 10  # of an answer about the archive that are shown at a time


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """A row of an answer about the archive: a day, an outlet or a value, and the quotes that it stands on."""

    label: str | None
    citations: tuple[int, ...] = ()  # numbers in `Answer.citations`; none where the row is about no text
    articles: int | None = None  # that the row counts


@dataclass(frozen=True, slots=True)
class ArchiveAnswer:
    """What the archive as a whole says to a question about it; the counts are exact, over all articles that count."""

    intent: ArchiveIntent
    subject: str | None  # as it was typed; None for all articles
    articles: int  # that mention the subject
    rows: tuple[ArchiveRow, ...] = ()
    total: int = 0  # rows that there are, shown or not
    first: int = 0  # of them that were left out as they had been shown before
    unstated: int = 0  # articles that do not say what the rows go by, their day or their source
    unread: int = 0  # articles that mention the subject and were not looked through for the rows, older ones
    near: tuple[str, ...] = ()  # names that the archive has, where none mentions the subject
    asked: str = ""  # the question in full, where it is a follow-up
    is_known: bool = True  # False where only a retriever is there, which knows no archive

    @property
    def left(self) -> int:
        """Return how many rows come after those that are shown."""
        return max(self.total - self.first - len(self.rows), 0)
