"""The command that serves others: bot."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def bot() -> None:
    """Serve Telegram, until it is stopped.

    Needs SANAD_TELEGRAM_TOKEN. What was asked and is not answered when it stops is answered after the next start.
    """
    from bot.config.settings import load_settings
    from bot.telegram.app.checks import check_bot_settings

    settings = load_settings()
    check_bot_settings(settings)

    from contextlib import closing

    from bot.cli.session import answerer, ready
    from bot.config.wiring import open_database
    from bot.operations.logs import start_logging
    from bot.operations.redaction import secrets_of
    from bot.telegram.app.application import serve

    start_logging(secrets_of(settings), settings.log_format, settings.log_level)
    with (
        closing(open_database(settings, log.info)) as database,
        ready(settings) as (index, _),
        answerer(index, settings) as sanad,
    ):
        serve(settings, database, index, sanad)
