"""What an RSS or Atom feed says: its entries, as plain text and facts. Pure: bytes in, values out."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from retrieval.connectors.web import Fetched, checked
from retrieval.errors import FetchError
from retrieval.nlp.dates import date_of, stated_date
from retrieval.nlp.display import clean
from retrieval.readers.html_fragment import text_of_html, tidy_lines

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
FEED_KINDS = frozenset(
    {*FEED_TYPES, "application/xml", "text/xml", "text/plain", "text/html", "application/xhtml+xml"}
)  # some servers name a feed wrongly, and a page names its feed

LARGEST_FEED = 4 * 2**20  # bytes
WHOLE_LENGTH = 1_000  # code points; a description that is so long is the article, and no summary of it


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; what it does not state is None."""

    entry_id: str
    title: str | None
    text: str
    is_whole: bool  # the text is the article, not a summary of it
    url: str | None
    source: str | None
    author: str | None
    published: str | None  # ISO 8601 date, as the outlet's own calendar has it

    @property
    def mark(self) -> str:
        """Return what changes when the entry does."""
        return entry_digest(
            "\n".join(str(part) for part in (self.title, self.text, self.url, self.author, self.published))
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it calls itself, and its entries, once each, in its order."""

    title: str | None
    entries: tuple[Entry, ...]


def entry_digest(text: str) -> str:
    r"""Return what identifies a text, white space aside.

    >>> entry_digest(" a  b") == entry_digest("a\nb") != entry_digest("ab")
    True
    """
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]


def parse_feed(page: Fetched) -> Feed:
    """Return the feed that a page is.

    Raises:
        FetchError: it is none; the message is the reason alone, and names the feed of an HTML page.
    """
    if not page.data.strip():
        raise FetchError("is empty")
    if len(page.data) > LARGEST_FEED:
        raise FetchError(f"is larger than {LARGEST_FEED / 2**20:g} MiB, which no feed should be")
    if b"<!ENTITY" in page.data.replace(b"\0", b"").upper():
        raise FetchError("declares entities of its own, which no feed needs and some use to overwhelm a reader")
    import feedparser

    kind = f"{page.kind or 'application/xml'}{f'; charset={page.charset}' if page.charset else ''}"
    try:
        parsed = feedparser.parse(
            io.BytesIO(page.data),
            response_headers={"content-type": kind, "content-location": page.url},
            resolve_relative_uris=False,  # neither is needed where only text is kept, and both are slow on deep markup
            sanitize_html=False,
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:  # as for half a character
        raise FetchError(f"cannot be read as a feed ({' '.join(str(error).split())})") from error
    if not parsed.get("version") and not parsed.entries:
        raise FetchError(_why_none(page, parsed.feed.get("links", [])))
    title = _plain(parsed.feed.get("title_detail"))
    entries: dict[str, Entry] = {}
    for given in parsed.entries:
        entry = _entry(given, title)
        entries.setdefault(entry.entry_id, entry)  # feeds put the newest first
    return Feed(title, tuple(entries.values()))


def _why_none(page: Fetched, links: list[Mapping[str, str]]) -> str:
    feeds = [urljoin(page.url, link.get("href", "")) for link in links if link.get("type") in FEED_TYPES]
    if feeds:
        return f"is a web page and no feed; it names its feed: sanad feed add {clean(feeds[0])}"
    if b"<html" in page.data[:2_000].lower():
        return "is a web page and no feed, and names none; look for a link called RSS or Atom on it"
    return "is neither RSS nor Atom"


def _entry(given: Mapping[str, Any], feed_title: str | None) -> Entry:
    contents = [text for content in given.get("content", []) if (text := _text(content))]
    whole = max(contents, key=len, default="")
    summary = _text(given.get("summary_detail"))
    text = whole or summary
    title = _plain(given.get("title_detail"))
    url = _link(given.get("link"))
    author = given.get("author_detail", {}).get("name") or given.get("author")
    return Entry(
        entry_id=str(given.get("id") or url or entry_digest(f"{title}\n{text}")),
        title=title,
        text=text,
        is_whole=bool(text) and not _is_cut(text) and (bool(whole) or len(text) >= WHOLE_LENGTH),
        url=url,
        source=_plain(given.get("source", {}).get("title_detail")) or feed_title,
        author=clean(str(author)) if author and "@" not in str(author) else None,
        published=_day(given, "published") or _day(given, "updated"),
    )


def _is_cut(text: str) -> bool:
    """Tell whether a text ends with the dots of one that goes on elsewhere.

    >>> _is_cut("قال الوزير … (المزيد)"), _is_cut("قال الوزير... »"), _is_cut("قال … الوزير.")
    (False, True, False)
    """
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    return "…" in text[end:] or "..." in text[end:]


def _link(given: object) -> str | None:
    try:
        return checked(given) if isinstance(given, str) else None
    except FetchError:
        return None


def _day(given: Mapping[str, Any], key: str) -> str | None:
    """Return the date of an entry where it was written, not in Greenwich; None where it cannot be read."""
    if key not in given:  # feedparser gives one date for the other, with a warning
        return None
    said = str(given[key])
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(said).date().isoformat()
        except (ValueError, TypeError, OverflowError):
            continue
    if stated_date(said):  # in Arabic words, or one that leaves something open
        return date_of(said)
    parsed = given.get(f"{key}_parsed")
    try:
        return date(*parsed[:3]).isoformat() if parsed else None
    except (ValueError, OverflowError):
        return None


def _plain(detail: Mapping[str, str] | None) -> str | None:
    """Return a title without its markup, on one line."""
    return clean(_text(detail)) or None


def _text(detail: Mapping[str, str] | None) -> str:
    if not detail or not detail.get("value"):
        return ""
    value = str(detail["value"])
    return text_of_html(value) if detail.get("type") != "text/plain" else tidy_lines(value)


def article_of_entry(entry: Entry, feed_url: str) -> str:
    """Return an entry as the text of a Markdown file that states by itself what is known of it."""
    facts = {
        "title": entry.title,
        "source": entry.source,
        "author": entry.author,
        "date": entry.published,
        "url": entry.url,
        "feed": feed_url,
        "id": clean(entry.entry_id),
    }
    # A JSON string is a YAML string.
    stated = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value]
    paragraphs = entry.text.split("\n\n")
    if entry.title and clean(paragraphs[0]) == entry.title:
        paragraphs = paragraphs[1:]
    return "\n".join(["---", *stated, "---", "", "\n\n".join(paragraphs), ""])
