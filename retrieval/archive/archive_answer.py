"""The answer to a question about the archive: exact counts, and rows that are verbatim quotes with their citations."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

from retrieval.archive.archive_rows import QuotedRow, rows_of
from retrieval.archive.archive_scope import ArchiveScope, archive_scope
from retrieval.archive.intents import ArchiveQuestion
from retrieval.archive_types import MOST_ARCHIVE_ROWS, ArchiveAnswer, ArchiveIntent, ArchiveRow
from retrieval.citing.citations import Citations, Evidence, GroundedSentence
from retrieval.citing.passage_source import PassageSource
from retrieval.nlp.analysis import tokens
from retrieval.nlp.clitics import without_article
from retrieval.search.followups import telling
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.types import Citation, Narrowing, Sentence

MOST_NEAR_NAMES = 3  # names of the archive that are offered for one that it lacks
_NEAR_PASSAGES = 10  # in which they are looked for, of those that sound like it and of those that search finds
_LEAST_ALIKE = 0.76  # of a word's letters, or how surely it says the name in the other script
# Where no article says all of a subject, search may answer these.
_ELSE_SEARCHED: frozenset[ArchiveIntent] = frozenset(("latest", "statements", "overview", "timeline", "compare"))


class ArchiveFindings(NamedTuple):
    """What the archive says to a question, with its quotes, and the filters that were in force."""

    said: ArchiveAnswer
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    narrowing: Narrowing | None = None


def archive_findings(
    source: PassageSource, asked: ArchiveQuestion, shown: int = 0, limit: int = MOST_ARCHIVE_ROWS
) -> ArchiveFindings | None:
    """Return what the archive says to a question, by the filters that it has; None where search may say more.

    At most `limit` rows are shown, 0 for all, after so many times that as many were `shown` before.
    """
    subject, archive = asked.subject or None, source.archive
    if archive is None and subject and asked.intent in _ELSE_SEARCHED:
        return None
    if archive is None:
        return ArchiveFindings(ArchiveAnswer(asked.intent, subject, 0, is_known=False))
    scope = archive_scope(source, archive, asked.subject, asked.filters)
    if not scope.articles:
        if asked.intent in _ELSE_SEARCHED and scope.subject and len(telling(scope.subject.query)) > 1:
            return None
        nothing = ArchiveAnswer(asked.intent, subject, 0, near=_near(scope))
        return ArchiveFindings(nothing, narrowing=scope.narrowing)
    found = rows_of(asked.intent, scope, shown, limit)
    cited = Citations(source, _matcher(scope))
    rows = tuple(_cited(row, cited) for row in found.shown)
    count = len(scope.articles)
    said = ArchiveAnswer(asked.intent, subject, count, rows, found.total, found.first, found.unstated, found.unread)
    return ArchiveFindings(said, tuple(cited.sentences), tuple(cited.citations), scope.narrowing)


def _matcher(scope: ArchiveScope) -> Matcher:
    return scope.subject.matcher if scope.subject else matcher_for(scope.source.analyse(""))


def _cited(row: QuotedRow, cited: Citations) -> ArchiveRow:
    """Return a row with the number of its quote."""
    if row.sentence is None:
        return ArchiveRow(row.label, articles=row.articles)
    place = Evidence(row.article_id, row.sentence.start, row.sentence.end, 1.0)
    event = cited.add(GroundedSentence(row.sentence.text, (place,)))
    return ArchiveRow(row.label, event.sentence.citations, row.articles)


def _near(scope: ArchiveScope) -> tuple[str, ...]:
    """Return words of the archive that look or sound like a subject that no article mentions, the most alike first.

    None where filters are in force: an article that they leave out may mention it.
    """
    if scope.subject is None or scope.narrowing:
        return ()
    query = scope.source.analyse(scope.subject.query.text)
    heard = scope.archive.passages(scope.archive.passage_ids_holding(scope.subject.query)[:_NEAR_PASSAGES])
    searched = (hit.passage for hit in scope.source.search(query, _NEAR_PASSAGES).hits)
    alike: dict[str, tuple[float, str]] = {}
    for text in (passage.text for passage in (*chain.from_iterable(heard.values()), *searched)):
        for word, start, end in tokens(text):
            likeness = _likeness(matcher_for(query), word)
            if _LEAST_ALIKE <= likeness < 1.0 and word not in alike:
                alike[word] = (likeness, text[start:end])
    return tuple(written for _, written in sorted(alike.values(), reverse=True)[:MOST_NEAR_NAMES])


def _likeness(matcher: Matcher, word: str) -> float:
    """Return how much a word is like one that was asked for, 0 to 1: by its letters, else by what says it."""
    terms = [term for term in matcher.question.terms if not term.parts]
    if word.isascii() != matcher.question.text.isascii():
        said = matcher.strengths(word)
        return max((said.get(at, 0.0) for at, term in enumerate(matcher.question.terms) if term.keys), default=0.0)
    bare = without_article(word)
    return max((SequenceMatcher(None, without_article(term.surface), bare).ratio() for term in terms), default=0.0)
