"""A name's sheet: its spellings, its first and last mention, who stands beside it and what it said, all as quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TypeVar

from retrieval.archive.companions import Companion, NamedInSentence, count_companions, people_named, places_named
from retrieval.archive.name_mentions import NameMention, asked_name, name_mentions, name_query
from retrieval.archive.said_by import continues_speech, is_speaker
from retrieval.citing.citations import Citations, Evidence, GroundedSentence, cite
from retrieval.citing.passage_source import ArchiveSource, PassageSource
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.name_sheets import NameCount, NameHit, NameSheet
from retrieval.nlp.dates import stated_date
from retrieval.search.filters import ArticleFacts, is_source_named
from retrieval.search.passage_scoring import PassageSentence, sentences_of
from retrieval.search.term_matcher import Matcher
from retrieval.types import Citation, Span

MOST_ARTICLES_READ = 60  # articles whose sentences are read; a sentence takes half a millisecond
MOST_SENTENCES_READ = 120  # of these that are read
MOST_ROWS = 10  # of spellings, full names, people and places
MOST_SAID = 20
_UNDATED = "9999"  # sorts behind every day
_Item = TypeVar("_Item")
_NOTHING = NameSheet("", 0, 0, 0, 0, 0, (), (), None, None, (), (), (), 0, ())


@dataclass(frozen=True, slots=True)
class NamingSentence:
    """A sentence that writes a name, with the places where it does and the sentence that follows it in the passage."""

    article_id: str
    sentence: PassageSentence
    mentions: tuple[NameMention, ...]
    following: PassageSentence | None


def name_sheet(
    source: PassageSource, archive: ArchiveSource, text: str, within: AbstractSet[str] | None = None
) -> NameSheet:
    """Return what the archive writes of a name; `within` holds the ids of the articles that count, None for all."""
    name = asked_name(text)
    found = dict(name_mentions(archive, name, within)) if name else {}
    if name is None or not found:
        return replace(_NOTHING, name=" ".join(text.split()))
    facts = {one.article_id: one for one in archive.held if one.article_id in found}
    days = {article_id: day for article_id, one in facts.items() if (day := day_of(one))}
    order = sorted(found, key=lambda article_id: (days.get(article_id, _UNDATED), article_id))
    dated = [found[article_id][0] for article_id in order if article_id in days]
    rows = _Rows(source, Matcher(name_query(name)))
    first, last = (rows.of(dated[0]), rows.of(dated[-1])) if dated else (None, None)
    mentions = [mention for article_id in order for mention in found[article_id]]
    whole = [one for one in mentions if (one.begin, one.finish) != (one.start, one.end)]
    sentences = _read(found, order)
    people, places = _companions(sentences)
    return NameSheet(
        name=name.text,
        articles=len(found),
        mentions=len(mentions),
        outlets=count_sources(one.source for one in facts.values() if one.source),
        unsourced=sum(one.source is None for one in facts.values()),
        undated=len(found) - len(dated),
        spellings=rows.counts(mentions, [mention.spelling for mention in mentions]),
        full_names=rows.counts(whole, [mention.full for mention in whole]),
        first=first,
        last=last,
        people=rows.companions(people, sentences),
        places=rows.companions(places, sentences),
        said=tuple(dict.fromkeys(rows.at(*place) for place in _spoken(archive, sentences)[:MOST_SAID])),
        read=len({one.article_id for one in sentences}),
        citations=rows.citations,
    )


def name_hits(
    source: PassageSource,
    archive: ArchiveSource,
    text: str,
    days: Mapping[str, str],
    within: AbstractSet[str] | None = None,
) -> Iterator[NameHit]:
    """Yield the sentences that write a name, numbered from 1, by the day of their articles and then in their order.

    `days` are those of the archive by `days_of`; of what is not asked for nothing is read.
    """
    name, number = asked_name(text), 0
    if name is None:
        return
    for article_id, mentions in name_mentions(archive, name, within, lambda own: (days.get(own, _UNDATED), own)):
        for one in mentioning_sentences(mentions):
            number += 1
            article = source.article_by_id(article_id)
            cited = cite(article, one.sentence.start, one.sentence.end, number=number, score=1.0)
            yield NameHit(one.mentions[0].spelling, cited)


def days_of(archive: ArchiveSource) -> dict[str, str]:
    """Return the days of an archive's articles by their ids; of those that state none, nothing."""
    return {one.article_id: day for one in archive.held if (day := day_of(one))}


def day_of(one: ArticleFacts) -> str | None:
    """Return the day of an article, or the first one of the month or year that it states, as YYYY-MM-DD."""
    if one.published or not one.dated:
        return one.published
    stated = stated_date(one.dated)
    return stated.period.first if stated and stated.period else None


def count_sources(sources: Iterable[str]) -> int:
    """Return how many sources there are, however they are spelt.

    >>> count_sources(["رويترز", "Reuters", "الشرق الأوسط"])
    2
    """
    distinct: list[str] = []
    for one in dict.fromkeys(sources):
        if not any(is_source_named(one, other) and is_source_named(other, one) for other in distinct):
            distinct.append(one)
    return len(distinct)


