"""Pure: a timeline in words: its heading, its days as they were said, who carries a statement, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.rendering.answer_lines import date_line
from bot.rendering.texts import count_articles, count_outlets, date_in_words, say
from retrieval.nlp.display import one_line
from retrieval.timelines import Timeline, TimelineDay
from retrieval.types import Citation, Language

_OF_DAY = {"month": len("2019-05"), "year": len("2019")}  # how much of a day, as YYYY-MM-DD, stands for it


def day_in_words(day: TimelineDay, language: Language) -> str:
    """Return the days that a statement speaks of, as exactly as it says them.

    >>> from retrieval.types import Span
    >>> day_in_words(TimelineDay("2019-05-01", "2019-05-31", "month", Span(0, 1)), "ar")
    'مايو 2019'
    >>> day_in_words(TimelineDay("2019-05-04", "2019-05-10", "week", Span(0, 1)), "en")
    'from 4 May 2019 to 10 May 2019'
    """
    most = _OF_DAY.get(day.precision) if _is_of_our_calendar(day) else None
    first, last = (date_in_words(one[:most], language) for one in (day.first, day.last))
    return first if first == last else say(language, "from_day_to_day", first=first, last=last)


def _is_of_our_calendar(day: TimelineDay) -> bool:
    """Tell whether months and years are whole ones of the Gregorian calendar, as a Hijri one is not."""
    return day.first.endswith("-01") and (date.fromisoformat(day.last) + timedelta(1)).day == 1


def timeline_heading(found: Timeline, language: Language) -> list[str]:
    """Return the lines above a timeline: whose it is, or that nothing names that, and what was not read."""
    if not found.entries and not found.undated:
        return [say(language, "timeline_none", subject=found.subject)]
    lines = [say(language, "timeline", subject=found.subject)]
    if found.left_out:
        read, left = (count_articles(count, language) for count in (found.articles, found.left_out))
        lines.append(say(language, "timeline_left_out", read=read, left=left))
    if found.without_day:
        lines.append(say(language, "timeline_without_day", articles=count_articles(found.without_day, language)))
    return lines


def also_in_line(outlets: Sequence[str | None], language: Language) -> list[str]:
    """Return the line that says who else carries a statement, with the names that are known; no line for nobody.

    >>> also_in_line(("Reuters", "AFP"), "en"), also_in_line((), "ar"), also_in_line((None,), "en")
    (['also in: Reuters, AFP'], [], ['+1 outlet'])
    """
    names = [one_line(name) for name in outlets if name]
    if not outlets or not names:
        return [count_outlets(len(outlets), language)] if outlets else []
    unnamed = len(outlets) - len(names)
    more = [count_outlets(unnamed, language)] if unnamed else []
    return [say(language, "timeline_also_in", outlets=("، " if language == "ar" else ", ").join(names)), *more]


def statement_line(citation: Citation, label: str, language: Language) -> list[str]:
    """Return what is known of where a statement stands, and who else carries it."""
    known = (citation.source, label, date_line(citation.published, citation.dated))
    return [*(one_line(part) for part in known if part), *also_in_line(citation.outlets, language)]
