"""Fetch what a feed has that the articles' folder has not: new entries, and those that read otherwise now."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from retrieval.connectors.add import PAGE_KINDS, read_page
from retrieval.connectors.feed_parser import FEED_KINDS, Entry, article_of_entry, entry_digest, parse_feed
from retrieval.connectors.feed_state import STATE_NAME, SeenEntry, Subscription, save, subscriptions
from retrieval.connectors.web import Fetched, Limits, fetch
from retrieval.corpus.articles import read_article
from retrieval.corpus.atomic_files import file_stem, settle_file, staged
from retrieval.corpus.former_texts import keep_former
from retrieval.corpus.isolation import READING_BOUNDS, FileReader, ReadingBounds
from retrieval.corpus.origins import Origin, bytes_digest, note_origins, read_origins, utc_timestamp
from retrieval.errors import ArticleError, FetchError
from retrieval.types import Failure

FEEDS_NAME = "feeds"  # the subfolder of the articles
_PAUSE = 1.0  # seconds between two requests to one host
MOST_PAGES = 30  # fetched in one run for one feed
LONGEST_WAIT = 86_400.0  # seconds, of what a server's Retry-After asks for
_MOST_REMEMBERED = 10_000  # entries of a feed that it no longer lists
LEAST_SUMMARY = 200  # code points of a summary that stands for a page that is gone
BUSY = (429, 503)  # HTTP statuses of a host that is not to be asked again in this run
_GONE = (401, 403, 404, 410)  # of a page that will not come, however often it is asked for

_State = Literal["fetched", "unchanged", "waiting", "failed"]


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What one fetch of a feed gave."""

    url: str
    title: str | None
    state: _State
    new: tuple[str, ...] = ()  # paths
    updated: tuple[str, ...] = ()
    known: int = 0  # entries that read as before
    duplicates: int = 0  # entries whose text another article has
    left: int = 0  # entries for the next time
    failed: tuple[Failure, ...] = ()  # by the entry's address or title
    reason: str | None = None  # why it failed or waits, or what else to know


class PoliteFetcher:
    """Fetches address after address: a pause between two requests to one host, and no more to one that is busy."""

    def __init__(self, limits: Limits, pause: float = _PAUSE) -> None:
        self._limits = limits
        self._pause = pause
        self._last: dict[str, float] = {}
        self._busy: dict[str, FetchError] = {}

    def fetch(self, url: str, kinds: frozenset[str], headers: dict[str, str] | None = None) -> Fetched:
        """Return what an address gives; as `retrieval.connectors.web.fetch`."""
        host = urlsplit(url).netloc
        if host in self._busy:
            raise self._busy[host]
        time.sleep(max(0.0, self._last.get(host, -self._pause) + self._pause - time.monotonic()))
        try:
            return fetch(url, self._limits, kinds, headers)
        except FetchError as error:
            if error.status in BUSY:
                self._busy[host] = error
            raise
        finally:
            self._last[host] = time.monotonic()


def fetch_feed(
    folder: Path,
    known: Subscription,
    fetcher: PoliteFetcher,
    *,
    again: bool = False,
    bounds: ReadingBounds = READING_BOUNDS,
) -> FeedReport:
    """Fetch a feed and write what is new or changed into the articles' folder; `again` brings back what was deleted.

    What was done is saved even if this is interrupted. `bounds` are those of reading one page.

    Raises:
        SettingsError: the folder cannot be written.
    """
    now = time.time()
    blank = FeedReport(known.url, known.title, "unchanged")
    if now < known.not_before:
        reason = f"its server asks to come again after {known.not_before - now:.0f} seconds"
        return replace(blank, state="waiting", reason=reason)
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    headers = {} if again else {name: value for name, value in asked.items() if value}
    try:
        page = fetcher.fetch(known.url, FEED_KINDS, headers)
        if not page.is_new:
            save(folder, replace(known, fetched=now, trouble=None))
            return replace(blank, known=len(known.seen))
        feed = parse_feed(page)
    except FetchError as error:
        rest = now + min(error.wait, LONGEST_WAIT) if error.wait else 0.0
        save(folder, replace(known, not_before=rest, trouble=str(error)))
        advice = f"; remove it: sanad feed remove {known.url}" if error.status == 410 else ""
        return replace(blank, state="failed", reason=f"{error}{advice}")
    reader = FileReader(bounds)
    run = _FeedRun(folder, replace(known, title=feed.title or known.title), fetcher, reader, again)
    complete = False
    try:
        for entry in feed.entries:
            run.take(entry)
        complete = not run.left
    finally:
        reader.close()
        listed = [entry.entry_id for entry in feed.entries]
        save(
            folder,
            replace(
                run.known,
                etag=page.etag if complete else None,
                modified=page.modified if complete else None,
                not_before=0.0,
                fetched=now,
                trouble=None,
                seen=_remembered(run.seen, listed),
            ),
        )
    moved = f"it has moved for good to {page.url}" if page.moved else None
    return replace(run.report(), reason=moved)


def _remembered(seen: dict[str, SeenEntry], listed: list[str]) -> dict[str, SeenEntry]:
    """Return the entries to be saved: all that the feed lists, and the last of the others."""
    others = [entry_id for entry_id in seen if entry_id not in set(listed)][-_MOST_REMEMBERED:]
    return {entry_id: seen[entry_id] for entry_id in [*others, *listed] if entry_id in seen}


def _needs_page(entry: Entry) -> bool:
    """Tell whether an entry carries less than its article, and links to it."""
    return entry.url is not None and not entry.is_whole


