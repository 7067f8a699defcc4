"""The bot as a process: built from the settings, started, and stopped without losing anything."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken
from telegram.ext import Application, ContextTypes, Defaults

from bot.config.wiring import make_sanad
from bot.operations.health import HealthServer, State
from bot.operations.metrics import Metrics
from bot.storage import inbox
from bot.storage.clock import CLOCK
from bot.storage.database import DatabaseError, now
from bot.storage.inbox import Incoming
from bot.storage.write_probe import WriteProbe
from bot.telegram.app.announcer import Announcer
from bot.telegram.app.registration import keep_profile
from bot.telegram.app.retention import enforce_retention
from bot.telegram.app.watcher import LAST_SECONDS, Watcher
from bot.telegram.app.worker import Worker, update_of
from bot.telegram.handlers.routing import register
from bot.telegram.handlers.services import Context, Services
from bot.telegram.transport.calls import ConfirmingRequest
from bot.telegram.transport.chat_queues import ChatQueues
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.rate_limiter import RateLimiter
from bot.telegram.transport.retries import FIRST_WAIT, kind, retry_until_answered
from bot.telegram.transport.updates import is_cancel, poll
from bot.telegram.transport.webhook import listening
from retrieval.answering.suggestions import Suggestions
from retrieval.concurrency.threads import DaemonThreads, run
from retrieval.errors import SanadError, SettingsError
from retrieval.types import Language

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config.settings import Settings
    from bot.storage.database import Database
    from retrieval.answering.sanad import Sanad
    from retrieval.index.index import Index

log = logging.getLogger(__name__)

# All that is said is HTML of our own; a link in a quote opens no preview; an answer comes though its question is gone.
SENDING = Defaults(
    parse_mode=ParseMode.HTML,
    link_preview_options=LinkPreviewOptions(is_disabled=True),
    allow_sending_without_reply=True,
)
OK = 200
GRACE = 8.0  # seconds for what is being answered when the process is stopped; Docker waits for ten
REFUSED_SECONDS = 300.0  # until Telegram is asked again who the bot is, after it had refused to say so
STILL_SECONDS = 30.0  # for which the loop may stand still before the process counts as stuck


def build(settings: Settings, limiter: RateLimiter) -> Application[Any, Context, Any, Any, Any, Any]:
    """Return the application with its handlers; nothing is called yet."""
    api = settings.telegram_api_url.rstrip("/")
    application = (
        Application.builder()
        .token(settings.telegram_token.get_secret_value())
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .defaults(SENDING)
        .rate_limiter(limiter)
        .context_types(ContextTypes(context=Context))
        .updater(None)  # the intake is our own, see there
        .request(_requests())
        .build()
    )
    register(application)
    return application


def _requests() -> ConfirmingRequest:
    """Return how Telegram is called."""
    hooks = {"event_hooks": {"response": [_correct_clock]}}
    return ConfirmingRequest(256, read_timeout=15, write_timeout=15, pool_timeout=60, httpx_kwargs=hooks)


async def _correct_clock(response: Any) -> None:
    """Learn from an answer of Telegram what time it is."""
    if response.status_code == OK:  # and no proxy's page of an error
        CLOCK.correct(response.headers.get("Date", ""))


class BotProcess:
    """The bot while it runs."""

    def __init__(self, settings: Settings, database: Database, index: Index, sanad: Sanad) -> None:
        """Take finished parts."""
        threads = DaemonThreads(settings.telegram_concurrency, "answer")
        streams = settings.telegram_streaming and settings.llm != "none"
        quoting = sanad if settings.llm == "none" else make_sanad(index)
        self.metrics = Metrics()
        self._limiter = RateLimiter(lambda error: self.metrics.failed(type(error).__name__))
        parts = (settings, database, index, sanad, threads, self.metrics)
        self._bot_id = int(settings.telegram_token.get_secret_value().partition(":")[0])
        self._services = Services(
            *parts, streams=streams, quoting=quoting, suggestions=Suggestions(index), take=self.take
        )
        self._application = build(settings, self._limiter)
        self._application.bot_data["services"] = self._services
        self._delivery = Delivery(self._application.bot, database, self._limiter)
        self._worker = Worker(self._application, self._services, self._delivery)
        self.queues = ChatQueues(self._worker.settle)
        self.announcer = Announcer(self._services, self._application.bot, self._bot_id, self._hand_over)
        self.metrics.follow("queue_length", lambda: len(self.queues))
        self.metrics.follow("index_generation", lambda: index.catalog.generation)
        self._probe = WriteProbe(database)
        self.watcher = Watcher(index, settings.articles_dir, settings.watch_seconds)
        self._beat = time.monotonic()  # when the loop last went round
        self._started = now()
        self._unwritten: str | None = None  # what kept updates from being written down, until some were
        self._is_introduced = False  # Telegram has said who this bot is
        self._apologised: set[int] = set()  # chats that were told of the backlog

    def alive(self) -> State:
        """Tell whether the loop goes round; where it does not, a restart helps."""
        still = time.monotonic() - self._beat
        return {"loop": f"stands still for {still:.0f} s" if still > STILL_SECONDS else None}

    def ready(self) -> State:
        """Tell whether a question would be answered now."""
        return {
            "telegram": None if self._is_introduced and self._limiter.is_reachable else "cannot be reached",
            "index": "holds no article" if self._services.index.catalog.is_empty else None,
            "watcher": self.watcher.trouble(),
            "database": self._unwritten or self._probe.trouble(),
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set.

        Raises:
            SanadError: Telegram does not know the token, or another process takes the updates.
        """
        stopping = asyncio.create_task(stop.wait())
        serving = asyncio.create_task(self._serve())
        try:
            await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
            log.info("Stopping; what was begun is being finished.")
        finally:
            for task in (stopping, serving):
                task.cancel()
            await asyncio.gather(stopping, serving, return_exceptions=True)
            self._limiter.stop()
            await self.queues.stop(GRACE, LAST_SECONDS)
            await self._application.shutdown()
            await self._application.bot.request.shutdown()  # which the one before leaves open where the start failed
            self._services.threads.shutdown(wait=False, cancel_futures=True)

    async def _serve(self) -> None:
        beside = [asyncio.create_task(self._go_round())]
        try:
            await self._learn_identity()
            await asyncio.to_thread(self._warm_up)
            beside.append(asyncio.create_task(enforce_retention(self._services)))
            for incoming in await self._services.database.run(self._left_over):
                await self._hand_over(incoming)
            if self._services.settings.telegram_watches:
                beside.append(asyncio.create_task(self.announcer.run()))
            beside.append(asyncio.create_task(keep_profile(self._application.bot, self._services.settings)))
            await self._receive()
        finally:
            for task in beside:
                task.cancel()

    def _left_over(self, connection: Connection) -> list[Incoming]:
        """Return what an earlier process of this bot took in and did not settle."""
        inbox.adopt(connection, self._bot_id)
        return inbox.unfinished(connection, self._bot_id)

    def _warm_up(self) -> None:
        """Load what the first answer would else wait for; whatever fails here, that answer says."""
        with suppress(SanadError):
            for language in get_args(Language):
                self._services.suggestions.opening(language)

    async def _go_round(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(1.0)

    async def _receive(self) -> None:
        """Take updates in, for ever."""
        bot, settings = self._application.bot, self._services.settings
        if settings.webhook_url:
            async with listening(bot, settings, self.take):
                await asyncio.Event().wait()
        else:
            try:
                await retry_until_answered(bot.delete_webhook)
            except (BadRequest, Forbidden) as error:  # if there is one, the polls will say so
                log.error("Telegram does not let the webhook be deleted (%s).", kind(error))
            await poll(bot, self.take)

    async def _learn_identity(self) -> None:
        """Ask Telegram who this bot is, until it answers."""
        while not self._is_introduced:
            try:
                await retry_until_answered(self._application.initialize)
                self._is_introduced = True
            except InvalidToken:
                raise SettingsError(
                    "Telegram does not know this token. Look at SANAD_TELEGRAM_TOKEN; @BotFather shows it for /token."
                ) from None
            except (BadRequest, Forbidden) as error:
                log.error("Telegram does not say who this bot is (%s); trying again in %.0f s.", error, REFUSED_SECONDS)
                await asyncio.sleep(REFUSED_SECONDS)
            except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
                # A success whose words the library cannot read, as from a proxy: no reason to end.
                log.error("Telegram's word on who this bot is cannot be read (%s).", type(error).__name__)
                await asyncio.sleep(FIRST_WAIT)
        self._started = now()  # the first answer has told Telegram's time
        log.info("This is @%s.", self._application.bot.username)

    async def take(self, batch: list[Incoming]) -> None:
        """Write updates down, and put those that are new into their queues.

        Raises:
            DatabaseError: the database is away; nothing was written down.
        """
        written = partial(inbox.record, bot_id=self._bot_id, incoming=batch)
        try:
            new = await self._services.database.run(written, durable=True)
        except DatabaseError as error:
            self._unwritten = str(error)
            raise
        self._unwritten = None
        for incoming in new:
            await self._hand_over(incoming)

    async def _hand_over(self, incoming: Incoming) -> None:
        """Put an update into its queue: it is written down, so it does not come again, whatever happens here."""
        if not incoming.is_answered and self._is_late(incoming):
            try:
                await self._decline(incoming)
            except SanadError as error:
                log.error("Update %d is late, and could not be declined: %s", incoming.update_id, error)
            else:
                return
        if is_cancel(incoming.payload, self._application.bot.username):
            self._worker.cancel(incoming)
        if incoming.kind == inbox.EDITED:
            self._worker.supersede(incoming)
        if incoming.kind == "inline_query" and incoming.user_id is not None:
            self._services.newest_queries[incoming.user_id] = incoming.update_id
        self.queues.add(incoming)

    def _is_late(self, incoming: Incoming) -> bool:
        age = self._started - incoming.sent_at
        return incoming.kind in inbox.WRITTEN and age > self._services.settings.telegram_backlog_age

    async def _decline(self, incoming: Incoming) -> None:
        """Tell a chat once that what it wrote while nobody was here is not answered."""
        chat = incoming.chat_id or 0
        update = update_of(incoming, self._application)
        if chat not in self._apologised and update is not None:
            self._apologised.add(chat)
            await self._worker.apologise(update, "backlog")
            self.queues.add(incoming)
        else:
            await self._services.database.run(lambda connection: inbox.finish(connection, incoming.update_id))


def serve(settings: Settings, database: Database, index: Index, sanad: Sanad) -> None:
    """Run the bot until a signal ends it.

    Raises:
        SanadError: Telegram does not know the token, another process takes the updates, or the health port is taken.
    """

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        service = BotProcess(settings, database, index, sanad)
        with ExitStack() as stack:
            if settings.health_port:
                address = settings.health_host, settings.health_port
                checks = service.alive, service.ready
                stack.enter_context(HealthServer(*address, *checks, service.metrics.registry))
            if settings.watch:
                stack.enter_context(service.watcher)
            await service.run(stop)

    run(main())
