"""The timeline of a subject: the sentences that name it, by the days that they speak of; each statement once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import accumulate

from retrieval.archive.mentions import sentences_naming
from retrieval.citing.citations import check_citation, cite
from retrieval.citing.passage_source import ArchiveSource, PassageSource
from retrieval.nlp.dates import Period
from retrieval.nlp.days_spoken_of import dateline_end, day_of_sentence
from retrieval.search.collapse import outlets
from retrieval.search.filters import ArticleFacts, is_dated, period_of_article
from retrieval.search.passage_scoring import PassageSentence, same_statement
from retrieval.search.query import Query
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.timelines import Timeline, TimelineDay, TimelineEntry
from retrieval.types import Passage, Span, article_id_in

MOST_NAMING = 200  # that are read for an answer; bench/timeline.py prints what more would cost


@dataclass(slots=True)
class _Statement:
    """A sentence that names the subject, its article, the days that it speaks of, and who else carries it."""

    article: ArticleFacts
    sentence: PassageSentence
    day: TimelineDay | None
    copies: list[ArticleFacts] = field(default_factory=list)

    @property
    def told(self) -> str:
        """Return the sentence without the dateline that may open it, which a copy need not have."""
        return self.sentence.text[dateline_end(self.sentence.text) :]


def timeline(
    source: PassageSource, subject: Query, within: AbstractSet[str] | None = None, most: int = MOST_NAMING
) -> Timeline:
    """Return the timeline of a subject; of a common one, what its newest articles say. Nothing of a mere retriever.

    `within` holds the ids of the articles that count; None for all. `most` bounds the passages that are read.
    """
    archive = source.archive
    if archive is None:
        return Timeline(subject.text)
    passages, left_out = _newest(archive, subject, within, most)
    facts = [one for one in archive.held if one.article_id in passages]
    told = _told_once(source, _statements(facts, matcher_for(subject), passages))
    dated = sorted((one for one in told if one.day), key=_by_day)
    entries = [_entry(source, one, number) for number, one in enumerate([*dated, *(o for o in told if not o.day)], 1)]
    return Timeline(
        subject.text,
        tuple(entries[: len(dated)]),
        tuple(entries[len(dated) :]),
        articles=len(passages),
        left_out=left_out,
        without_day=sum(not is_dated(one) for one in facts) if told else 0,
    )


def _newest(
    archive: ArchiveSource, subject: Query, within: AbstractSet[str] | None, most: int
) -> tuple[Mapping[str, Sequence[Passage]], int]:
    """Return the passages of the newest articles that may name a subject, and how many older ones are left out."""
    days = {one.article_id: one.published or "" for one in archive.held if within is None or one.article_id in within}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for passage_id in archive.passage_ids_holding(subject):
        if (article_id := article_id_in(passage_id)) in days:
            found[article_id].append(passage_id)
    newest = sorted(found, key=lambda one: (days[one], one), reverse=True)
    sums = accumulate(len(found[one]) for one in newest)
    kept = newest[: max(sum(count <= most for count in sums), 1)]
    return archive.passages([own for one in kept for own in found[one]]), len(found) - len(kept)


def _statements(
    facts: Sequence[ArticleFacts], matcher: Matcher, passages: Mapping[str, Sequence[Passage]]
) -> Iterator[_Statement]:
    """Yield the sentences that name a subject, the earliest articles first."""
    for article in sorted(facts, key=lambda one: one.published or "9999"):
        own = period_of_article(article)
        for passage in passages[article.article_id]:
            for sentence in sentences_naming(matcher, passage):
                yield _Statement(article, sentence, _day(sentence.text, own))


def _day(text: str, own: Period | None) -> TimelineDay | None:
    spoken = day_of_sentence(text, own)
    if spoken is None:
        return None
    return TimelineDay(*spoken.period, spoken.precision, Span(spoken.start, spoken.end))


def _told_once(source: PassageSource, statements: Iterator[_Statement]) -> list[_Statement]:
    """Return each statement once, as the earliest article has it: of a story, of a day, or in the same words.

    A later copy that says «أمس» means the day before the earliest one's.
    """
    every = list(statements)
    members = source.members({one.article.article_id for one in every})
    kept: list[_Statement] = []
    beside: defaultdict[object, list[_Statement]] = defaultdict(list)
    for one in every:
        member = members.get(one.article.article_id)
        keys = [one.sentence.words, *([member.story] if member else []), *([one.day.first] if one.day else [])]
        near = (other for key in keys for other in beside[key])
        first = next((other for other in near if same_statement(other.told, one.told)), None)
        if first is None:
            kept.append(one)
            for key in keys:
                beside[key].append(one)
        elif first.article.article_id != one.article.article_id and one.article not in first.copies:
            first.copies.append(one.article)
    return kept


def _by_day(one: _Statement) -> tuple[str, int, str]:
    """Return what to sort by: the first day, what lasts longer before what lies within it, the day of the article."""
    assert one.day is not None
    length = -int(one.day.last.replace("-", "")) if one.day.first != one.day.last else 0
    return one.day.first, length, one.article.published or "9999"


def _entry(source: PassageSource, one: _Statement, number: int) -> TimelineEntry:
    article = source.article_by_id(one.article.article_id)
    citation = cite(
        article,
        one.sentence.start,
        one.sentence.end,
        number=number,
        score=1.0,
        also_in=tuple(copy.article_id for copy in one.copies),
        outlets=outlets(article.source, one.copies),
    )
    return TimelineEntry(check_citation(citation, article), one.day)
