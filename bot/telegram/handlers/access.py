"""Who is served, how much and how often."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from telegram.constants import ChatType

from bot.rendering.commands import Standing
from bot.rendering.plurals import counted
from bot.storage.conversations import DAY, MINUTE, add_use, uses
from bot.storage.database import now
from bot.telegram.handlers.services import person_of
from bot.telegram.messages.replies import told

HOUR = 3600.0  # seconds
Full = Literal["busy_minute", "busy_day"]

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import Update

    from bot.config.settings import Settings
    from bot.storage.access import Access
    from bot.telegram.handlers.services import Services
    from bot.telegram.messages.layout import Message
    from retrieval.types import Language


def numbers(ids: str) -> frozenset[int]:
    """Return the numbers of a list in the settings.

    >>> sorted(numbers("12345, -100678"))
    [-100678, 12345]
    """
    return frozenset(int(number) for number in ids.split(",") if number.strip())


def is_admin(settings: Settings, user_id: int) -> bool:
    """Tell whether a person may add articles and see figures."""
    return user_id in numbers(settings.telegram_admins)


def may_ask(settings: Settings, user_id: int, chat_id: int, access: Access | None = None, *, in_group: bool) -> bool:
    """Tell whether a person is served in a chat, by the settings and by what an admin decided of them.

    A list of groups admits whoever writes in them; a list of people, or an admin, admits them wherever the groups do.
    """
    users, chats = numbers(settings.telegram_users), numbers(settings.telegram_chats)
    if is_admin(settings, user_id):
        return True
    if access == "revoked":
        return False
    if in_group and chats:
        return chat_id in chats
    return not users or user_id in users or access == "approved"


async def admit_question(services: Services, update: Update, question: str, language: Language) -> Message | None:
    """Count a question towards its asker's limits, or return what is said instead of an answer."""
    person, settings = person_of(update), services.settings
    if person is None:
        return told(language, "not_allowed")
    longest = settings.telegram_longest_question
    if len(question) > longest:
        return told(language, "too_long", length=len(question), limit=longest)

    def work(connection: Connection) -> Message | None:
        if full := full_until(connection, services, person, update.update_id):
            key, until = full
            limit = counted(settings.telegram_per_day, "question", language)
            return told(language, key, wait=_wait(until, language), limit=limit)
        add_use(connection, update.update_id, person)
        return None

    return await services.database.run(work)


def standing(settings: Settings, update: Update, access: Access | None = None) -> Standing:
    """Return what whoever sent an update is, where they sent it, by the settings and by what admins decided."""
    chat, person = update.effective_chat, person_of(update)
    if person is None:
        return "stranger"
    if is_admin(settings, person):
        return "admin"
    # An inline query comes from no chat.
    in_group = chat is not None and chat.type != ChatType.PRIVATE
    is_member = may_ask(settings, person, chat.id if chat else person, access, in_group=in_group)
    return "member" if is_member else "stranger"


def full_until(connection: Connection, services: Services, person: int, but: int = 0) -> tuple[Full, float] | None:
    """Return which limit a person has reached and until when; `but` is an update that is not counted."""
    settings = services.settings
    gone = [time for time in services.spent.get(person, ()) if time > now() - DAY]
    asked = sorted([*uses(connection, person, but), *gone], reverse=True)
    per_minute, per_day = settings.telegram_per_minute, settings.telegram_per_day
    if len(asked) >= per_day:
        return "busy_day", asked[per_day - 1] + DAY
    if len(asked) >= per_minute and asked[per_minute - 1] > now() - MINUTE:
        return "busy_minute", asked[per_minute - 1] + MINUTE
    return None


def _wait(until: float, language: Language) -> str:
    """Return the time until a moment in words, as it stands after a preposition."""
    seconds = max(1, math.ceil(until - now()))
    if seconds < MINUTE:
        return counted(seconds, "second", language, "after")
    if seconds < HOUR:
        return counted(math.ceil(seconds / MINUTE), "minute", language, "after")
    return counted(math.ceil(seconds / HOUR), "hour", language, "after")
