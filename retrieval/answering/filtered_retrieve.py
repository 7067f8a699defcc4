"""From a question and the filters of whoever asks to what was found, within the articles that may answer.

A word of a question is a softer filter than an option: a date may be that of an event, and «بحسب رويترز» may be said
by an article of another paper. So the articles that state the day or the source are asked first, without those words;
where they hold no answer, all are, and must say the words themselves, be they dated or not. Of a single day it is the
other way round: «في 14 مايو 2019» is rather when something happened than when it was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from retrieval.answering.retrieve import PassageSource, Retrieved, Searched
from retrieval.search.filters import merge_filters, next_day, read_words
from retrieval.search.followups import telling
from retrieval.search.query import Query
from retrieval.search.term_matcher import SAID
from retrieval.types import Filters, Narrowing, SearchResult

Find = Callable[[Searched, str, bool], Retrieved]


@dataclass(frozen=True, slots=True)
class _Part:
    """The articles of an index that may answer."""

    index: PassageSource
    within: Collection[str] | None  # their ids; None for all

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the words of the whole collection."""
        return self.index.analyse(text)

    def findings(self, question: Query, limit: int) -> SearchResult:
        """Return the best passages of these articles, best first."""
        return self.index.search(question, limit, self.within)


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found, and the filters in force; None where there are none."""

    found: Retrieved
    narrowing: Narrowing | None = None


def seek(index: PassageSource, text: str, options: Filters, find: Find, *, follows: bool = False) -> Sought:
    """Return what was found for a question among the articles that options and words leave.

    `find` takes where to search, how to ask, and whether a model may help. An option wins over a word of its kind,
    which then says nothing; a date in words counts where articles are dated. What `follows` another question may
    say little of its own.
    """
    words = read_words(text, lambda: index.sources)
    soft = replace(words.filters, source=None) if options.source else words.filters
    if options.has_days or (soft.has_days and not index.is_dated):
        soft = replace(soft, since=None, until=None)
    asked = words.left(dates=options.has_days, source=bool(options.source))
    within, strict = index.narrow(options) if options else (None, None)
    if not soft or (strict and strict.emptied_by):
        return Sought(find(_Part(index, within), asked, within != frozenset()), strict)
    every, second = _Part(index, within), None
    if soft.has_days and soft.since == soft.until:  # a single day is rather an event's: whoever says it goes first
        second = _saying(find(every, asked, False), words.telling)
        if second.verdict.covered:
            return Sought(second, strict)
    bare = words.left(dates=options.has_days or soft.has_days, source=bool(options.source or soft.source))
    is_telling = follows or bool(telling(index.analyse(bare)))
    refused: Sought | None = None
    for filters in _windows(options, soft):
        ids, narrowing = index.narrow(filters)
        if not options.has_days:
            narrowing = replace(narrowing, undated=0)  # they are asked after the others, and not left out
        sought = Sought(find(_Part(index, ids), bare, refused is None), narrowing) if ids and is_telling else None
        if sought and sought.found.verdict.covered:
            return sought
        refused = refused or sought
    second = second or _saying(find(every, asked, refused is None), words.telling)
    if second.verdict.covered:
        return Sought(second, strict)
    named = index.narrow(merge_filters(options, soft))[1]
    return refused or Sought(second, replace(named, undated=0) if named.emptied_by else strict)


def _windows(options: Filters, soft: Filters) -> list[Filters]:
    """Return the filters to try: the options with what words say, and of a single day the next one too.

    What happened on a day is in the paper of the next morning.
    """
    filters = merge_filters(options, soft)
    if soft.since is None or soft.since != soft.until:
        return [filters]
    return [filters, replace(filters, until=next_day(soft.since))]


def _saying(found: Retrieved, words: frozenset[str]) -> Retrieved:
    """Return what was found with only the passages counting that say the words which the question filters by."""
    needed = [at for at, term in enumerate(found.question.terms) if words.issuperset(term.surface.split())]
    passages = tuple(
        place for place in found.verdict.passages if all(found.readings[place].term_scores[at] >= SAID for at in needed)
    )
    verdict = replace(found.verdict, covered=found.verdict.covered and bool(passages), passages=passages)
    return replace(found, verdict=verdict)
