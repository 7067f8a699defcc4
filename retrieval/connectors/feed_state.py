"""The feeds that a folder of articles is fed from: which they are, and what is known of each.

All of it is kept in the folder, one file a feed, as it cannot be worked out again: above all that an article was
there and was deleted, so that it does not come back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.connectors.feed_parser import FEED_KINDS, parse_feed
from retrieval.connectors.web import Limits, checked, fetch
from retrieval.corpus.atomic_files import settle_file, staged
from retrieval.errors import FetchError, SanadError, SettingsError

STATE_NAME = ".feeds"  # the subfolder of what is known of each feed


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry that was fetched before."""

    path: str  # of its article, or of another that says the same; empty where its page holds none
    mark: str  # what the entry read like
    digest: str  # of the article's text


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed, and what is known of it."""

    url: str
    title: str | None = None
    etag: str | None = None  # these two only while nothing is left to fetch
    modified: str | None = None
    not_before: float = 0.0  # seconds since 1970
    fetched: float | None = None  # the same
    trouble: str | None = None  # why the last fetch failed
    seen: dict[str, SeenEntry] = field(default_factory=dict)  # by the entry's id


def subscriptions(folder: Path) -> list[Subscription]:
    """Return the feeds of a folder, sorted by address.

    Raises:
        SettingsError: what is known of one cannot be read.
    """
    return sorted((_load(file) for file in (folder / STATE_NAME).glob("*.json")), key=lambda known: known.url)


def subscription(folder: Path, url: str) -> Subscription:
    """Return the feed of a folder with that address.

    Raises:
        SettingsError: there is none.
    """
    with suppress(FetchError):
        url = checked(url)
    for known in subscriptions(folder):
        if known.url == url:
            return known
    raise SettingsError(f"{url} is no feed of this folder. List them: sanad feed list")


def subscribe(folder: Path, url: str, limits: Limits) -> tuple[Subscription, int]:
    """Add a feed, and return it with the number of entries that it has; they are not fetched yet.

    Raises:
        FetchError: the address gives no feed; the message is the reason alone.
        SettingsError: it is there already, or the folder cannot be written.
    """
    url = checked(url)
    if _file_of(folder, url).exists():
        raise SettingsError(f"{url} is a feed of this folder already. Fetch it: sanad feed fetch")
    feed = parse_feed(fetch(url, limits, FEED_KINDS))
    added = Subscription(url, feed.title)
    save(folder, added)
    return added, len(feed.entries)


def unsubscribe(folder: Path, url: str) -> Subscription:
    """Remove a feed; its articles stay.

    Raises:
        SanadError: another process is fetching.
        SettingsError: there is none with that address.
    """
    known = subscription(folder, url)
    with fetch_lock(folder):  # whoever fetches would save it again
        _file_of(folder, known.url).unlink(missing_ok=True)
    return known


@contextmanager
def fetch_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of the one process that fetches the feeds of a folder.

    Raises:
        SanadError: another one holds it.
        SettingsError: the folder cannot be written.
    """
    try:
        (folder / STATE_NAME).mkdir(exist_ok=True)
        with FileLock(folder / STATE_NAME / "lock", timeout=0):
            yield
    except Timeout as error:
        raise SanadError(
            "Another process is fetching the feeds. Wait until it has finished, then try again."
        ) from error
    except PermissionError as error:
        raise SettingsError(f"{folder / STATE_NAME} cannot be written: permission denied. Allow it.") from error


def save(folder: Path, known: Subscription) -> None:
    """Save what is known of a feed.

    Raises:
        SettingsError: the folder cannot be written.
    """
    data = json.dumps(asdict(known), ensure_ascii=False, indent=1).encode("utf-8", "replace")
    with staged(folder, STATE_NAME, ".tmp", data) as place:
        settle_file(place, _file_of(folder, known.url), over=True)


def _file_of(folder: Path, url: str) -> Path:
    return folder / STATE_NAME / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"


def _load(file: Path) -> Subscription:
    try:
        given = json.loads(file.read_bytes())
        seen = {entry_id: SeenEntry(**one) for entry_id, one in given.pop("seen").items()}
        return Subscription(**given, seen=seen)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SettingsError(f"{file} cannot be read ({error}). Delete it, and add that feed again.") from error
