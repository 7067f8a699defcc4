"""Pure: a name's sheet as Telegram messages: what is counted, quotes with their source below, and the other sources."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.answer_lines import LabelOf
from bot.rendering.name_sheet_lines import SheetPart, sheet_parts, sheet_summary
from bot.rendering.texts import say
from bot.telegram.messages.bidi import inset, localised
from bot.telegram.messages.html import Block, Run
from bot.telegram.messages.layout import Message, line_block, messages_of, quote_block, source_block
from retrieval.name_sheets import NameSheet
from retrieval.nlp.display import isolate
from retrieval.types import Language

MOST_SHEET_ROWS = 5  # of a part; the terminal shows more


def name_sheet_messages(sheet: NameSheet, language: Language, label_of: LabelOf) -> list[Message]:
    """Return a name's sheet; each citation stands below its quote, those of counts at the end with the quote folded."""
    parts = sheet_parts(sheet, language, MOST_SHEET_ROWS)
    blocks = [Block((Run(inset(sheet.name, language), "bold"),), language, kept=True)]
    blocks += [line_block(localised(line, language), language) for line in sheet_summary(sheet, language)]
    shown: set[int] = set()
    for part in parts:
        blocks += _part(part, language, label_of, shown)
    counted_in = {number for part in parts for _, _, number in part.counts}
    waiting = [one for one in sheet.citations if one.number in counted_in - shown]
    if waiting:
        blocks.append(_heading_of(say(language, "sources"), language))
    for one in waiting:
        blocks += [replace(source_block(one, label_of, language), kept=True), quote_block(one, "folded")]
    return messages_of(blocks)


def _part(part: SheetPart, language: Language, label_of: LabelOf, shown: set[int]) -> list[Block]:
    blocks = [_heading_of(part.heading, language)]
    for one in part.quotes:
        quote = [] if one.number in shown else [replace(quote_block(one, "quote"), kept=True)]
        blocks += [*quote, source_block(one, label_of, language)]
        shown.add(one.number)
    for text, count, number in part.counts:
        line = f"• {inset(text, language)}: {count} {isolate(f'[{number}]', 'ltr')}"
        blocks.append(line_block(line, language))
    return blocks


def _heading_of(text: str, language: Language) -> Block:
    return Block((Run(localised(text, language), "bold"),), language, gap=True, kept=True)