def mentioning_sentences(mentions: Sequence[NameMention]) -> list[NamingSentence]:
    """Return the sentences of one article that its mentions stand in, in their order."""
    found = []
    for passage in dict.fromkeys(mention.passage for mention in mentions):
        sentences = sentences_of(passage)
        for one, following in zip(sentences, [*sentences[1:], None], strict=False):
            own = tuple(at for at in mentions if at.passage is passage and one.start <= at.start < one.end)
            if own:
                found.append(NamingSentence(passage.article_id, one, own, following))
    return found


def _read(found: Mapping[str, Sequence[NameMention]], order: Sequence[str]) -> list[NamingSentence]:
    """Return the sentences that are read for more than the name, the oldest article's first; some of many."""
    some = _evenly(order, MOST_ARTICLES_READ)
    return _evenly([one for article_id in some for one in mentioning_sentences(found[article_id])], MOST_SENTENCES_READ)


def _evenly(items: Sequence[_Item], most: int) -> list[_Item]:
    """Return some of a sequence, from the first to the last at even distances.

    >>> _evenly("abcdefg", 3), _evenly("ab", 3)
    (['a', 'd', 'g'], ['a', 'b'])
    """
    if len(items) <= most:
        return list(items)
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]


def _companions(sentences: Sequence[NamingSentence]) -> tuple[list[Companion], list[Companion]]:
    """Return the people and the places that stand beside a name."""
    people: list[tuple[str, list[NamedInSentence]]] = []
    places: list[tuple[str, list[NamedInSentence]]] = []
    for one in sentences:
        quote = QuoteTokens(one.sentence.text)
        own = [Span(at.begin - one.sentence.start, at.finish - one.sentence.start) for at in one.mentions]
        named = people_named(quote)
        people.append((one.article_id, [person for person in named if not _meets(person, own)]))
        taken = [*own, *(Span(person.start, person.end) for person in named)]
        places.append((one.article_id, [place for place in places_named(quote) if not _meets(place, taken)]))
    return count_companions(people), count_companions(places)


def _meets(one: NamedInSentence, spans: Iterable[Span]) -> bool:
    return any(one.start < end and start < one.end for start, end in spans)


def _spoken(archive: ArchiveSource, sentences: Sequence[NamingSentence]) -> list[tuple[str, int, int]]:
    """Return the places of what a name says, the newest article first, each with the sentence that goes on with it."""
    by_article: dict[str, list[tuple[str, int, int]]] = {}
    for one in filter(_is_spoken, sentences):
        own = by_article.setdefault(one.article_id, [])
        own.append((one.article_id, one.sentence.start, one.sentence.end))
        following = one.following or _first_behind(archive, one)
        if following and continues_speech(QuoteTokens(following.text)):
            own.append((one.article_id, following.start, following.end))
    return [place for own in reversed(by_article.values()) for place in own]


def _first_behind(archive: ArchiveSource, one: NamingSentence) -> PassageSentence | None:
    """Return the first sentence of the passage behind that of a sentence."""
    behind = (passage for passage in archive.passages_of(one.article_id) if passage.start >= one.sentence.end)
    return next((sentence for passage in behind for sentence in sentences_of(passage)), None)


def _is_spoken(one: NamingSentence) -> bool:
    quote, start = QuoteTokens(one.sentence.text), one.sentence.start
    return any(is_speaker(quote, mention.begin - start, mention.finish - start) for mention in one.mentions)


class _Rows:
    """The citations of a sheet, each place once, and the rows that name them."""

    def __init__(self, source: PassageSource, matcher: Matcher) -> None:
        self._cited = Citations(source, matcher)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._cited.citations)

    def at(self, article_id: str, start: int, end: int) -> int:
        """Return the number of the citation of a slice of an article."""
        quoted = GroundedSentence("", (Evidence(article_id, start, end, 1.0),))
        return self._cited.add(quoted).sentence.citations[0]

    def of(self, mention: NameMention) -> int:
        """Return the number of the citation of the sentence that a mention stands in."""
        (one,) = mentioning_sentences([mention])
        return self.at(one.article_id, one.sentence.start, one.sentence.end)

    def counts(self, mentions: Sequence[NameMention], written: Sequence[str]) -> tuple[NameCount, ...]:
        """Return what is written in mentions, the commonest first, each with the earliest sentence that writes it."""
        articles: dict[str, set[str]] = defaultdict(set)
        first: dict[str, NameMention] = {}
        for mention, text in zip(mentions, written, strict=True):
            articles[text].add(mention.passage.article_id)
            first.setdefault(text, mention)
        commonest = Counter(written).most_common(MOST_ROWS)
        return tuple(NameCount(text, len(articles[text]), count, self.of(first[text])) for text, count in commonest)

    def companions(self, named: Sequence[Companion], sentences: Sequence[NamingSentence]) -> tuple[NameCount, ...]:
        """Return who or what stands beside a name, each with the first sentence that was read to say so."""
        told = ((one, sentences[one.place]) for one in named[:MOST_ROWS])
        return tuple(
            NameCount(one.text, one.articles, one.mentions, self.at(at.article_id, at.sentence.start, at.sentence.end))
            for one, at in told
        )
