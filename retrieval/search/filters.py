"""Which articles may answer, pure: by the day and the source that they state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from retrieval.nlp.dates import Period, stated_date
from retrieval.nlp.news_sources import is_source
from retrieval.types import Filters, Narrowing


class ArticleFacts(NamedTuple):
    """An article of the collection as filters see it."""

    article_id: str
    published: str | None
    dated: str | None
    source: str | None


def merge_filters(options: Filters, words: Filters) -> Filters:
    """Return options and words as one; an option wins over a word of its kind.

    >>> merge_filters(Filters(until="2019-06-30"), Filters(since="2019-05-01", source="Reuters"))
    Filters(since=None, until='2019-06-30', source='Reuters', articles=None)
    """
    days = options if options.has_days else words
    return replace(days, source=options.source or words.source, articles=options.articles)


def next_day(day: str, days: int = 1) -> str:
    """Return the day after a day, or so many days after it.

    >>> next_day("2019-12-31"), next_day("2019-05-01", -1)
    ('2020-01-01', '2019-04-30')
    """
    try:
        return (date.fromisoformat(day) + timedelta(days)).isoformat()
    except OverflowError:  # the last day that there is
        return day


def narrow(filters: Filters, held: Sequence[ArticleFacts]) -> tuple[frozenset[str], Narrowing]:
    """Return the ids of the articles that pass, and what to say of it; one whose day is not known does not pass.

    Of an article that states a month, the whole month must be within.
    """
    if filters.articles is not None:
        held = [one for one in held if one.article_id in filters.articles]
    from_source = [one for one in held if filters.source is None or _is_from(filters.source, one.source)]
    placed = [(one, _fits(filters, one.published, one.dated)) for one in from_source]
    passing = frozenset(one.article_id for one, fits in placed if fits)
    undated = sum(fits is None for _, fits in placed)
    emptied: Literal["source", "dates", "both"] | None = None
    if not passing:
        in_time = any(_fits(filters, one.published, one.dated) for one in held)
        emptied = "source" if not from_source else "both" if filters.source and in_time else "dates"
    return passing, Narrowing(filters, len(passing), undated, emptied)


def _is_from(asked: str, stated: str | None) -> bool:
    return stated is not None and is_source_named(asked, stated)


is_source_named = lru_cache(maxsize=1 << 14)(is_source)  # by a name as it was typed


def _fits(filters: Filters, published: str | None, dated: str | None) -> bool | None:
    """Tell whether an article is of the days asked for; None where it does not say enough."""
    if not filters.has_days:
        return True
    period = _period(published, dated)
    if period is None:
        return None
    since, until = filters.since or period.first, filters.until or period.last
    if since <= period.first and period.last <= until:
        return True
    return None if since <= period.last and period.first <= until else False


def is_dated(one: ArticleFacts) -> bool:
    """Tell whether an article states of which day, month or year it is."""
    return period_of_article(one) is not None


def period_of_article(one: ArticleFacts) -> Period | None:
    """Return the day, or the month, that an article states; None where it states none for certain."""
    return _period(one.published, one.dated)


def _period(published: str | None, dated: str | None) -> Period | None:
    return Period(published, published) if published else _stated_period(dated) if dated else None


@lru_cache(maxsize=4096)
def _stated_period(dated: str) -> Period | None:
    stated = stated_date(dated)
    return stated.period if stated else None