class _FeedRun:
    """One fetch of one feed, entry by entry."""

    def __init__(
        self, folder: Path, known: Subscription, fetcher: PoliteFetcher, reader: FileReader, again: bool
    ) -> None:
        self.known = known
        self.seen = dict(known.seen)
        self.left = 0
        self._folder = folder
        self._fetcher = fetcher
        self._reader = reader
        self._again = again
        self._origins = read_origins(folder)
        self._pages = 0
        self._digests = {
            seen.digest: seen.path for other in subscriptions(folder) for seen in other.seen.values() if seen.path
        }
        self._new: list[str] = []
        self._updated: list[str] = []
        self._failed: list[Failure] = []
        self._known = self._duplicates = 0

    def take(self, entry: Entry) -> None:
        """Write an entry's article, unless it is known, or was deleted."""
        before = self.seen.get(entry.entry_id)
        is_there = before is not None and bool(before.path) and (self._folder / before.path).is_file()
        if before and (is_there or not self._again) and (before.mark == entry.mark or (before.path and not is_there)):
            self._known += 1
            return
        if _needs_page(entry) and self._pages >= MOST_PAGES:
            self.left += 1
            return
        try:
            whole = self._whole(entry)
        except (ArticleError, FetchError) as error:
            self._fail(entry, error)
            return
        self._write(whole, entry.mark, before if is_there else None)

    def _fail(self, entry: Entry, error: ArticleError | FetchError) -> None:
        """Note an entry whose text cannot be had, for good or for now."""
        status = error.status if isinstance(error, FetchError) else None
        if status not in BUSY:
            self._failed.append(Failure(entry.url or entry.title or entry.entry_id, str(error)))
        if isinstance(error, ArticleError) or status in _GONE:
            self.seen[entry.entry_id] = SeenEntry("", entry.mark, "")
        else:
            self.left += 1

    def _whole(self, entry: Entry) -> Entry:
        """Return an entry with its whole text, from the page that it links to where it carries a summary only."""
        if not _needs_page(entry):
            if not entry.text:
                raise ArticleError("holds no text and links to no page")
            return entry
        self._pages += 1
        try:
            page = self._fetcher.fetch(entry.url or "", PAGE_KINDS)
            article = read_page(self._folder, STATE_NAME, page, self._reader)
        except (ArticleError, FetchError) as error:
            for_good = isinstance(error, ArticleError) or error.status in _GONE
            if for_good and len(entry.text) >= LEAST_SUMMARY:
                return entry
            raise
        return replace(
            entry,
            title=entry.title or article.title,
            text="\n\n".join(article.text[start:end] for start, end in article.body),
            source=entry.source or article.source,
            author=entry.author or article.author,
            published=entry.published or article.published,
        )

    def _write(self, entry: Entry, mark: str, before: SeenEntry | None) -> None:
        """Write an entry's article, over the one before where there is one."""
        digest = entry_digest(entry.text)
        twin = self._digests.get(digest)
        if twin and (before is None or twin != before.path) and (self._folder / twin).is_file():
            self._duplicates += 1
            self.seen[entry.entry_id] = SeenEntry(twin, mark, digest)
            return
        # An entry that was the same as another, of this feed or another one, has no file of its own yet.
        own = [other for other, seen in self.seen.items() if before and seen.path == before.path]
        is_own = before is not None and before.path.endswith(self._ending(entry)) and own == [entry.entry_id]
        path = before.path if before and is_own else self._path_of(entry)
        data = article_of_entry(entry, self.known.url).encode("utf-8", "replace")
        with staged(self._folder, path.rpartition("/")[0], ".md", data) as place:
            now, digest_of_file = utc_timestamp(), bytes_digest(data)
            if before and is_own:
                self._keep_former(path, place, now)
            note_origins(self._folder, [Origin(path, entry.url, None, now, digest_of_file, digest_of_file)])
            settle_file(place, self._folder / path, over=True)
        (self._updated if before else self._new).append(path)
        self._digests[digest] = path
        self.seen[entry.entry_id] = SeenEntry(path, mark, digest)

    def _keep_former(self, path: str, place: Path, now: str) -> None:
        """Keep what an entry's file says, if anything, before another takes its place."""
        before = after = dict[str, str]()
        with suppress(ArticleError):  # somebody may have emptied it
            before = {path: read_article(self._folder, self._folder / path, {}).text}
            after = {path: read_article(self._folder, place, {}).text}
        keep_former(self._folder, before, after, self._origins.get(path, Origin(path)), now)

    def _path_of(self, entry: Entry) -> str:
        """Return the path of an entry's article."""
        of_feed = file_stem(self.known.title or urlsplit(self.known.url).netloc)
        day = f"{entry.published}-" if entry.published else ""
        return f"{FEEDS_NAME}/{of_feed}/{day}{file_stem(entry.title or entry.text[:40])}{self._ending(entry)}"

    def _ending(self, entry: Entry) -> str:
        """Return how the path of an entry's article ends; the mark is the feed's and the entry's own."""
        mark = hashlib.sha256(f"{self.known.url}\n{entry.entry_id}".encode("utf-8", "replace")).hexdigest()[:8]
        return f"-{mark}.md"

    def report(self) -> FeedReport:
        """Return what the run has given so far."""
        return FeedReport(
            self.known.url,
            self.known.title,
            "fetched",
            tuple(self._new),
            tuple(self._updated),
            self._known,
            self._duplicates,
            self.left,
            tuple(self._failed),
        )
