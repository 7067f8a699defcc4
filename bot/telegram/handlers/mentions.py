"""Pure: what a message asks of the bot: a command, a question, something about a post, or nothing.

In a group only what mentions the bot, replies to it, or is a command for it is meant for it, whatever else it sees. The
caption of a picture is read as a text is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

from bot.rendering.commands import IN_TELEGRAM
from bot.telegram.messages.bidi import INVISIBLE

# A command that is copied from the bot's own words brings the end of its isolate along.
COMMAND = re.compile(rf"/([A-Za-z0-9_]{{1,32}})(?:@([A-Za-z0-9_]+))?[{INVISIBLE}]*(?:\s+(.*))?", re.DOTALL)
SEPARATORS = " \t\n\u00a0,،:؛;-–—" + INVISIBLE  # between a mention and the question
ANONYMOUS = {1_087_968_824, 136_817_688}  # the users in whose name anonymous admins and channels write


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; without a command, the argument is a question."""

    command: str | None
    argument: str
    post: str = ""  # the words of somebody else that are meant: forwarded, quoted, or replied to

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked and nothing meant."""
        return not (self.argument or self.post)


def asked_of(message: Message, bot: User) -> Asked | None:
    """Return what a message asks of the bot; None where it is not meant for it."""
    sender, text = message.from_user, words_in(message).lstrip(INVISIBLE + " ")
    if message.via_bot or message.is_automatic_forward or (sender and sender.is_bot and sender.id not in ANONYMOUS):
        return None
    is_private = message.chat.type == ChatType.PRIVATE
    if is_private and message.forward_origin is not None:  # nobody gives orders by the words of somebody else
        return Asked(None, "", text) if text else None
    question, post = without_mentions(message, bot), _referred(message, bot)
    if found := COMMAND.fullmatch(question or text):  # "@bot /ask ..." is a command too
        return _begun(found, post, bot)
    if is_private or (question is None and is_reply_to(message, bot)):
        return Asked(None, question or text, post) if text else None
    return None if question is None else Asked(None, question, post)


def _begun(found: re.Match[str], post: str, bot: User) -> Asked | None:
    """Return a command, if it is the bot's; a link to the bot begins as /start with the name of another."""
    command, addressee, argument = found[1].lower(), found[2], (found[3] or "").strip()
    if addressee and addressee.lower() != str(bot.username).lower():
        return None
    linked = IN_TELEGRAM.get(argument.lower()) if command == "start" else None
    return Asked(linked.name, "") if linked and "link" in (linked.telegram or "") else Asked(command, argument, post)


def words_in(message: Message) -> str:
    """Return what is written in a message or below its picture."""
    return (message.text or message.caption or "").strip()


def _referred(message: Message, bot: User) -> str:
    """Return the words that a message points at: those that it quotes, or all of the message that it replies to."""
    if is_reply_to(message, bot):
        return ""
    if message.quote:
        return message.quote.text.strip()
    return words_in(message.reply_to_message) if message.reply_to_message else ""


def without_mentions(message: Message, bot: User) -> str | None:
    """Return a message's text without the mentions of the bot; None where there is none."""
    name, units = f"@{bot.username}".lower(), (message.text or message.caption or "").encode("utf-16-le")
    parse = message.parse_entities if message.text else message.parse_caption_entities
    mentions = [
        entity
        for entity, text in parse([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]).items()
        if text.lower() == name or (entity.user is not None and entity.user.id == bot.id)
    ]
    if not mentions:
        return None
    for entity in sorted(mentions, key=lambda one: -one.offset):  # offsets are in UTF-16
        units = units[: 2 * entity.offset] + " ".encode("utf-16-le") + units[2 * (entity.offset + entity.length) :]
    text = re.sub(r"[ \t]+", " ", units.decode("utf-16-le"))
    return re.sub(r" (?=[؟?.!،,])", "", text).lstrip(SEPARATORS).rstrip()


def is_reply_to(message: Message, bot: User) -> bool:
    """Tell whether a message replies to one of the bot's."""
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
