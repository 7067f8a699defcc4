"""A timeline as a terminal shows it: each day once, below it what is said of it, the day's own words in bold."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from bot.rendering.answer_lines import LabelOf
from bot.rendering.filters import narrowed_lines
from bot.rendering.terminal import DIM, INDENT, MARKER, QUOTE, TITLE
from bot.rendering.texts import say
from bot.rendering.timeline_lines import day_in_words, statement_line, timeline_heading
from retrieval.nlp.display import for_screen, isolate, shown_slice
from retrieval.timelines import Timeline, TimelineEntry
from retrieval.types import Language, Narrowing


def timeline_text(found: Timeline, language: Language, label_of: LabelOf, narrowing: Narrowing | None = None) -> Text:
    """Return a timeline, the days in their order, and below them what names none."""
    lines = [Text(for_screen(line), style=DIM) for line in narrowed_lines(narrowing, language)]
    lines += [Text(for_screen(line), style=TITLE) for line in timeline_heading(found, language)]
    shown = ""
    for entry in found.entries:
        assert entry.day is not None
        day = day_in_words(entry.day, language)
        if day != shown:
            lines += [Text(), Text(for_screen(day), style=TITLE)]
            shown = day
        lines += _entry_lines(entry, language, label_of)
    if found.undated:
        lines += [Text(), Text(for_screen(say(language, "timeline_undated")), style=TITLE)]
    lines += [line for entry in found.undated for line in _entry_lines(entry, language, label_of)]
    return Text("\n").join(lines)


def _entry_lines(entry: TimelineEntry, language: Language, label_of: LabelOf) -> Iterator[Text]:
    citation = entry.citation
    quote = Text(for_screen(citation.quote))
    if entry.day:
        quote.stylize(QUOTE, *shown_slice(citation.quote, *entry.day.words))
    yield Text.assemble(INDENT, "«", quote, "» ", (isolate(f"[{citation.number}]", "ltr"), MARKER))
    known = statement_line(citation, label_of(citation.article_id), language)
    yield Text.assemble(INDENT, (" · ".join(isolate(for_screen(part)) for part in known), DIM))
