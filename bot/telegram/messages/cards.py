"""Pure: the caption of a quote's card: the quote itself, for whoever cannot see the picture, and its source below."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.answer_lines import LabelOf
from bot.telegram.messages.bidi import shortened
from bot.telegram.messages.html import html_of
from bot.telegram.messages.layout import quote_block, source_block
from retrieval.types import Citation, Language

_LONGEST_CAPTION_QUOTE = 600  # code points; of a caption's 1,024 the source takes the rest


def card_caption(citation: Citation, language: Language, label_of: LabelOf) -> str:
    """Return the caption of a card as Telegram's HTML; a long quote is cut between two words."""
    quote = shortened(citation.quote, _LONGEST_CAPTION_QUOTE)
    cut = replace(citation, quote=quote, expression=None, matched=())
    return html_of([quote_block(cut, "quote"), source_block(citation, label_of, language)])
