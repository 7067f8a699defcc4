"""Pure: what is told of new articles to who watches something: a story a message, or several as a digest.

What a message says depends on its stories alone, so that it can be written anew where more outlets print one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.rendering.answer_lines import outlets_line
from bot.telegram.messages.bidi import inset, localised, sendable, shortened
from bot.telegram.messages.html import Block, Run, html_of, plain_of, split_message
from bot.telegram.messages.keyboards import alert_buttons
from bot.telegram.messages.layout import OPEN_QUOTE, Message, article_block, line_block, quote_beside_source
from bot.telegram.messages.texts import text
from retrieval.types import Citation, Language

_LONGEST_WATCH = 200  # code points shown of what is watched
_LONGEST_WATCHES = 800  # of all that a story was found for: with the quote, it leaves the source its room


@dataclass(frozen=True, slots=True)
class AlertedStory:
    """A story that is told, with what is watched that it was found for."""

    watches: tuple[str, ...]
    watch_ids: tuple[int, ...]
    citation: Citation
    label: str  # of the article


def alert_message(stories: Sequence[AlertedStory], language: Language) -> Message:
    """Return the message that tells one story, or several as a digest; what Telegram has no room for is left out."""
    watch_ids = tuple(dict.fromkeys(own for story in stories for own in story.watch_ids))
    part = split_message(_blocks(stories, language))[0]
    return Message(html_of(part), plain_of(part), alert_buttons(language, watch_ids))


def count_fitting(stories: Sequence[AlertedStory], language: Language) -> int:
    """Return how many of some stories fit one message, the first at least."""
    count = 1
    while count < len(stories) and len(split_message(_blocks(stories[: count + 1], language))) == 1:
        count += 1
    return count


def _blocks(stories: Sequence[AlertedStory], language: Language) -> list[Block]:
    is_digest = len(stories) > 1
    heading = [line_block(localised(text(language, "digest"), language), language)] if is_digest else []
    return [*heading, *(block for story in stories for block in _story(story, language, in_digest=is_digest))]


def _story(story: AlertedStory, language: Language, *, in_digest: bool) -> list[Block]:
    """Return what is watched, the quote, and below it its source and who else prints it."""
    citation = story.citation
    quote = quote_beside_source(citation, "quote" if len(citation.quote) <= OPEN_QUOTE else "folded")
    source = article_block(story.label, citation, language, link=citation.link_to(citation.quote))
    printed = outlets_line(citation.outlets, language)
    return [
        replace(_watched(story, language, in_digest=in_digest), kept=True, gap=in_digest),
        replace(quote, kept=True),
        source,
        *(line_block(localised(sendable(line), language), language) for line in printed),
    ]


def _watched(story: AlertedStory, language: Language, *, in_digest: bool) -> Block:
    most = min(_LONGEST_WATCH, _LONGEST_WATCHES // len(story.watches))
    watched = " · ".join(inset(shortened(sendable(one), most), language) for one in story.watches)
    if in_digest:
        return Block((Run("• "), Run(watched, "italic")), language)
    before, _, after = text(language, "alert").partition("{watch}")
    runs = (Run(localised(before, language)), Run(watched, "italic"), Run(localised(after, language)))
    return Block(tuple(run for run in runs if run.text), language)
