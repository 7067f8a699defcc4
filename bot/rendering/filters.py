"""Pure: the filters in force, in words: what was searched, what left nothing, and what was left out for it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping

from bot.rendering.texts import TextKey, count_articles, date_in_words, say
from retrieval.types import Filters, Language, Narrowing

_NONE: Mapping[str, TextKey] = {
    "source": "none_from_source",
    "dates": "none_published",
    "both": "none_from_source_published",
}


def narrowed_lines(narrowing: Narrowing | None, language: Language) -> list[str]:
    """Return the lines that name the filters in force; no line where there are none."""
    if narrowing is None:
        return []
    filters = narrowing.filters
    when = _when(filters, language)
    if not (filters.source or when):  # only by the articles themselves, which whoever chose them says
        return []
    if narrowing.emptied_by:
        lines = [say(language, _NONE[narrowing.emptied_by], source=filters.source, when=when)]
    else:
        conditions = [say(language, "from_source", source=filters.source)] if filters.source else []
        conditions += [say(language, "published", when=when)] if when else []
        joint = " و" if language == "ar" else " "
        lines = [say(language, "narrowed", conditions=joint.join(conditions))]
    if narrowing.undated:
        lines.append(say(language, "undated", articles=count_articles(narrowing.undated, language)))
    return lines


def _when(filters: Filters, language: Language) -> str:
    """Return the days of a filter as prose has them.

    >>> _when(Filters("2019-05-01", "2019-05-31"), "en"), _when(Filters("2019-05-01", "2019-06-30"), "ar")
    ('in May 2019', 'من 1 مايو 2019 إلى 30 يونيو 2019')
    """
    since, until = filters.since, filters.until
    first, last = (date_in_words(day, language) if day else "" for day in (since, until))
    if since and until:
        if since == until:
            return say(language, "on_day", day=first)
        if period := whole_period(since, until):
            return say(language, "in_period", period=date_in_words(period, language))
        return say(language, "from_day_to_day", first=first, last=last)
    if since:
        return say(language, "since_day", day=first)
    return say(language, "until_day", day=last) if until else ""


def whole_period(since: str, until: str) -> str | None:
    """Return the year or the month that two days bound, as 2019 or 2019-05."""
    year, month, day = since.split("-")
    if (since, until) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    end = f"{year}-{month}-{monthrange(int(year), int(month))[1]}"
    return f"{year}-{month}" if day == "01" and until == end else None
