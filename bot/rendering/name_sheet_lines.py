"""Pure: a name's sheet in parts, each a heading and its rows, for a terminal and for Telegram; its hits as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.rendering.csv_lines import csv_line
from bot.rendering.plurals import counted
from bot.rendering.texts import say
from retrieval.name_sheets import NameCount, NameHit, NameSheet
from retrieval.nlp.display import one_line
from retrieval.types import Citation, Language

CSV_COLUMNS = ("name", "hit", "spelling", "article", "outlet", "day", "sentence", "link", "note")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part of a sheet: quotes, or what is counted, each with the number of a citation that says so."""

    heading: str
    quotes: tuple[Citation, ...] = ()
    counts: tuple[tuple[str, int, int], ...] = ()  # what is written, how often, the citation's number


def sheet_summary(sheet: NameSheet, language: Language) -> list[str]:
    """Return the lines that say how often a name is written, and what is not known of its articles."""
    if not sheet.articles:
        return [say(language, "name_unknown", name=sheet.name)]
    articles = counted(sheet.articles, "article", language, "after")
    times = counted(sheet.mentions, "time", language, "object")
    lines = [say(language, "name_counts", times=times, articles=articles)]
    if sheet.outlets:
        lines.append(say(language, "name_outlets", outlets=counted(sheet.outlets, "outlet", language)))
    if sheet.unsourced:
        lines.append(say(language, "name_unsourced", articles=counted(sheet.unsourced, "article", language)))
    if sheet.undated:
        lines.append(say(language, "name_undated", articles=counted(sheet.undated, "article", language)))
    if sheet.read < sheet.articles:
        lines.append(say(language, "name_read", articles=counted(sheet.read, "article", language, "after")))
    return lines


def sheet_parts(sheet: NameSheet, language: Language, most: int | None = None) -> list[SheetPart]:
    """Return the parts of a sheet that hold anything, in their order, with so many rows at most; None for all."""
    cited = {one.number: one for one in sheet.citations}
    first = (cited[sheet.first],) if sheet.first else ()
    last = (cited[sheet.last],) if sheet.last and sheet.last != sheet.first else ()
    parts = [
        SheetPart(say(language, "name_spellings"), counts=_counts(sheet.spellings, by_article=False)),
        SheetPart(say(language, "name_full"), counts=_counts(sheet.full_names, by_article=False)),
        SheetPart(say(language, "name_first"), first),
        SheetPart(say(language, "name_last"), last),
        SheetPart(say(language, "name_people"), counts=_counts(sheet.people, by_article=True)),
        SheetPart(say(language, "name_places"), counts=_counts(sheet.places, by_article=True)),
        SheetPart(say(language, "name_said"), tuple(cited[number] for number in sheet.said)),
    ]
    shown = (replace(part, quotes=part.quotes[:most], counts=part.counts[:most]) for part in parts)
    return [part for part in shown if part.quotes or part.counts]


def _counts(rows: Iterable[NameCount], *, by_article: bool) -> tuple[tuple[str, int, int], ...]:
    return tuple((row.text, row.articles if by_article else row.mentions, row.citation) for row in rows)


def csv_heading() -> str:
    """Return the first line of the hits of names as CSV."""
    return csv_line(CSV_COLUMNS)


def csv_hit(name: str, hit: NameHit, label: str) -> str:
    """Return a hit of a name as a line of CSV; what a spreadsheet would take for a formula has an apostrophe before it.

    `label` is what its article is called.
    """
    cited = hit.citation
    day = cited.published or cited.dated or ""
    link = cited.link_to(cited.quote) or cited.path
    sentence = one_line(cited.quote)
    return csv_line((name, str(cited.number), hit.spelling, label, cited.source or "", day, sentence, link, ""))


def csv_note(name: str, note: str) -> str:
    """Return the line of CSV of a name that has no hit, or more than are shown."""
    return csv_line((name, "", "", "", "", "", "", "", note))
