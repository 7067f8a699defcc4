"""Who may ask, how much and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from telegram.constants import ChatType

from bot.conversations import add_use, uses

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import Update

    from bot.settings import Settings
    from bot.telegram.desk import Desk

Refusal = Literal["not_allowed", "too_long", "busy_minute", "busy_day"]


def numbers(ids: str) -> frozenset[int]:
    """Return the numbers of a list in the settings.

    >>> sorted(numbers("12345, -100678"))
    [-100678, 12345]
    """
    return frozenset(int(number) for number in ids.split(",") if number.strip())


def is_admin(settings: Settings, user_id: int) -> bool:
    """Tell whether a person may add articles and see figures."""
    return user_id in numbers(settings.telegram_admins)


def may_ask(settings: Settings, user_id: int, chat_id: int, *, in_group: bool) -> bool:
    """Tell whether a person is served in a chat: one of the people, in one of the groups, where these are listed."""
    if is_admin(settings, user_id):
        return True
    users, chats = numbers(settings.telegram_users), numbers(settings.telegram_chats)
    if in_group and chats:
        return chat_id in chats
    if in_group or not users:
        return not users or user_id in users
    return user_id in users


async def refusal(desk: Desk, update: Update, question: str) -> Refusal | None:
    """Return why a question is not answered; None where it is, and then it counts."""
    chat, user, settings = update.effective_chat, update.effective_user, desk.settings
    if chat is None or user is None:
        return "not_allowed"
    if not may_ask(settings, user.id, chat.id, in_group=chat.type != ChatType.PRIVATE):
        return "not_allowed"
    if len(question) > settings.telegram_longest_question:
        return "too_long"

    def work(connection: Connection) -> Refusal | None:
        minute, day = uses(connection, user.id, but=update.update_id)
        if minute >= settings.telegram_per_minute:
            return "busy_minute"
        if day >= settings.telegram_per_day:
            return "busy_day"
        add_use(connection, update.update_id, user.id)
        return None

    return await desk.database.run(work)
