"""Pure: the caption of a quote's card: the quote itself, for whoever cannot see the picture, and its source below."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.answer_lines import LabelOf
from bot.telegram.messages.bidi import shortened
from bot.telegram.messages.html import html_of
from bot.telegram.messages.layout import quote_block, source_block
from retrieval.types import Citation, Language

MOST_CAPTION_POINTS = 1024  # code points of a caption once its HTML is parsed
_LONGEST_CAPTION_QUOTE = 600  # code points
_LONGEST_CAPTION_NAME = 150  # code points of a title or an outlet, so that room is left for the quote


def card_caption(citation: Citation, language: Language, label_of: LabelOf) -> str:
    """Return the caption of a card as Telegram's HTML; a long quote is cut between two words."""
    source = source_block(citation, label_of, language, longest=_LONGEST_CAPTION_NAME)
    room = MOST_CAPTION_POINTS - len(f"\n{source.text}")
    quote = shortened(citation.quote, min(_LONGEST_CAPTION_QUOTE, room))
    cut = replace(citation, quote=quote, expression=None, matched=())
    return html_of([quote_block(cut, "quote"), source])
