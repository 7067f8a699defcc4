"""Who the bot is, for an operator who looks; nothing is changed by looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.error import InvalidToken, TelegramError

from bot.telegram.app.application import build
from bot.telegram.transport.rate_limiter import RateLimiter
from bot.telegram.transport.retries import kind
from retrieval.concurrency.threads import run
from retrieval.errors import SanadError

if TYPE_CHECKING:
    from bot.config.settings import Settings


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """What Telegram says of the bot."""

    username: str
    reads_groups: bool  # every message of a group, and not only what is meant for it
    answers_inline: bool
    webhook: str
    waiting: int  # updates that nobody fetched yet
    last_error: str


def ask_identity(settings: Settings) -> BotIdentity:
    """Ask Telegram who the bot is.

    Raises:
        SanadError: Telegram does not know the token, or cannot be reached.
    """
    return run(_ask_identity(settings))


async def _ask_identity(settings: Settings) -> BotIdentity:
    application = build(settings, RateLimiter(lambda _: None))
    try:
        await application.initialize()
        me, webhook = application.bot.bot, await application.bot.get_webhook_info()
    except InvalidToken:
        raise SanadError("Telegram does not know this token.") from None
    except TelegramError as error:
        raise SanadError(f"Telegram cannot be reached at {settings.telegram_api_url}: {kind(error)}.") from None
    finally:
        await application.shutdown()
    return BotIdentity(
        username=me.username or "",
        reads_groups=bool(me.can_read_all_group_messages),
        answers_inline=bool(me.supports_inline_queries),
        webhook=webhook.url,
        waiting=webhook.pending_update_count,
        last_error=webhook.last_error_message or "",
    )
