"""Pure: a timeline in Telegram: ten statements a message, each below its day and above its source, more by a button."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.answer_lines import LabelOf
from bot.rendering.texts import say
from bot.rendering.timeline_lines import day_in_words, timeline_heading
from bot.telegram.messages.bidi import localised
from bot.telegram.messages.html import Block, Run
from bot.telegram.messages.keyboards import Button, laid_out, source_rows
from bot.telegram.messages.layout import Message, messages_of, quote_block, quoted_blocks
from bot.telegram.messages.texts import label
from retrieval.timelines import Timeline, TimelineEntry
from retrieval.types import Answer, Language, Sentence

PER_PAGE = 10  # statements


def page_answer(found: Timeline, start: int, language: Language) -> Answer:
    """Return a page of a timeline as an answer, so that its sources can be shown, listed and cited."""
    citations = tuple(one.citation for one in _page(found, start))
    return Answer(
        question=found.subject,
        language=language,
        found=bool(citations),
        mode="extractive",
        sentences=tuple(Sentence(one.quote, (one.number,)) for one in citations),
        citations=citations,
        covered=None,
        missing=(),
        seconds=0.0,
    )


def _page(found: Timeline, start: int) -> tuple[TimelineEntry, ...]:
    return (*found.entries, *found.undated)[start : start + PER_PAGE]


def timeline_messages(found: Timeline, start: int, language: Language, label_of: LabelOf) -> list[Message]:
    """Return a page of a timeline; the buttons lead to its sources, and to the next page where there is one."""
    blocks = [Block((Run(localised(line, language), "bold"),), language) for line in timeline_heading(found, language)]
    page, shown = _page(found, start), ""
    for entry in page:
        day = day_in_words(entry.day, language) if entry.day else say(language, "timeline_undated")
        if day != shown:
            blocks.append(Block((Run(localised(day, language), "bold"),), language, gap=True, kept=True))
            shown = day
        blocks += _entry_blocks(entry, language, label_of)
    rows = source_rows(page_answer(found, start, language), label_of)
    following = start + PER_PAGE
    if following < len(found.entries) + len(found.undated):
        rows.append((Button(label(language, "more"), f"timeline:{following}"),))
    return messages_of(blocks, laid_out(rows, language))


def _entry_blocks(entry: TimelineEntry, language: Language, label_of: LabelOf) -> list[Block]:
    """Return a statement, the words that say its day in bold, over where it stands and who else carries it."""
    marked = replace(entry.citation, matched=(entry.day.words,) if entry.day else ())
    return quoted_blocks(quote_block(marked, "quote"), entry.citation, label_of, language)
