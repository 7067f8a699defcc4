"""Days that a sentence states in full and its passage by the article's day: «أمس» in one of the 12th is the 11th."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from retrieval.nlp.analysis import normalise
from retrieval.nlp.dates import DATE_IN_PROSE, MONTH_OF, WEEKDAY_OF, Period, period_of
from retrieval.nlp.days_spoken_of import days_in
from retrieval.nlp.sentences import sentences
from retrieval.types import Article, Language, Passage

_CALLED: Mapping[int, Mapping[Language, str]] = {
    -1: {"ar": "أمس", "en": "yesterday"},
    0: {"ar": "اليوم", "en": "today"},
    1: {"ar": "غدا", "en": "tomorrow"},
}


def with_relative_days(sentence: str, language: Language, cited: Sequence[Passage], articles: Sequence[Article]) -> str:
    """Return a sentence with the words that its passages have in the place of the days that these mean."""
    pairs = zip(cited, articles, strict=True)
    meant = dict(one for passage, article in pairs for one in _days(passage, article))
    normal = normalise(sentence)
    if not meant or len(normal) != len(sentence):
        return sentence
    for found in reversed(list(_dates().finditer(normal))):
        day = _day(found["date"], meant)
        if day in meant:
            sentence = sentence[: found.start()] + meant[day][language] + sentence[found.end() :]
    return sentence


def _day(stated: str, meant: Mapping[date, object]) -> date | None:
    """Return the day that words state; one without a year is of the year of the days that are meant."""
    for words in (stated, *(f"{stated} {year}" for year in {day.year for day in meant})):
        period = period_of(words)
        if period and period.first == period.last:
            return date.fromisoformat(period.first)
    return None


def _days(passage: Passage, article: Article) -> Iterator[tuple[date, Mapping[Language, str]]]:
    """Yield the days that a passage means by its article's, with the words for each in either language."""
    if not article.published:
        return
    own = date.fromisoformat(article.published)
    for start, end in sentences(passage.text):
        for spoken in days_in(passage.text[start:end], Period(article.published, article.published)):
            words = normalise(passage.text[start + spoken.start : start + spoken.end]).split()
            day, is_named = date.fromisoformat(spoken.period.first), bool(WEEKDAY_OF.keys() & {*words})
            if (
                spoken.precision == "day"
                and not MONTH_OF.keys() & {*words}
                and (is_named or (day - own).days in _CALLED)
            ):
                yield day, _words_for((day - own).days, day)


def _words_for(offset: int, day: date) -> Mapping[Language, str]:
    """Return what a day is called so many days after an article's own."""
    if offset in _CALLED:
        return _CALLED[offset]
    weekday = next(name for name, number in WEEKDAY_OF.items() if number == day.weekday())
    return {"ar": f"يوم {weekday}", "en": f"on {day:%A}"}


@cache
def _dates() -> re.Pattern[str]:
    return re.compile(rf"(?:\b(?:on|في|يوم) )*\b(?P<date>{DATE_IN_PROSE})(?!\w)", re.IGNORECASE)
