"""Pure: what a message asks of the bot: a command, a question, or nothing.

In a group only what mentions the bot, replies to it, or is a command for it is meant for it, whatever else it sees.
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


def asked_of(message: Message, bot: User) -> Asked | None:
    """Return what a message asks of the bot; None where it is not meant for it."""
    sender, text = message.from_user, (message.text or "").strip().lstrip(INVISIBLE + " ")
    if message.via_bot or message.is_automatic_forward or (sender and sender.is_bot and sender.id not in ANONYMOUS):
        return None
    question = without_mentions(message, bot)
    if found := COMMAND.fullmatch(question or text):  # "@bot /ask ..." is a command too
        name, addressee, argument = found.groups()
        if addressee and addressee.lower() != str(bot.username).lower():
            return None
        return _begun(name.lower(), (argument or "").strip())
    if message.chat.type == ChatType.PRIVATE:
        return Asked(None, question or text) if text else None
    if question is None:
        return Asked(None, text) if _is_reply_to(message, bot) and text else None
    return Asked(None, question or referred(message, bot))


def _begun(command: str, argument: str) -> Asked:
    """Return a command; a link to the bot begins as /start with the name of another."""
    linked = IN_TELEGRAM.get(argument.lower()) if command == "start" else None
    return Asked(linked.name, "") if linked and "link" in (linked.telegram or "") else Asked(command, argument)


def referred(message: Message, bot: User) -> str:
    """Return the words that a message points at: those that it quotes, or all of the message that it replies to."""
    replied = message.reply_to_message
    if replied is None or _is_reply_to(message, bot):
        return ""
    return (message.quote.text if message.quote else replied.text or replied.caption or "").strip()


def without_mentions(message: Message, bot: User) -> str | None:
    """Return a message's text without the mentions of the bot; None where there is none."""
    name, units = f"@{bot.username}".lower(), (message.text or "").encode("utf-16-le")
    mentions = [
        entity
        for entity, text in message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]).items()
        if text.lower() == name or (entity.user is not None and entity.user.id == bot.id)
    ]
    if not mentions:
        return None
    for entity in sorted(mentions, key=lambda one: -one.offset):  # offsets are in UTF-16
        units = units[: 2 * entity.offset] + " ".encode("utf-16-le") + units[2 * (entity.offset + entity.length) :]
    text = re.sub(r"[ \t]+", " ", units.decode("utf-16-le"))
    return re.sub(r" (?=[؟?.!،,])", "", text).lstrip(SEPARATORS).rstrip()


def _is_reply_to(message: Message, bot: User) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
