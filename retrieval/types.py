"""The values that travel between the modules: frozen, without behaviour of their own.

All offsets count code points of the stored text, `end` exclusive: `text[start:end]`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Language = Literal["ar", "en"]
Mode = Literal["extractive"]

LABEL_LENGTH = 70  # code points of the opening shown where an article has no title


class Span(NamedTuple):
    """A slice of a text, in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One stored text and what it says about itself; what it does not say is None."""

    article_id: str  # the first 12 hex digits of the SHA-256 of the text
    path: str  # relative to the articles' folder, with forward slashes
    text: str  # the file's text, decoded and otherwise untouched
    body: tuple[Span, ...]  # its own paragraphs, once each; boilerplate left out
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None  # ISO 8601 date, YYYY-MM-DD

    @property
    def label(self) -> str:
        """Return what to call the article on a screen: its title, else its opening words."""
        if self.title:
            return self.title
        start = self.body[0].start if self.body else 0
        opening = " ".join(self.text[start : start + 2 * LABEL_LENGTH].split())
        if len(opening) <= LABEL_LENGTH:
            return opening
        return opening[:LABEL_LENGTH].rsplit(" ", 1)[0].rstrip("،؛,:.") + "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """An exact slice of an article, the unit that is searched."""

    article_id: str
    start: int
    end: int
    text: str

    @property
    def passage_id(self) -> str:
        """Return the id that the stores use; the same text gives the same id on every machine."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found; a higher score is better, and ranks count from 1."""

    passage: Passage
    score: float
    words_rank: int | None = None
    vectors_rank: int | None = None
    words_score: float = 0.0  # BM25, of the words alone


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: `text_of(article_id)[start:end] == quote`, always."""

    number: int
    article_id: str
    path: str
    title: str | None
    source: str | None
    published: str | None
    quote: str
    start: int
    end: int
    score: float  # 0 to 1, how much of the question the quote covers
    also_in: tuple[str, ...] = ()  # ids of other articles that make the same statement


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations that it leans on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """What the collection does hold, said when it holds no answer."""

    articles: int
    nearest: tuple[str, ...]  # labels of the nearest articles, nearest first


@dataclass(frozen=True, slots=True)
class Answer:
    """What Sanad found, or that it found nothing; front ends only render it."""

    question: str
    language: Language
    found: bool
    mode: Mode
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    covered: Covered | None  # None where an answer was found
    missing: tuple[str, ...]  # the question's words that the articles lack, when that decided
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh has come, in articles."""

    done: int
    total: int
    path: str


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did; each entry is a path relative to the folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: int = 0
    duplicates: tuple[str, ...] = ()  # the same text stands in another file, which is indexed
    failed: tuple[Failure, ...] = ()
    passages: int = 0  # in the whole index, afterwards
    rebuilt: str | None = None  # one line that says why the index was built anew
    seconds: float = 0.0
