"""The values of a name's sheet: what the archive writes of somebody, each row with a verbatim citation."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.types import Citation


@dataclass(frozen=True, slots=True)
class NameCount:
    """Something that articles write: how often, in how many of them, and the number of a citation that writes it."""

    text: str
    articles: int
    mentions: int
    citation: int


@dataclass(frozen=True, slots=True)
class NameSheet:
    """What the archive writes of a name; rows are the numbers of citations, or counts with one of these.

    `articles`, `mentions`, `outlets`, the spellings and the full names count the whole archive. People, places and what
    was said come from the sentences of `read` articles, which are all of them unless there are too many.
    """

    name: str
    articles: int
    mentions: int
    outlets: int  # distinct sources that the articles state
    unsourced: int  # articles that state none
    undated: int  # articles that do not say of which day, month or year they are
    spellings: tuple[NameCount, ...]  # as written, without the particles before them, the commonest first
    full_names: tuple[NameCount, ...]  # with the names that stand before or after; more than one may be several people
    first: int | None  # of the earliest article whose date is known
    last: int | None
    people: tuple[NameCount, ...]  # named in the same sentences, by the number of articles
    places: tuple[NameCount, ...]
    said: tuple[int, ...]  # sentences in which it is the speaker, the newest first
    read: int
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class NameHit:
    """A sentence that writes a name, and the spelling in it."""

    spelling: str
    citation: Citation
