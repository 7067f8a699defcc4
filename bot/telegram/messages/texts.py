"""What the Telegram bot says and writes on its buttons; the words are in texts.*.toml.

Each line of a text is a paragraph; `bot.telegram.messages.replies.told` puts values in, and keeps their direction.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bot.rendering.texts import TextKey, read_texts
from retrieval.types import Language

MESSAGES = Path(__file__).parent


def text(language: Language, key: TextKey) -> str:
    """Return what the bot says, with its placeholders."""
    return read_texts(MESSAGES, language)["texts"][key]


def label(language: Language, key: str, **values: object) -> str:
    """Return what stands on a button.

    >>> label("en", "passage", number=2)
    'In the article 2'
    """
    return read_texts(MESSAGES, language)["labels"][key].format(**values)


def description(language: Language, length: Literal["short", "long"]) -> str:
    """Return what the bot is: short on its profile and where it is shared, long in an empty chat with it."""
    return read_texts(MESSAGES, language)["descriptions"][length]
