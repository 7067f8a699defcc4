"""The values that travel between the modules: frozen, without behaviour of their own.

All offsets count code points of the stored text, `end` exclusive: `text[start:end]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from retrieval.answer_sides import Side
from retrieval.archive_types import ArchiveAnswer
from retrieval.provenance import Provenance

Language = Literal["ar", "en"]
Mode = Literal["extractive", "llm"]

# What kept a language model from answering; what is said of it stands with the front end's other texts.
LLMFailure = Literal[
    "unreachable",  # no connection: refused, or no such name
    "refused",  # the key is missing or wrong
    "unknown_model",
    "busy",  # too many requests, or overloaded
    "broken",  # the server failed, or what it sent cannot be read
    "cut",  # the reply stopped before its end
    "late",  # its first word did not come in time
    "slow",  # the whole answer did not come in time
    "too_long",  # what was sent does not fit into its context
    "rejected",  # the server does not take the request as it is
    "empty",
    "declined",  # the model would not answer
    "no_answer",  # the model found none in the passages
    "language",  # it wrote in another language than the asker's
    "unsupported",  # the passages do not say what it wrote
    "answer_unsupported",  # they do not say the sentence that answers, and the others do not answer
    "unread",  # its second reading could not be had: the sentences passed the code's alone
]

# Which readings a sentence of an answer passed; none of them makes it true.
SentenceReading = Literal[
    "quoted",  # it is the article's own words
    "compared",  # code compared it with its quote: numbers, dates, names, negations and more
    "read_twice",  # a language model read it beside its quote, and found it said there
]

# A message that is answered without the articles; what is said to it stands with the front end's other texts.
SmallTalk = Literal[
    "greeting",
    "how_are_you",
    "thanks",
    "goodbye",
    "assent",  # yes, no, ok: to nothing that was asked
    "laughter",
    "wordless",  # signs and emoji alone
    "insult",
    "test",
    "about",  # who Sanad is
    "help",  # what Sanad can do, and how to ask
    "order",  # to write, translate, sum up, draw or amuse
    "maths",
    "foreign",  # a language that Sanad does not read
]

# What a follow-up asks of a subject; "more" is whatever was not said yet.
Unsaid = Literal["who", "when", "where", "how many", "why", "how", "what", "more"]

# How far an answer answers: with quotes; not, but with the nearest quotes; not at all; or as a reply of Sanad's own.
AnswerOutcome = Literal["answered", "nearest", "not_covered", "reply"]

# What an expression that answers states.
ExpressionKind = Literal["number", "money", "percentage", "measure", "duration", "age", "date", "place", "person"]

LABEL_LENGTH = 70  # code points of the opening shown where an article has no title
_OPENING_PARAGRAPHS = 3  # between which may stand what is no text of its own


class Span(NamedTuple):
    """A slice of a text, in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article(Provenance):
    """One stored text and what it says about itself; what it does not say is None."""

    article_id: str  # the first 12 hex digits of the SHA-256 of the text
    path: str  # relative to the articles' folder, with forward slashes
    text: str  # as stored, which is what offsets count in: the file's, decoded, or what its format's reader made of it
    body: tuple[Span, ...]  # its own paragraphs, once each; boilerplate left out
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None  # ISO 8601 date, YYYY-MM-DD
    dated: str | None = None  # the date as the text says it, where that is no full Gregorian one
    encoding: str | None = None  # of the file, as "windows-1256"; None where its format has its own
    format: str | None = None  # the suffix that names it, without the dot

    @property
    def label(self) -> str:
        """Return what to call the article on a screen: its title, else its opening words."""
        if self.title:
            return self.title
        own = self.body[:_OPENING_PARAGRAPHS] or (Span(0, 2 * LABEL_LENGTH),)
        opening = " ".join(word for start, end in own for word in self.text[start:end].split()[:LABEL_LENGTH])
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


def article_id_in(passage_id: str) -> str:
    """Return the id of the article that a passage's id names."""
    return passage_id.partition(":")[0]


def span_in(passage_id: str) -> Span:
    """Return the slice of its article that a passage's id names.

    >>> span_in("cafe01:120-250")
    Span(start=120, end=250)
    """
    start, _, end = passage_id.partition(":")[2].partition("-")
    return Span(int(start), int(end))


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article that tells the same story as others; of these, the earliest comes first, then the first by path."""

    article_id: str
    story: int
    path: str
    source: str | None
    published: str | None

    @property
    def seniority(self) -> tuple[str, str]:
        """Return what to sort by; an article without a date comes after those that have one."""
        return self.published or "9999", self.path


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found; a higher score is better, and ranks count from 1."""

    passage: Passage
    score: float
    lexical_rank: int | None = None
    vector_rank: int | None = None
    lexical_score: float = 0.0  # BM25, of the words alone
    also_in: tuple[str, ...] = ()  # ids of articles of the same story that carry the passage, earliest first
    outlets: tuple[str | None, ...] = ()  # theirs: a source once, None for each article whose source is not known


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best passages for a question, best first; and why only the words found them, where that is so."""

    hits: tuple[Hit, ...]
    failure: str | None = None  # of the vectors: the embedding model or their server could not be had
    similarities: Mapping[str, float] = field(default_factory=dict)
    # the cosine of each sentence of the hits to the question, by `article:start-end`; what has no vector is absent
    pending: float = 0.0  # the share of the articles that have no vectors yet


@dataclass(frozen=True, slots=True)
class AnswerExpression:
    """The words of a quote that answer who, when, where, how many or how much: `quote[start:end] == text`."""

    text: str
    start: int  # code points of the quote
    end: int
    kind: ExpressionKind
    english: str | None = None  # the same said in English; None where that is not certain


@dataclass(frozen=True, slots=True)
class Citation(Provenance):
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
    outlets: tuple[str | None, ...] = ()  # of the copies among these, as in `Hit`; those cited themselves left out
    matched: tuple[Span, ...] = ()  # the words of the quote that say words of the question, as slices of the quote
    dated: str | None = None  # as Article.dated
    expression: AnswerExpression | None = None  # what in the quote answers, where that is certain


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations that it leans on."""

    text: str
    citations: tuple[int, ...]
    readings: tuple[SentenceReading, ...] = ("quoted",)  # that it passed


