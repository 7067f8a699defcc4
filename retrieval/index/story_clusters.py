"""Which articles tell one story, in the catalog: kept while a refresh publishes, in the same transaction.

A new article is compared with those that share a band with it, so what it costs does not grow with the archive. Links
are kept, so that an article that goes costs no comparison either; only the stories that it touches are put together
anew. Which articles are together follows from the texts alone; the numbers of the stories follow from their history.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from retrieval.index import near_duplicates
from retrieval.types import Span

_MADE_WITH, _LAST = "stories made with", "last story"  # facts
MOST_PROFILES = 256  # kept, of articles that were compared


class StoryClusters:
    """The stories of one catalog, inside a transaction of whoever holds the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._profile = lru_cache(maxsize=MOST_PROFILES)(
            lambda article_id: near_duplicates.profile(self._text(article_id))
        )

    def update(self, was: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Take in what the files at some paths stood for, and what they stand for now, each as an article's id."""
        anew = self._fact(_MADE_WITH) != near_duplicates.made_with()
        if anew:
            self._forget_all()
            self._set_fact(_MADE_WITH, near_duplicates.made_with())
            now = dict(self._connection.execute("SELECT path, article_id FROM files WHERE article_id IS NOT NULL"))
        changed = {path: article_id for path, article_id in was.items() if now.get(path) != article_id}
        held = self._stories_of({*changed.values(), *now.values()})
        inherited = {now[path]: held[old] for path, old in changed.items() if path in now and old in held}
        for article_id in sorted(self._not_shown(set(changed.values()))):
            self._remove(article_id)
        added = self._without_sketch(set(now.values()))
        # In the order of their sketches, copies come one after the other, while their profiles are still kept.
        sketched = sorted((near_duplicates.sketch(self._profile(article_id)), article_id) for article_id in added)
        linked = {other for own, article_id in sketched for other in self._add(article_id, own)}
        touched = {held[old] for old in changed.values() if old in held} | set(self._stories_of(linked).values())
        if anew:
            touched |= set(held.values())
        self._put_together(touched, {*added, *linked}, inherited)

    def _put_together(self, touched: Collection[int], loose: Collection[str], inherited: Mapping[str, int]) -> None:
        """Find the stories anew among the members of some, and some articles beside."""
        held: dict[str, int] = dict(
            self._rows("SELECT * FROM stories WHERE story IN (SELECT value FROM json_each(?))", touched)
        )
        shown = sorted({*loose, *held})
        links: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in self._rows("SELECT * FROM links WHERE article_id IN (SELECT value FROM json_each(?))", shown):
            links[one].add(other)
        last = int(self._fact(_LAST) or 0)
        named = near_duplicates.named(
            near_duplicates.components(shown, links), held, inherited, itertools.count(last + 1)
        )
        self._rows("DELETE FROM stories WHERE story IN (SELECT value FROM json_each(?))", touched)
        self._connection.executemany("INSERT INTO stories VALUES (?, ?)", named.items())
        self._set_fact(_LAST, str(max([last, *named.values()])))

    def _add(self, article_id: str, own: near_duplicates.Sketch) -> list[str]:
        """Take in an article, and return those that are its copies."""
        bands = near_duplicates.bands(own.minhash)
        near = self._connection.execute(
            "SELECT article_id, minhash, slots FROM sketches WHERE article_id IN"
            f" (SELECT article_id FROM bands WHERE band IN ({', '.join('?' * len(bands))})) ORDER BY article_id",
            bands,
        ).fetchall()
        alike = near_duplicates.worth_comparing(own, [near_duplicates.Sketch(*row[1:]) for row in near])
        copies = [
            other
            for (other, *_), is_alike in zip(near, alike, strict=True)
            if is_alike and near_duplicates.are_copies(self._profile(article_id), self._profile(other))
        ]
        self._connection.execute("INSERT INTO sketches VALUES (?, ?, ?)", (article_id, *own))
        self._connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, article_id) for band in bands))
        pairs = ((*pair,) for other in copies for pair in ((article_id, other), (other, article_id)))
        self._connection.executemany("INSERT INTO links VALUES (?, ?)", pairs)
        return copies

    def _remove(self, article_id: str) -> None:
        found = self._connection.execute("SELECT minhash FROM sketches WHERE article_id = ?", (article_id,))
        for (minhash,) in found.fetchall():
            keys = ((band, article_id) for band in near_duplicates.bands(minhash))
            self._connection.executemany("DELETE FROM bands WHERE band = ? AND article_id = ?", keys)
        others = self._connection.execute("SELECT other_id FROM links WHERE article_id = ?", (article_id,)).fetchall()
        pairs = ((other, article_id) for (other,) in others)
        self._connection.executemany("DELETE FROM links WHERE article_id = ? AND other_id = ?", pairs)
        for table in ("sketches", "links", "stories"):
            self._connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))

    def _forget_all(self) -> None:
        """Drop what was made in another way; the stories stay until they are put together anew, for their numbers."""
        for table in ("sketches", "bands", "links"):
            self._connection.execute(f"DELETE FROM {table}")

    def _text(self, article_id: str) -> str:
        row = self._connection.execute("SELECT text, body FROM articles WHERE article_id = ?", (article_id,)).fetchone()
        return near_duplicates.own_text(row[0], [Span(*span) for span in json.loads(row[1])])

    def _stories_of(self, ids: Collection[str]) -> dict[str, int]:
        rows = self._rows("SELECT * FROM stories WHERE article_id IN (SELECT value FROM json_each(?))", ids)
        return dict(rows)

    def _not_shown(self, ids: Collection[str]) -> set[str]:
        rows = self._rows(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT article_id FROM files WHERE article_id = value)",
            ids,
        )
        return {article_id for (article_id,) in rows}

    def _without_sketch(self, ids: Collection[str]) -> set[str]:
        rows = self._rows(
            "SELECT value FROM json_each(?) AS asked"
            " WHERE NOT EXISTS (SELECT 1 FROM sketches WHERE article_id = asked.value)",
            ids,
        )
        return {article_id for (article_id,) in rows}

    def _rows(self, statement: str, values: Collection[str] | Collection[int]) -> list[Any]:
        return self._connection.execute(statement, (json.dumps(sorted(values)),)).fetchall()

    def _fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _set_fact(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
