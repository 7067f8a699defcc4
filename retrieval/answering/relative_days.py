"""Days that a sentence states in full and its passage by the article's day: «أمس» in one of the 12th is the 11th."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from retrieval.nlp.analysis import normalise, tokens
from retrieval.nlp.dates import DATE_IN_PROSE, WEEKDAY_OF, period_of
from retrieval.nlp.word_lists import read_word_lists
from retrieval.types import Article, Language, Passage

_WEEK = 7


def with_relative_days(sentence: str, language: Language, cited: Sequence[Passage], articles: Sequence[Article]) -> str:
    """Return a sentence with the words that its passages have in the place of the days that these mean.

    A day of the week is the last one before the article's day, or that day itself.
    """
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
    words = {token.text for token in tokens(passage.text)}
    for relative in read_word_lists("answering", "relative_days").values():
        if words.intersection(normalise(relative["spelt"]).split(", ")):
            yield own + timedelta(days=int(relative["offset"])), {"ar": relative["ar"], "en": relative["en"]}
    for name in words & WEEKDAY_OF.keys():
        day = own - timedelta(days=(own.weekday() - WEEKDAY_OF[name]) % _WEEK)
        yield day, {"ar": f"يوم {name}", "en": f"on {day:%A}"}


@cache
def _dates() -> re.Pattern[str]:
    return re.compile(rf"(?:\b(?:on|في|يوم) )*\b(?P<date>{DATE_IN_PROSE})(?!\w)", re.IGNORECASE)