@dataclass(frozen=True, slots=True)
class CoverageSummary:
    """What the collection does hold, said when it holds no answer."""

    articles: int
    nearest: tuple[str, ...]  # labels of the nearest articles, nearest first


@dataclass(frozen=True, slots=True)
class SearchedWord:
    """A term that was looked for, and the Arabic stems that may say it, likeliest first."""

    surface: str
    kind: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """A sentence that a model wrote, and what was found where it was read beside what it cites."""

    text: str
    passed: bool
    figure: float  # the share of its content that the cited passages say, 0 to 1
    problems: tuple[str, ...]  # each as "number: 14"; "id: 7" where it names no passage
    repaired: bool = False  # it was written at the second attempt


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about, for whoever asks why."""

    asked: str  # the question as it was understood, with what a follow-up leaves out
    words: tuple[SearchedWord, ...]
    model_words: tuple[str, ...]  # that a model added to the search
    hits: tuple[Hit, ...]
    score: float  # of answerability
    threshold: float
    covered: bool
    checks: tuple[SentenceCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation as it was understood, and what was answered; the oldest comes first."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles alone may answer: days as YYYY-MM-DD, both within, a source's name as it was typed, some ids."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    articles: frozenset[str] | None = None  # ids; None for all

    @property
    def has_days(self) -> bool:
        """Tell whether the day counts."""
        return bool(self.since or self.until)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return self.has_days or bool(self.source) or self.articles is not None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters in force, and what they leave of the collection."""

    filters: Filters
    articles: int  # that pass
    undated: int  # that were left out as they do not say of which day they are
    emptied_by: Literal["source", "dates", "both"] | None = None  # where none passes; both: either alone leaves some


@dataclass(frozen=True, slots=True)
class Answer:
    """What Sanad found, or that it found nothing; front ends only render it.

    Where `found` is false, sentences and citations are the nearest to the question, and may not answer it.
    """

    question: str
    language: Language
    found: bool
    mode: Mode
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    covered: CoverageSummary | None  # None where an answer was found
    missing: tuple[str, ...]  # the question's words that the articles lack, when that decided
    seconds: float
    notice: LLMFailure | None = None  # why a configured model's answer is missing or incomplete
    server_words: str | None = None  # what the model's server said of it, without keys
    lexical_only: bool = False  # the vectors could not be had
    vectors_pending: float = 0.0  # the share of the articles that have no vectors yet, 0 to 1
    written: int = 0  # sentences that a model wrote; those that hold are in `sentences`
    explanation: Explanation | None = None
    filters: Narrowing | None = None  # in force; None where all articles might answer
    reply: SmallTalk | None = None  # what the message is, where it asks nothing of the articles
    unsaid: Unsaid | None = None  # what a follow-up asks for, where nothing said of its subject tells it
    parts: tuple[Answer, ...] = ()  # where it asks several questions: the answer to each, numbered through
    unanswered: tuple[str, ...] = ()  # the questions of a message beyond those that are answered
    archive: ArchiveAnswer | None = None  # where the question is one about the archive
    sides: tuple[Side, ...] = ()  # by day, where sources of one event differ in what is asked; two or more

    @property
    def each(self) -> tuple[Answer, ...]:
        """Return the answer to each question of the message."""
        return self.parts or (self,)

    @property
    def outcome(self) -> AnswerOutcome:
        """Return how far this answers the question."""
        if self.reply:
            return "reply"
        if self.found:
            return "answered"
        return "nearest" if self.citations else "not_covered"

    @property
    def expression(self) -> AnswerExpression | None:
        """Return what in the first quote answers the question, where that is certain."""
        return self.citations[0].expression if self.found and self.citations else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something long has come: a refresh in files, then in rows of the vectors; a list in its names."""

    done: int
    total: int
    path: str
    phase: Literal["files", "vectors", "names"] = "files"


# Which vectors a refresh makes: a segment is a minute's work at most, few are all where these take seconds.
Extent = Literal["all", "segment", "few", "none"]
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    reason: str


class Move(NamedTuple):
    """A file that stands elsewhere than before, with the same bytes."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did; each entry is a path relative to the folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: int = 0
    duplicates: tuple[str, ...] = ()  # the same text stands in another file, which is indexed
    failed: tuple[Failure, ...] = ()
    unsettled: tuple[str, ...] = ()  # being written just now; what they stood for before is shown
    passages: int = 0  # in the whole index, afterwards
    pending: int = 0  # articles without vectors, afterwards
    failure: str | None = None  # why they have none yet: the embedding model or the vectors' server
    rebuilt: str | None = None  # one line that says why the index was built anew
    seconds: float = 0.0
