"""The database of conversations: its tables, how it is opened, and how it follows the program's versions.

A change of the tables is one more step in `bot.storage.migrations` and at the end of `STEPS`; a new database is made as
the tables stand, an older one goes through the steps that it lacks, all in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from bot.storage import migrations
from bot.storage.clock import CLOCK
from retrieval.concurrency.threads import DaemonThreads
from retrieval.errors import SanadError, SettingsError


class DatabaseError(SanadError):
    """The database cannot be reached, or cannot take what is written."""


class StatementError(SanadError):
    """The database refuses a statement, whenever it is tried; a defect of ours."""


Result = TypeVar("Result")

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}  # what a URL says, and the driver that is used
DATABASE_BUSY_SECONDS = 30  # that SQLite waits for another process to finish writing
POSTGRES_THREADS = 4
CLOSING_SECONDS = 1.0  # for transactions that were begun; Docker waits for ten, of which answers may take eight

METADATA = MetaData()
BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up plain INTEGER keys alone

VERSION = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

UPDATES = Table(  # what Telegram sent; the payload goes once the update is settled, the row stays against repeats
    "updates",
    METADATA,
    Column("update_id", BIG, primary_key=True),  # our own number, which never comes back, and not Telegram's
    Column("kind", String(40), nullable=False),
    Column("lane", String(80), nullable=False),
    Column("chat_id", BIG),
    Column("user_id", BIG),
    Column("message_id", BIG),
    Column("sent_at", Float, nullable=False),
    Column("payload", Text),
    Column("state", String(20), nullable=False),  # accepted, answered, done
    Column("outcome", String(20)),
    Column("preview_id", BIG),  # the message of the bot that shows an answer while it is being written
    Column("bot_id", BIG),  # whose update it is; nothing for one of before bots were told apart
    Column("telegram_id", BIG),  # Telegram's number of it, as long as that names it
    Column("received_at", Float, nullable=False),
    UniqueConstraint("bot_id", "telegram_id", name="updates_by_origin"),
    Index("updates_by_state", "state"),
    Index("updates_by_chat", "chat_id", "message_id"),
    Index("updates_by_time", "received_at"),
    sqlite_autoincrement=True,
)

PARTS = Table(  # the messages that answer an update, in order, each owed until Telegram took it
    "parts",
    METADATA,
    Column("part_id", BIG, primary_key=True),
    Column("update_id", BIG, nullable=False),
    Column("position", Integer, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("thread_id", BIG),
    Column("reply_to", BIG),
    Column("replaces", BIG),  # the message of the bot that is edited into this one
    Column("html", Text, nullable=False),
    Column("keyboard", Text),
    Column("state", String(20), nullable=False),  # owed, sending, sent, dropped
    Column("message_id", BIG),  # that Telegram gave it; None where it did not say
    Index("parts_by_update", "update_id", "position"),
    Index("parts_by_chat", "chat_id", "message_id"),
)

PEOPLE = Table(
    "people",
    METADATA,
    Column("user_id", BIG, primary_key=True, autoincrement=False),
    Column("language", String(2), nullable=False),
    Column("chosen", Boolean, nullable=False),  # by /language, and not concluded
    Column("seen_at", Float, nullable=False),
)

DIALOGUES = Table(  # one person's conversation in one chat, or in one topic of it; /new begins another
    "dialogues",
    METADATA,
    Column("dialogue_id", BIG, primary_key=True),
    Column("chat_id", BIG, nullable=False),
    Column("user_id", BIG, nullable=False),
    Column("begun_at", Float, nullable=False),
    Column("thread_id", BIG, nullable=False),  # the topic; 0 where there is none
    Column("article_id", String(12)),  # the article that it is about; nothing for all
    Index("dialogues_by_place", "chat_id", "user_id"),
)

TURNS = Table(
    "turns",
    METADATA,
    Column("turn_id", BIG, primary_key=True),
    Column("dialogue_id", BIG, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("update_id", BIG),  # what asked it; nothing for a turn of before that was noted
    Index("turns_by_dialogue", "dialogue_id"),
)

ANSWERS = Table(  # what stands behind the buttons
    "answers",
    METADATA,
    Column("answer_id", BIG, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),  # what buttons name it by: drawn by lot, never again
    Column("update_id", BIG, nullable=False, unique=True),
    Column("chat_id", BIG, nullable=False),
    Column("user_id", BIG, nullable=False),
    Column("body", Text, nullable=False),  # JSON, as `sanad ask --json` prints it
    Column("made_at", Float, nullable=False),
    Column("thread_id", BIG, nullable=False),  # as of dialogues
    Index("answers_by_user", "user_id"),
    sqlite_autoincrement=True,
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("feedback_id", BIG, primary_key=True),
    Column("answer_id", BIG, nullable=False),
    Column("user_id", BIG, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("given_at", Float, nullable=False),
    Column("reason", String(20)),  # why it is bad: wrong, off_topic, old, other
    Column("words", Text),  # of whoever rated it
    UniqueConstraint("answer_id", "user_id"),
)

USES = Table(  # the questions of the last day, which the limits count
    "uses",
    METADATA,
    Column("update_id", BIG, primary_key=True, autoincrement=False),
    Column("user_id", BIG, nullable=False),
    Column("used_at", Float, nullable=False),
    Index("uses_by_user", "user_id", "used_at"),
)

WATCHES = Table(  # what somebody waits for, in the chat that they are told in
    "watches",
    METADATA,
    Column("watch_id", BIG, primary_key=True),
    Column("teller", String(500), nullable=False),  # who tells of it: a bot, or the terminal of a folder of articles
    Column("chat_id", BIG, nullable=False),
    Column("thread_id", BIG),
    Column("user_id", BIG, nullable=False),
    Column("number", Integer, nullable=False),  # in its chat
    Column("text", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("hour", Integer),  # of the day at which it is told; None for at once
    Column("at_night", Boolean, nullable=False),
    Column("made_at", Float, nullable=False),
    UniqueConstraint("teller", "chat_id", "number"),
    Index("watches_by_user", "user_id"),
    sqlite_autoincrement=True,  # buttons name it: no number comes back
)

ALERTS = Table(  # a story that was found for a watch
    "alerts",
    METADATA,
    Column("alert_id", BIG, primary_key=True),
    Column("watch_id", BIG, nullable=False),
    Column("article_id", String(64), nullable=False),  # the one that is quoted
    Column("story", Text, nullable=False),  # JSON: the ids and the paths of all articles that tell it
    Column("body", Text, nullable=False),  # JSON: the citation, as `sanad ask --json` prints it
    Column("found_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("told_at", Float),
    Column("part_id", BIG),  # the message that tells it
    Column("outlets", Integer, nullable=False),  # how many others print what is quoted
    Column("outlets_told", Integer, nullable=False),
    UniqueConstraint("watch_id", "article_id"),
    Index("alerts_by_time", "told_at", "due_at"),
    Index("alerts_by_part", "part_id"),
)

SEEN = Table(  # the articles that watches were checked against, or that were there before; "" once there are any
    "seen_articles",
    METADATA,
    Column("teller", String(500), primary_key=True),
    Column("article_id", String(64), primary_key=True),
)

ACCESS = Table(  # what the admins of a bot decided of people, beside the lists of its settings
    "access",
    METADATA,
    Column("bot_id", BIG, primary_key=True, autoincrement=False),
    Column("user_id", BIG, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),  # asked, approved, denied, revoked
    Column("at", Float, nullable=False),
)

STEPS: tuple[Callable[[Connection], None], ...] = (  # the first leads from version 1 to 2
    migrations.own_numbers,
    migrations.conversations_of_topics,
    migrations.watch_tables,
    migrations.access_table,
)


class Database:
    """A door for asynchronous code: each piece of work is one transaction, in a thread of the database's own."""

    def __init__(self, url: str) -> None:
        """Connect and bring the tables up to date.

        Raises:
            SettingsError: the URL is none, of an unknown kind, or its driver is not installed.
            SanadError: the database cannot be reached, or a newer program wrote it.
        """
        self._engine = _engine(url)
        is_sqlite = self._engine.dialect.name == "sqlite"
        # SQLite has one writer at a time: one thread waits for no lock.
        self._threads = DaemonThreads(1 if is_sqlite else POSTGRES_THREADS, "database")
        self._begun: set[Future[Any]] = set()
        try:
            self.work(bring_up_to_date)
        except SanadError:
            self.close()
            raise

    def work(self, task: Callable[[Connection], Result], *, durable: bool = False) -> Result:
        """Do something in one transaction, here and now; `durable` outlasts a power cut, all else a killed process.

        Raises:
            DatabaseError: the database cannot be reached, or cannot take what is written; nothing was.
            StatementError: it refuses a statement; nothing was written.
        """
        try:
            with self._engine.connect() as connection:
                if self._engine.dialect.name == "sqlite":
                    # One wait for the disk an update instead of six: what is not waited for here is done again after a
                    # power cut, an answer at worst sent twice.
                    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                    connection.commit()
                with connection.begin():
                    return task(connection)
        except DBAPIError as error:
            shown = self._engine.url.render_as_string(hide_password=True)
            reason = "".join(str(error.orig).strip().splitlines()[:1])
            if not isinstance(error, OperationalError):
                # PostgreSQL's further lines hold the row, and errors go to the log: what people ask does not.
                raise StatementError(f"The database {shown} refuses “{error.statement}”: {reason}.") from None
            raise DatabaseError(f"The database {shown} cannot be used: {reason}. See SANAD_DATABASE_URL.") from error

    async def run(self, task: Callable[[Connection], Result], *, durable: bool = False) -> Result:
        """Do something in one transaction, which is done even where nobody waits for it any more."""
        future = self._threads.submit(self.work, task, durable=durable)
        self._begun.add(future)
        future.add_done_callback(self._begun.discard)
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Finish what was begun, but for no longer than `CLOSING_SECONDS`, and disconnect.

        A server may be silent. What it does not confirm by then is undone, and done again after the next start.
        """
        self._threads.shutdown()
        wait(tuple(self._begun), CLOSING_SECONDS)
        self._engine.dispose()


def insert_new(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insertion that leaves rows alone whose key is there."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables, or lead them through the steps that they lack.

    Raises:
        SanadError: a newer program wrote them.
    """
    current = 1 + len(STEPS)
    if connection.dialect.name == "sqlite":
        # By itself its driver begins a transaction only before rows are written, not before tables are changed.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if not inspect(connection).has_table(VERSION.name):
        METADATA.create_all(connection)
        connection.execute(insert(VERSION).values(version=current))
        return
    found: int = connection.execute(select(VERSION.c.version)).scalar_one()
    if found > current:
        raise SanadError(
            f"The database is of version {found}, and this Sanad knows {current}. Use the newer Sanad, or another"
            " SANAD_DATABASE_URL."
        )
    for step in STEPS[found - 1 :]:
        step(connection)
    connection.execute(update(VERSION).values(version=current))


def _engine(url: str) -> Engine:
    try:
        given = make_url(url)
    except ArgumentError:
        raise SettingsError(
            "SANAD_DATABASE_URL: this is no URL of a database; it looks like sqlite:////folder/conversations.db or"
            " postgresql://user:password@host/name."
        ) from None
    dialect = given.get_backend_name()
    if dialect not in DIALECTS:
        raise SettingsError(f"SANAD_DATABASE_URL: {dialect} is not known; known are {', '.join(DIALECTS)}.")
    try:
        engine = create_engine(given.set(drivername=DIALECTS[dialect]), pool_pre_ping=dialect != "sqlite")
    except ModuleNotFoundError:
        raise SettingsError(
            "SANAD_DATABASE_URL: PostgreSQL needs an extra: pip install -c constraints.txt -e '.[postgres]'."
        ) from None
    if dialect == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Let readers and the writer not wait for each other."""
    for pragma in ("journal_mode=WAL", f"busy_timeout={1000 * DATABASE_BUSY_SECONDS}"):
        connection.execute(f"PRAGMA {pragma}")


def now() -> float:
    """Return the time, in seconds since 1970, by Telegram's clock where this machine's is wrong."""
    return CLOCK.now()
