"""Settings with which the bot cannot run, found before anything is opened or called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from bot.config.settings import Settings

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def check_bot_settings(settings: Settings) -> None:
    """Refuse settings with which the bot cannot run.

    Raises:
        SettingsError: one of them is missing or cannot work.
    """
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise SettingsError("SANAD_TELEGRAM_TOKEN is not set. @BotFather gives one for /newbot.")
    if not TOKEN.fullmatch(token):
        raise SettingsError(
            "SANAD_TELEGRAM_TOKEN does not look like a token, which is a number, a colon, letters and digits."
            " @BotFather shows it for /token."
        )
    if settings.webhook_url and not _SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
        raise SettingsError(
            "SANAD_WEBHOOK_SECRET: a webhook needs one, of 16 to 256 letters, digits, _ and -, so that only Telegram"
            " is heard."
        )
