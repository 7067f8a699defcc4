"""Groups: the bot greets where it is added, and follows a group that becomes a supergroup."""

from __future__ import annotations

import logging
from functools import partial

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatType

from bot.storage.conversations import move_chat
from bot.telegram.handlers.services import Context
from bot.telegram.messages.replies import told

log = logging.getLogger(__name__)


async def membership(update: Update, context: Context) -> None:
    """Greet a group that the bot was added to."""
    change = update.my_chat_member
    if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return
    was_in, is_in = map(_is_in, (change.old_chat_member, change.new_chat_member))
    if is_in and not was_in:
        language = await context.services.language(update)
        await context.services.say(update, told(language, "group_usage", bot=f"@{context.bot.username}"))


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


async def migration(update: Update, context: Context) -> None:
    """Let what is remembered of a group follow it to its supergroup."""
    message = update.message
    if message is None:
        return
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    await context.services.database.run(partial(move_chat, old=old, new=new))
    log.info("The group %d has become the supergroup %d; SANAD_TELEGRAM_CHATS may name it.", old, new)
