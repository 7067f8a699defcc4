"""The webhook: Telegram brings each update itself, and hears that it arrived once it is in the database."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import BadRequest, Forbidden

from bot.storage.database import DatabaseError
from bot.telegram.transport.retries import retry_until_answered
from bot.telegram.transport.updates import ALLOWED, Take, number_of, take_updates
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.telegram.transport.rate_limiter import Bot

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_UPDATE = 1 << 20  # bytes


@asynccontextmanager
async def listening(bot: Bot, settings: Settings, take: Take) -> AsyncIterator[None]:
    """Listen for updates, and tell Telegram where.

    Raises:
        SettingsError: nothing can listen at that address, or Telegram does not take it.
    """
    url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()

    async def receive(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            return web.Response(status=403)
        try:
            arrived = await request.json()
        except (RecursionError, json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        if number_of(arrived) is None:
            return web.Response(status=400)
        try:
            await take_updates([arrived], take)
        except DatabaseError as error:
            log.error("%s", error)
            return web.Response(status=503)  # Telegram brings it again
        return web.Response()

    application = web.Application(client_max_size=LONGEST_UPDATE)
    application.router.add_post(urlsplit(url).path or "/", receive)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        except OSError as error:
            raise SettingsError(
                f"Nothing can listen on {settings.webhook_host}:{settings.webhook_port}: {error.strerror}."
                " Look at SANAD_WEBHOOK_HOST and SANAD_WEBHOOK_PORT."
            ) from None
        try:
            await retry_until_answered(partial(bot.set_webhook, url, allowed_updates=ALLOWED, secret_token=secret))
        except BadRequest as error:
            raise SettingsError(f"Telegram does not take SANAD_WEBHOOK_URL: {error}.") from None
        except Forbidden as error:
            log.error("Telegram does not let the webhook be set (%s); where it was set before, updates come.", error)
        else:
            log.info("Telegram brings updates to %s.", url)
        yield
    finally:
        await runner.cleanup()
