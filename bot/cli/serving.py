"""The commands about the bot: bot serves others, feedback lists what they think of it."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.session import Json, print_json
from bot.cli.streams import output

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


def feedback(
    as_json: Json = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many of each kind, the newest first.")] = 50,
) -> None:
    """List what people think of the bot's answers, with their reasons, and the questions that found no answer.

    Who rated or asked is not said. What `/forget` has erased, or is older than SANAD_TELEGRAM_KEEP_DAYS, is gone.
    """
    from contextlib import closing
    from functools import partial

    from bot.config.settings import load_settings
    from bot.config.wiring import open_database
    from bot.rendering.judgements import judgement_table
    from bot.storage.feedback import ratings, unanswered_questions

    with closing(open_database(load_settings(), log.info)) as database:
        rated = database.work(partial(ratings, limit=limit))
        declined = database.work(partial(unanswered_questions, limit=limit))
    if as_json:
        for one in (*rated, *declined):
            print_json(asdict(one))
        return
    screen = output()
    for heading, judged in (("Ratings", rated), ("Questions without an answer", declined)):
        screen.print(f"{heading}: {len(judged)}")
        if judged:
            screen.print(judgement_table(judged))
