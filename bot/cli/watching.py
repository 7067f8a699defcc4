"""The commands about watches: watch add, list, remove and run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import Json, current, print_json
from bot.cli.streams import output, readable
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.config.settings import Settings
    from bot.storage.alerts import Alert
    from bot.storage.database import Database
    from bot.storage.watches import Watch
    from bot.watching.finder import WatchFinder
    from bot.watching.stories import FoundStory

WATCH_HELP = """Be told of new articles that name or answer what you watch.

\b
Examples:
  sanad watch add شويغو
  sanad watch add "من زار دمشق؟"
  sanad watch run
  sanad watch list --json

A story is told once; of those that further outlets print, `run` says so. Run `sanad watch run` from cron: it takes in
what changed in the folder, reads what is new, and prints nothing where nothing was found."""


def add_watched(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, or a question.")],
) -> None:
    """Watch a name or a question, from now on."""
    from bot.config.settings import load_settings
    from bot.storage.outbox import Destination
    from bot.storage.watches import TERMINAL, add_watch
    from retrieval.nlp.analysis import language_of
    from retrieval.nlp.display import isolate, visible
    from retrieval.search.standing_queries import names_something

    wanted, settings = " ".join(readable(text).split()), load_settings()
    if not names_something(wanted):
        raise typer.BadParameter("there is no word to watch in it.", param_hint="'TEXT'")
    with _opened(settings) as (database, finder):
        finder.look()  # what is here was here before
        place, language = Destination(TERMINAL), language_of(wanted)
        watch = partial(add_watch, place=place, user_id=TERMINAL, text=wanted, language=language)
        added = database.work(partial(watch, teller=terminal_teller(settings.articles_dir)))
    output().print(f"watching  {added.number}. {isolate(visible(added.text))}")


def show_watched(as_json: Json = False) -> None:
    """List what is watched."""
    from bot.config.settings import load_settings
    from retrieval.nlp.display import isolate, visible

    with closing(_database(settings := load_settings())) as database:
        for watch in _held(database, settings):
            if as_json:
                print_json({"number": watch.number, "text": watch.text})
            else:
                output().print(f"{watch.number}. {isolate(visible(watch.text))}")


def remove_watched(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Its number in `watch list`.")],
) -> None:
    """End a watch."""
    from bot.config.settings import load_settings
    from bot.storage.watches import end_watch
    from retrieval.nlp.display import isolate, visible

    with closing(_database(settings := load_settings())) as database:
        held = _held(database, settings)
        chosen = next((watch for watch in held if watch.number == number), None)
        if chosen is None:
            raise SettingsError(f"There is no watch {number}. List them: sanad watch list")
        database.work(partial(end_watch, watch_id=chosen.watch_id))
    output().print(f"removed  {chosen.number}. {isolate(visible(chosen.text))}")


def run_watches(as_json: Json = False) -> None:
    """Bring the index up to date, and print what is new for the watches."""
    from bot.config.settings import load_settings
    from bot.storage.alerts import due_alerts, told_alerts
    from bot.storage.watches import TERMINAL
    from bot.watching.stories import merged_by_story

    settings = load_settings()
    teller = terminal_teller(settings.articles_dir)
    with _opened(settings) as (database, finder):
        finder.look()
        told = database.work(partial(told_alerts, teller=teller, chat_id=TERMINAL))
        for story in merged_by_story(own for own in told if own[1].outlets > own[1].outlets_told):
            _tell(database, story, is_new=False, as_json=as_json)
        for story in merged_by_story(database.work(partial(due_alerts, teller=teller))):
            _tell(database, story, is_new=True, as_json=as_json, told=told)


def _tell(
    database: Database, story: FoundStory, *, is_new: bool, as_json: bool, told: FoundStory | tuple[()] = ()
) -> None:
    """Print a story, then note that it was told: a process that dies in between tells it again."""
    from bot.rendering.alerts import alert_json, alert_text
    from bot.storage.alerts import mark_told
    from bot.storage.answer_codec import citation_of
    from bot.watching.stories import told_already

    first: Alert = story[0][1]
    if not told_already(first, told):
        watches, citation = [watch.text for watch, _ in story], citation_of(first.body)
        if as_json:
            print_json(alert_json(watches, citation, first.body["label"], is_new=is_new))
        else:
            output().print(alert_text(watches, citation, first.body["label"], is_new=is_new))
    database.work(partial(mark_told, alerts=[alert for _, alert in story], part_id=None))


def terminal_teller(folder: Path) -> str:
    """Return by what name the watches of a folder's terminal are kept."""
    return f"terminal:{sha256(str(folder.absolute()).encode()).hexdigest()[:16]}"


def _held(database: Database, settings: Settings) -> list[Watch]:
    from bot.storage.watches import TERMINAL, watches_in

    return database.work(partial(watches_in, teller=terminal_teller(settings.articles_dir), chat_id=TERMINAL))


def _database(settings: Settings) -> Database:
    from bot.config.wiring import open_database

    return open_database(settings, lambda _: None)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Database, WatchFinder]]:
    """Open the index, up to date with its folder, and what finds in it what is new."""
    from bot.watching.finder import WatchFinder
    from bot.watching.timing import TellingHours

    with closing(_database(settings)) as database, current(settings) as (index, _):
        yield database, WatchFinder(index, database, terminal_teller(settings.articles_dir), TellingHours(None, None))
