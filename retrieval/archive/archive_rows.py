"""The rows of an answer about the archive: for each intent what they are, in which order, and what they quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from retrieval.archive.archive_scope import ArchiveScope
from retrieval.archive.timeline import timeline
from retrieval.archive_types import ArchiveIntent
from retrieval.search.filters import is_dated
from retrieval.search.passage_scoring import PassageSentence
from retrieval.timelines import TimelineDay, TimelineEntry

_FEW_ROWS: Mapping[ArchiveIntent, int] = {"count": 3}  # at most: the number is the answer by itself


class QuotedRow(NamedTuple):
    """A row before it is cited: its label, what it counts, and the sentence that it quotes, by its article."""

    label: str | None
    articles: int | None = None
    article_id: str = ""
    sentence: PassageSentence | None = None


class FoundRows(NamedTuple):
    """The rows that are shown, how many there are in all, and what articles state nothing to go by or were not read."""

    shown: Sequence[QuotedRow]
    total: int
    unstated: int = 0
    unread: int = 0
    first: int = 0


def rows_of(intent: ArchiveIntent, scope: ArchiveScope, pages: int, limit: int) -> FoundRows:
    """Return at most `limit` rows of an intent, 0 for all, after so many pages of as many; of a count fewer."""
    limit = min(limit, _FEW_ROWS.get(intent, limit))
    first = pages * limit
    return _ROWS[intent](scope, slice(first, first + limit if limit else None))._replace(first=first)


def _list(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return a row for each article."""
    return FoundRows(_quoting(scope, scope.newest[shown], scope.naming), len(scope.newest))


def _count(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return the articles that were counted; none of all that there are."""
    return _list(scope, shown) if scope.subject else FoundRows((), 0)


def _latest(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return a row for each story, of those whose day is known, the newest first; where none is, of all."""
    dated = [one for one in scope.newest if scope.facts[one].published]
    stories = scope.stories(dated or scope.newest)
    return FoundRows(_quoting(scope, stories[shown], scope.naming), len(stories), _undated(scope))


def _overview(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return each story's lead sentence; what most articles tell comes first, then the newest."""
    stories = scope.stories(scope.newest)
    told = Counter(member.story for member in scope.members.values())
    most_told = sorted(stories, key=lambda one: -told[scope.members[one].story] if one in scope.members else -1)
    return FoundRows(_quoting(scope, most_told[shown], scope.lead), len(stories))


def _sources(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return a row for each outlet, the one with the most articles first; with a subject, each quoted."""
    outlets = Counter(one.source for one in scope.facts.values() if one.source)
    ordered = sorted(outlets, key=lambda name: (-outlets[name], name))
    rows = []
    for name in ordered[shown]:
        own = next(one for one in scope.newest if scope.facts[one].source == name) if scope.subject else ""
        rows.append(QuotedRow(name, outlets[name], own, scope.naming(own) if own else None))
    return FoundRows(rows, len(ordered), len(scope.facts) - outlets.total())


def _dates(scope: ArchiveScope, _: slice) -> FoundRows:
    """Return the first and the last day, each with an article of it."""
    dated = [one for one in scope.newest if scope.facts[one].published]
    ends = dict.fromkeys((dated[-1], dated[0])) if dated else ()
    return FoundRows(_quoting(scope, ends, scope.naming), len(ends), _undated(scope))


def _statements(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return what each outlet says, the newest article of each first; copies of one story speak with one voice."""
    voices = scope.stories(scope.newest)
    first: dict[str, str] = {}
    for one in voices:
        first.setdefault(scope.facts[one].source or one, one)
    heard = frozenset(first.values())
    ids = [*first.values(), *(one for one in voices if one not in heard)]
    rows = [QuotedRow(scope.facts[one].source, article_id=one, sentence=scope.naming(one)) for one in ids[shown]]
    return FoundRows(rows, len(ids))


def _timeline(scope: ArchiveScope, shown: slice) -> FoundRows:
    """Return what is said of the subject, by the days that the sentences speak of; what speaks of none comes last."""
    if scope.subject is None:
        return FoundRows((), 0)
    found = timeline(scope.source, scope.subject.query, frozenset(scope.articles))
    entries = [*found.entries, *found.undated]
    return FoundRows([_entry_row(one) for one in entries[shown]], len(entries), unread=found.left_out)


def _entry_row(entry: TimelineEntry) -> QuotedRow:
    own = entry.citation
    sentence = PassageSentence(own.start, own.end, own.quote, ())
    return QuotedRow(_period_label(entry.day) if entry.day else None, article_id=own.article_id, sentence=sentence)


def _period_label(day: TimelineDay) -> str:
    """Return a day, or a span by its ends as ISO 8601 has it."""
    return day.first if day.first == day.last else f"{day.first}/{day.last}"


def _quoting(scope: ArchiveScope, ids: Iterable[str], sentence: Callable[[str], PassageSentence]) -> list[QuotedRow]:
    return [QuotedRow(scope.facts[one].published, article_id=one, sentence=sentence(one)) for one in ids]


def _undated(scope: ArchiveScope) -> int:
    return sum(not is_dated(one) for one in scope.facts.values())


_ROWS: Mapping[ArchiveIntent, Callable[[ArchiveScope, slice], FoundRows]] = {
    "list": _list,
    "count": _count,
    "latest": _latest,
    "statements": _statements,
    "overview": _overview,
    "sources": _sources,
    "dates": _dates,
    "timeline": _timeline,
    "compare": _statements,
}
