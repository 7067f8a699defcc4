"""The command that serves others: bot."""

from __future__ import annotations


def bot() -> None:
    """Serve Telegram, until it is stopped.

    Needs SANAD_TELEGRAM_TOKEN. What was asked and is not answered when it stops is answered after the next start.
    """
    from bot.settings import load
    from bot.telegram.checks import check

    settings = load()
    check(settings)

    from contextlib import closing

    from bot.commands.opening import answerer, ready
    from bot.database import Database
    from bot.logs import start_logging
    from bot.telegram.application import serve

    secrets = [settings.telegram_token.get_secret_value(), settings.webhook_secret.get_secret_value()]
    start_logging(secrets, settings.log_format, settings.log_level)
    with (
        closing(Database(settings.database_url)) as database,
        ready(settings) as (index, _),
        answerer(index, settings) as sanad,
    ):
        serve(settings, database, index, sanad)
