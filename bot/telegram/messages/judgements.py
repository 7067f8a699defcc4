"""Pure: what people think of answers, and the questions that found none, as messages to an admin."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.judgements import Judgement
from bot.rendering.texts import TextKey, date_in_words
from bot.telegram.messages.bidi import inset, localised, sendable, shortened
from bot.telegram.messages.html import Block, Run
from bot.telegram.messages.keyboards import REASONS
from bot.telegram.messages.layout import Message, line_block, messages_of
from bot.telegram.messages.replies import told
from bot.telegram.messages.texts import label, text
from retrieval.types import Language

_LONGEST = 300  # code points of a question, or of what somebody adds


def feedback_messages(rated: Sequence[Judgement], declined: Sequence[Judgement], language: Language) -> list[Message]:
    """Return ratings with their reasons, and questions without an answer."""
    if not (rated or declined):
        return [told(language, "no_feedback")]
    blocks: list[Block] = []
    for key, listed in (("feedback_ratings", rated), ("feedback_unanswered", declined)):
        if listed:
            blocks += [_heading(key, language), *(_line(one, language) for one in listed)]
    return messages_of(blocks)


def _heading(key: TextKey, language: Language) -> Block:
    return Block((Run(localised(text(language, key), language), "bold"),), language, gap=True)


def _line(one: Judgement, language: Language) -> Block:
    parts = [label(language, one.verdict)] if one.verdict else []
    parts += [date_in_words(one.day, language), inset(shortened(sendable(one.question), _LONGEST), language)]
    parts += [label(language, REASONS[one.reason])] if one.reason else []
    parts += [f"«{inset(shortened(sendable(one.words), _LONGEST), language)}»"] if one.words else []
    return line_block("• " + " · ".join(parts), language)
