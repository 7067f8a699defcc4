"""From a question's text to all that is searched for it, made once: nobody reads the text again afterwards.

A word of a question is a softer filter than an option: a date may be that of an event, and «بحسب رويترز» may be said
by an article of another paper. So the articles that state the day or the source are asked first, without those words;
where they hold no answer, all are, and must say the words themselves, be they dated or not. Of a single day it is the
other way round: «في 14 مايو 2019» is rather when something happened than when it was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from retrieval.nlp.analysis import language_of
from retrieval.nlp.arabizi import is_arabizi
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.filter_parser import parse_filters
from retrieval.search.filters import merge_filters, next_day
from retrieval.search.followups import bounded, expansions, needs_context, subject_of, telling
from retrieval.search.query import Query
from retrieval.types import Filters, Language, Narrowing, Turn


class CollectionFacts(Protocol):
    """What a question is held against before anything is searched."""

    @property
    def sources(self) -> Sequence[str]:
        """Return the sources that articles state, each once."""
        ...

    @property
    def is_dated(self) -> bool:
        """Tell whether any article states of which day, month or year it is."""
        ...

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the collection's parsed."""
        ...

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:
        """Return the ids of the articles that pass filters, and what to say of it."""
        ...


@dataclass(frozen=True, slots=True)
class SearchScope:
    """One attempt at a question: how it is asked, of which articles, and what a passage must say to count."""

    query: Query
    within: frozenset[str] | None = None  # ids of articles; None for all
    filters: Narrowing | None = None  # in force, where this attempt answers
    refused_filters: Narrowing | None = None  # which a refusal names
    required_words: frozenset[str] = frozenset()  # those of the question's words that a passage must say
    may_ask_model: bool = True


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """A question, understood: the attempts at it, in order, of which the first that is answerable counts."""

    text: str
    language: Language
    history: tuple[Turn, ...]
    scopes: tuple[SearchScope, ...]
    refusal: int = 0  # the place of the scope whose findings are shown where none is answerable


def plan_query(text: str, history: Sequence[Turn], options: Filters, collection: CollectionFacts) -> QueryPlan:
    """Return what is searched for a question, after the turns before it, among the articles that options leave.

    An option wins over a word of its kind, which then says nothing; a date in words counts where articles are dated.
    """
    history = bounded(history)
    language = "ar" if is_arabizi(text, load_lexicon()) else language_of(text)
    parsed = parse_filters(text, lambda: collection.sources)
    soft = replace(parsed.filters, source=None) if options.source else parsed.filters
    if options.has_days or (soft.has_days and not collection.is_dated):
        soft = replace(soft, since=None, until=None)
    analyse = cache(collection.analyse)
    asked = _in_context(analyse(parsed.left(dates=options.has_days, source=bool(options.source))), history, analyse)
    within, strict = collection.narrow(options) if options else (None, None)
    if not soft or (strict and strict.emptied_by):
        only = SearchScope(asked, within, strict, strict, may_ask_model=within != frozenset())
        return QueryPlan(text, language, history, (only,))
    bare = analyse(parsed.left(dates=options.has_days or soft.has_days, source=bool(options.source or soft.source)))
    windows: list[SearchScope] = []
    if history or telling(bare):  # what follows another question may say little of its own
        bare = _in_context(bare, history, analyse)
        for filters in _windows(options, soft):
            ids, narrowing = collection.narrow(filters)
            if not options.has_days:
                narrowing = replace(narrowing, undated=0)  # they are asked after the others, and not left out
            if ids:
                windows.append(SearchScope(bare, ids, narrowing, narrowing, may_ask_model=not windows))
    is_day = soft.has_days and soft.since == soft.until  # rather an event's: whoever says it goes first
    named = collection.narrow(merge_filters(options, soft))[1]
    every = SearchScope(
        asked,
        within,
        strict,
        replace(named, undated=0) if named.emptied_by else strict,
        parsed.words,
        may_ask_model=not is_day and not windows,
    )
    scopes = (every, *windows) if is_day else (*windows, every)
    return QueryPlan(text, language, history, scopes, refusal=1 if is_day and windows else 0)


def _in_context(query: Query, history: Sequence[Turn], analyse: Callable[[str], Query]) -> Query:
    """Return a follow-up with the ways to say it in full; another question as it stands."""
    need = needs_context(query) if history else "no"
    if need == "no":
        return query
    subject = subject_of(history, analyse) or analyse(history[-1].question)
    ways = (analyse(text) for text in expansions(query, subject))
    in_full = tuple(replace(way, language=query.language, asks=query.asks) for way in ways)
    return replace(query, needs_context=need, expansions=in_full)


def _windows(options: Filters, soft: Filters) -> list[Filters]:
    """Return the filters to try: the options with what words say, and of a single day the next one too.

    What happened on a day is in the paper of the next morning.
    """
    filters = merge_filters(options, soft)
    if soft.since is None or soft.since != soft.until:
        return [filters]
    return [filters, replace(filters, until=next_day(soft.since))]
