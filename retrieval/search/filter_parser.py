"""Filters in the words of a question, pure: the days and the source that it names, and the question without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from retrieval.nlp.analysis import normalise_with_offsets, words
from retrieval.nlp.clitics import without_lam
from retrieval.nlp.dates import DATE_IN_PROSE, Period, period_of
from retrieval.nlp.news_sources import MOST_NAME_WORDS
from retrieval.search.filters import is_source_named, next_day
from retrieval.search.query import LONGEST_QUESTION
from retrieval.types import Filters

Bound = Literal["in", "since", "after", "until", "before"]

_DATE = rf"(?P<date>{DATE_IN_PROSE})"
_LATER = rf"(?P<later>{DATE_IN_PROSE})"
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("since", r"(?:منذ|ابتداء من|بدءا من|اعتبارا من|انطلاقا من|since|starting (?:in|on|from))"),
    ("after", r"(?:بعد|after)"),
    ("before", r"(?:قبل|before|prior to)"),
    ("until", r"(?:حتي|لغايه|الي غايه|until|till|up to)"),
    (
        "in",
        r"(?:في|يوم|خلال|اثناء|بتاريخ|مقالات|اخبار|صحف"
        r"|in|on|during|dated|(?:articles?|news|reports?) (?:of|from))",
    ),
)
# Patterns, and not yet compiled: that takes a while, which a question without a year need not wait.
_SPANS = tuple(
    rf"\b(?:{form})(?!\w)"
    for form in (
        rf"(?:[وف]?بين|ما بين|between) {_DATE} ?(?:و|and) ?{_LATER}",
        rf"(?:[وف]?من|from) {_DATE} (?:الي|حتي|لغايه|to|until|till|through) {_LATER}",
    )
)
_WITH_BOUND = tuple(
    (bound, rf"\b[وف]?{word} (?:(?:ال)?يوم |شهر |the )?(?:month of )?{_DATE}(?!\w)") for bound, word in _BOUNDS
)
_OF_THE_THING = re.compile(  # «الاتفاقية الموقعة في 2018» is an agreement of that year, whenever it is written of
    r"\b(?:ال(?:موقع|صادر|مبرم|منعقد|معقود|مقام|مولود|موسس|متخذ|معلن)\w*|signed|adopted|held|born|founded|reached|elected"
    r"|issued|dated|concluded) (?:في )?$"
)
_TIME_WORDS = frozenset("شهر عام العام سنه السنه يوم اليوم خلال اثناء بتاريخ مقالات اخبار صحف month year".split())
_YEAR = re.compile(r"\d{4}")
_ACCORDING = re.compile(
    r"\b(?:[وف]?(?:بحسب|حسب|وفق|وفقا|طبقا|نقلا عن)"
    r"|(?:بحسب ما|كما|ماذا|ما الذي|بماذا) (?:ذكرت|افادت|نشرت|اوردت|كتبت|نقلت)"
    r"|في (?:صحيفه|جريده|وكاله|موقع|قناه)"
    r"|according to|(?:as )?(?:reported|published|quoted) by|citing|articles? (?:of|from|by)|did|مقالات) "
)
_REPORTS = re.compile(r" (?:report|write|publish)\b")
_NAME_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")


class ParsedFilters(NamedTuple):
    """What the words of a question say about which articles may answer, and the question without them."""

    filters: Filters
    whole: str
    without_dates: str
    without_source: str
    bare: str  # without either
    words: frozenset[str] = frozenset()  # of the days and of the source's name

    def left(self, dates: bool, source: bool) -> str:
        """Return the question without the words that name days, that name a source, or both."""
        return (
            self.bare
            if dates and source
            else self.without_dates
            if dates
            else self.without_source
            if source
            else self.whole
        )


def parse_filters(question: str, sources: Callable[[], Iterable[str]]) -> ParsedFilters:
    """Return the filters that a question's words are; a source counts only if it is one of those that articles state.

    >>> parse_filters("ماذا قال لافروف في مايو 2019؟", list).filters
    Filters(since='2019-05-01', until='2019-05-31', source=None, articles=None)
    >>> parsed = parse_filters("What did Lavrov say since May 2019, according to Reuters?", lambda: ["رويترز"])
    >>> parsed.filters, parsed.bare
    (Filters(since='2019-05-01', until=None, source='Reuters', articles=None), 'What did Lavrov say ?')
    """
    if len(question) > LONGEST_QUESTION:
        return ParsedFilters(Filters(), question, question, question, question)
    normal, offsets = normalise_with_offsets(question)
    period, dates = _period_in(normal)
    source = _source_in(question, normal, offsets, sources)
    filters = Filters(*period, source.name if source else None)
    cut_dates = [(offsets[start], offsets[end]) for start, end in dates]
    cut_source = [source.place] if source else []
    without_dates, without_source, bare = (
        _without(question, cut) for cut in (cut_dates, cut_source, cut_dates + cut_source)
    )
    named = [question[start:end] for start, end in cut_dates] + ([source.name] if source else [])
    own = frozenset(word for part in named for word in words(part) if word not in _TIME_WORDS)
    return ParsedFilters(filters, question, without_dates, without_source, bare, own)


def _period_in(normal: str) -> tuple[tuple[str | None, str | None], list[tuple[int, int]]]:
    """Return the first and the last day that a normalised question names, and the places of the words."""
    if not _YEAR.search(normal):
        return (None, None), []
    for form in _SPANS:
        if found := re.search(form, normal):
            later = period_of(found["later"])
            first = period_of(found["date"]) or _of_year(found["date"], found["later"])
            if first and later and first.first <= later.last:
                return (first.first, later.last), [found.span()]
    since: str | None = None
    until: str | None = None
    places: list[tuple[int, int]] = []
    for bound, form in _WITH_BOUND:
        found = re.search(form, normal)
        named = period_of(found["date"]) if found else None
        overlaps = found and any(found.start() < end and start < found.end() for start, end in places)
        if not found or not named or overlaps or _OF_THE_THING.search(normal[: found.start()]):
            continue
        lower, upper = _bounded(bound, named)
        if (lower and since) or (upper and until):
            continue
        since, until = since or lower, until or upper
        places.append(found.span())
    return ((since, until), places) if not since or not until or since <= until else ((None, None), [])


def _of_year(month: str, later: str) -> Period | None:
    """Return the days of a month that takes its year from the later one: «بين مايو ويونيو 2019»."""
    year = _YEAR.search(later)
    return period_of(f"{month} {year.group()}") if year else None


def _bounded(bound: Bound, named: Period) -> tuple[str | None, str | None]:
    """Return the first and the last day that may be, both within."""
    if bound == "in":
        return named
    if bound in ("since", "until"):
        return (named.first, None) if bound == "since" else (None, named.last)
    return (next_day(named.last), None) if bound == "after" else (None, next_day(named.first, -1))


class _Source(NamedTuple):
    name: str
    place: tuple[int, int]  # of the name and of what leads to it, in the question


def _source_in(
    question: str, normal: str, offsets: Sequence[int], sources: Callable[[], Iterable[str]]
) -> _Source | None:
    """Return where a question names a source that articles state; the longest name that is one."""
    for marker in _ACCORDING.finditer(normal):
        typed = list(_NAME_WORD.finditer(question, offsets[marker.end()]))[:MOST_NAME_WORDS]
        for last in reversed(typed):
            place = (offsets[marker.start()], last.end())
            if marker.group() == "did ":
                reports = _REPORTS.match(question, last.end())
                if not reports:
                    continue
                place = (typed[0].start(), reports.end())
            stated = question[typed[0].start() : last.end()].rstrip(".")
            for name in dict.fromkeys((stated, without_lam(stated))):  # «وفقا لرويترز» and «وفقا للشرق الأوسط»
                if any(is_source_named(name, source) for source in sources()):
                    return _Source(name, place)
    return None


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start].rstrip(' ،,')} {text[end:].lstrip(' ،,')}"
    return text.strip()
