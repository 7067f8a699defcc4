"""What has no words to read: pictures, stickers, dice, stories and the like. One kind answer is all that they get.

An album comes as several messages, one of which may have the caption. It is answered once: by that, or by one remark.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from telegram import Message, Update
from telegram.ext import filters

from bot.storage.database import now
from bot.storage.inbox import waiting_messages
from bot.telegram.handlers.services import Context, Services
from bot.telegram.messages.replies import told

if TYPE_CHECKING:
    from sqlalchemy import Connection

NO_REMARK_SECONDS = 60.0  # after the remark in a chat, in which it is not made again
MOST_ALBUMS = 1000  # remembered
WORDLESS = (  # what is answered in a private chat though nothing is written in it
    filters.UpdateType.MESSAGE
    & filters.ChatType.PRIVATE
    & ~filters.CAPTION
    & (
        (filters.PHOTO | filters.VIDEO | filters.AUDIO | filters.VOICE | filters.VIDEO_NOTE | filters.ANIMATION)
        | (filters.Sticker.ALL | filters.LOCATION | filters.VENUE | filters.CONTACT | filters.POLL)
        | (filters.Dice.ALL | filters.GAME | filters.STORY | filters.PAID_MEDIA | filters.CHECKLIST)
    )
)


def is_first_of_album(services: Services, message: Message) -> bool:
    """Note that a message is answered; return False where another one of its album was, unless by the remark alone."""
    album, has_words = message.media_group_id, bool(message.caption)
    if album is None:
        return True
    had_words = services.albums.pop(album, None)
    services.albums[album] = has_words or bool(had_words)
    while len(services.albums) > MOST_ALBUMS:
        del services.albums[next(iter(services.albums))]
    return had_words is None or (has_words and not had_words)


async def unread(update: Update, context: Context) -> None:
    """Say once that only what is written is read."""
    message, services = update.message, context.services
    if message is None or message.via_bot is not None:
        return
    comes_behind = False  # the caption of its album
    if message.media_group_id:
        comes_behind = await services.database.run(partial(_has_words, message=message))
    if comes_behind or not is_first_of_album(services, message):
        return
    last = services.remarked.get(message.chat.id)
    if last is None or now() - last > NO_REMARK_SECONDS:
        services.remarked = {chat: at for chat, at in services.remarked.items() if now() - at <= NO_REMARK_SECONDS}
        services.remarked[message.chat.id] = now()
        await services.say(update, told(await services.language(update), "only_text"))


def _has_words(connection: Connection, message: Message) -> bool:
    """Tell whether a message of the same album has a caption and waits to be answered."""
    waiting = (json.loads(payload).get("message", {}) for payload in waiting_messages(connection, message.chat.id))
    return any(one.get("media_group_id") == message.media_group_id and one.get("caption") for one in waiting)
