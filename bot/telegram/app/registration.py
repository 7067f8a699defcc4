"""What Telegram shows of the bot is set as `bot.telegram.messages` has it, where it is not so already."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.rendering.commands import FOR_ADMINS, IN_GROUPS, IN_PRIVATE, IN_TELEGRAM
from bot.telegram.handlers.access import numbers
from bot.telegram.messages.texts import description
from bot.telegram.transport.retries import kind, retry_until_answered

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.telegram.transport.rate_limiter import Bot
    from retrieval.types import Language

log = logging.getLogger(__name__)

# By the language of a client; None is any other. Where there are defaults, the library spoils an empty string.
SPOKEN: dict[str | None, Language] = {None: "en", "ar": "ar", "en": "en"}


async def keep_profile(bot: Bot, settings: Settings) -> None:
    """Set the commands and the descriptions, however long Telegram is away; where it refuses, the bot works without."""
    try:
        await retry_until_answered(partial(_set_profile, bot, settings))
    except TelegramError as error:
        log.warning("The bot's commands and descriptions could not all be set (%s); it works without.", kind(error))


async def _set_profile(bot: Bot, settings: Settings) -> None:
    for code, language in SPOKEN.items():
        await _describe(bot, code, language)
        for scope, names in scopes(settings):
            await _offer(bot, scope, names, code, language)


def scopes(settings: Settings) -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    """Yield where commands are offered, and which."""
    yield BotCommandScopeAllPrivateChats(), IN_PRIVATE
    yield BotCommandScopeAllGroupChats(), IN_GROUPS
    for admin in sorted(numbers(settings.telegram_admins)):
        yield BotCommandScopeChat(admin), FOR_ADMINS


async def _describe(bot: Bot, code: str | None, language: Language) -> None:
    short, long = description(language, "short"), description(language, "long")
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


async def _offer(
    bot: Bot, scope: BotCommandScope, names: tuple[str, ...], code: str | None, language: Language
) -> None:
    wanted = tuple(BotCommand(name, IN_TELEGRAM[name].heading(language)) for name in names)
    try:
        if await bot.get_my_commands(scope, code) != wanted:
            await bot.set_my_commands(wanted, scope, code)
    except (BadRequest, Forbidden) as error:  # an admin who never wrote to the bot has no chat yet
        log.info("Commands could not be set for %s: %s", scope.type, error)
