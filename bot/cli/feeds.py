"""The commands about feeds: feed add, list, fetch and remove."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.adding import refreshed
from bot.cli.session import Json, print_json, stages
from bot.cli.streams import messages, output, readable
from retrieval.errors import FetchError, SettingsError

if TYPE_CHECKING:
    from retrieval.connectors.feed_fetcher import FeedReport
    from retrieval.connectors.feed_state import Subscription

HELP = """Feed the articles' folder from RSS and Atom.

\b
Examples:
  sanad feed add https://example.org/rss.xml
  sanad feed fetch
  sanad feed list --json

Articles go to the subfolder `feeds`; one that is deleted there stays away. Run `sanad feed fetch` from cron:
where nothing is new, a feed costs one short request."""

_Address = Annotated[str, typer.Argument(metavar="URL", help="Address of the feed.")]


def add(url: _Address) -> None:
    """Add a feed, once it is seen to be one; `feed fetch` then fetches its articles."""
    from bot.config.settings import load_settings
    from bot.config.wiring import make_limits
    from retrieval.connectors.feed_state import subscribe
    from retrieval.nlp.display import visible

    settings = load_settings()
    url = readable(url)
    try:
        added, entries = subscribe(settings.articles_dir, url, make_limits(settings))
    except FetchError as error:
        messages().print(f"failed  {visible(url)}: {visible(str(error))}", style="red")
        raise typer.Exit(1) from None
    screen = output()
    screen.print(f"added  {visible(added.url)}: {visible(added.title or 'a feed without a title')}, {entries} entries")
    screen.print("Fetch them: sanad feed fetch", style="dim")


def show(as_json: Json = False) -> None:
    """List the feeds, with the number of articles of each, and what went wrong the last time."""
    from bot.config.settings import load_settings
    from retrieval.connectors.feed_state import subscriptions
    from retrieval.nlp.display import isolate, visible

    screen = output()
    for known in subscriptions(load_settings().articles_dir):
        row = _row(known)
        if as_json:
            print_json(row)
            continue
        title = isolate(visible(known.title or "-"))
        screen.print(f"{visible(known.url)}  {title}  {row['articles']} articles, {row['fetched'] or 'never fetched'}")
        if known.trouble:
            screen.print(f"  {visible(known.trouble)}", style="red")


def _row(known: Subscription) -> dict[str, object]:
    from datetime import UTC, datetime

    fetched = datetime.fromtimestamp(known.fetched, UTC).isoformat(timespec="seconds") if known.fetched else None
    articles = len({seen.path for seen in known.seen.values() if seen.path})
    return {
        "url": known.url,
        "title": known.title,
        "articles": articles,
        "fetched": fetched,
        "trouble": known.trouble,
    }


def fetch(
    url: Annotated[str | None, typer.Argument(metavar="URL", help="One feed; all of them without it.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Bring back articles that were deleted.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch what is new in the feeds, and bring the index up to date."""
    from bot.config.settings import load_settings
    from bot.config.wiring import make_limits, open_index, reading_bounds
    from retrieval.connectors.feed_fetcher import PoliteFetcher, fetch_feed
    from retrieval.connectors.feed_state import fetch_lock, subscription, subscriptions

    settings = load_settings()
    folder = settings.articles_dir

    def known() -> list[Subscription]:
        return subscriptions(folder) if url is None else [subscription(folder, readable(url))]

    if not known():
        raise SettingsError(f"{folder} has no feed yet. Add one: sanad feed add URL")
    fetcher = PoliteFetcher(make_limits(settings))
    states = []
    with fetch_lock(folder), stages(messages()) as show_stage:
        for one in known():  # read again, as another process may have fetched until a moment ago
            show_stage(one.url)
            report = fetch_feed(folder, one, fetcher, again=again, bounds=reading_bounds(settings))
            show_stage(None)
            states.append(report.state)
            if as_json:
                print_json(asdict(report))
            else:
                _print(report)
    with open_index(settings) as opened:
        if trouble := refreshed(opened, settings):
            raise trouble
    if all(state == "failed" for state in states):
        raise typer.Exit(1)


def _print(report: FeedReport) -> None:
    from retrieval.nlp.display import isolate, visible

    name = isolate(visible(report.title or report.url))
    if report.state in ("failed", "waiting"):
        messages().print(f"{report.state}  {name}: {visible(report.reason or '')}", style="red")
        return
    counts = {
        "new": len(report.new),
        "updated": len(report.updated),
        "known": report.known,
        "the same as another": report.duplicates,
        "failed": len(report.failed),
        "left for the next time": report.left,
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count or what == "new")
    output().print(f"{name}: {said}" + (f"; {visible(report.reason)}" if report.reason else ""))
    for failure in report.failed:
        messages().print(f"  failed  {visible(failure.path)}: {visible(failure.reason)}", style="red")


def remove(url: _Address) -> None:
    """Forget a feed; its articles stay."""
    from bot.config.settings import load_settings
    from retrieval.connectors.feed_state import unsubscribe
    from retrieval.nlp.display import visible

    known = unsubscribe(load_settings().articles_dir, readable(url))
    output().print(f"removed  {visible(known.url)}; its articles stay")
