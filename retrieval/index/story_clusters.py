"""Which articles tell one story, in the catalog: kept while a refresh publishes, in the same transaction.

A new article is compared with those that share a band with it, so what it costs does not grow with the archive. Links
are kept, so that an article that goes costs no comparison either; only the stories that it touches are put together
anew. Which articles are together follows from the texts alone; the numbers of the stories follow from their history.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache

from retrieval.index import near_duplicates
from retrieval.stores.catalog import spans_in
from retrieval.stores.database import CatalogDatabase

_CONFIG, _LAST = "stories made with", "last story"  # facts
MOST_PROFILES = 256  # kept, of articles that were compared


class StoryClusters:
    """The stories of one catalog, inside a transaction of whoever holds it."""

    def __init__(self, catalog: CatalogDatabase) -> None:
        self._catalog = catalog
        self._profile = lru_cache(maxsize=MOST_PROFILES)(
            lambda article_id: near_duplicates.profile(self._text(article_id))
        )

    def update(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Take in what the files at some paths stood for, and what they stand for now, each as an article's id."""
        anew = self._catalog.fact(_CONFIG) != near_duplicates.links_config()
        if anew:
            self._clear_links()
            self._catalog.set_fact(_CONFIG, near_duplicates.links_config())
            after = self._catalog.pairs("SELECT path, article_id FROM files WHERE article_id IS NOT NULL")
        changed = {path: article_id for path, article_id in before.items() if after.get(path) != article_id}
        held = self._stories_of({*changed.values(), *after.values()})
        inherited = {after[path]: held[old] for path, old in changed.items() if path in after and old in held}
        for article_id in self._not_shown(set(changed.values())):
            self._remove(article_id)
        added = self._without_sketch(set(after.values()))
        # In the order of their sketches, copies come one after the other, while their profiles are still kept.
        sketched = sorted((near_duplicates.sketch(self._profile(article_id)), article_id) for article_id in added)
        linked = {other for own, article_id in sketched for other in self._add(article_id, own)}
        touched = {held[old] for old in changed.values() if old in held} | set(self._stories_of(linked).values())
        if anew:
            touched |= set(held.values())
        self._cluster(touched, {*added, *linked}, inherited)

    def _cluster(self, touched: Collection[int], loose: Collection[str], inherited: Mapping[str, int]) -> None:
        """Find the stories anew among the members of some, and some articles beside."""
        catalog = self._catalog
        of_touched = "story IN (SELECT value FROM json_each(:touched))"
        held: dict[str, int] = catalog.pairs(
            f"SELECT article_id, story FROM stories WHERE {of_touched}", touched=touched
        )
        shown = sorted({*loose, *held})
        links: defaultdict[str, set[str]] = defaultdict(set)
        for link in catalog.rows(
            "SELECT article_id, other_id FROM links WHERE article_id IN (SELECT value FROM json_each(:ids))", ids=shown
        ):
            links[link["article_id"]].add(link["other_id"])
        last = int(catalog.fact(_LAST) or 0)
        numbered = near_duplicates.number_stories(
            near_duplicates.components(shown, links), held, inherited, itertools.count(last + 1)
        )
        catalog.rows(f"DELETE FROM stories WHERE {of_touched}", touched=touched)
        catalog.insert("stories", ({"article_id": member, "story": story} for member, story in numbered.items()))
        catalog.set_fact(_LAST, str(max([last, *numbered.values()])))

    def _add(self, article_id: str, own: near_duplicates.Sketch) -> list[str]:
        """Take in an article, and return those that are its copies."""
        bands = near_duplicates.bands(own.minhash)
        asked = {f"band{at}": band for at, band in enumerate(bands)}
        near = self._catalog.rows(
            "SELECT article_id, minhash, slots FROM sketches WHERE article_id IN"
            f" (SELECT article_id FROM bands WHERE band IN ({', '.join(f':{name}' for name in asked)}))"
            " ORDER BY article_id",
            **asked,
        )
        alike = near_duplicates.worth_comparing(
            own, [near_duplicates.Sketch(row["minhash"], row["slots"]) for row in near]
        )
        copies = [
            row["article_id"]
            for row, is_alike in zip(near, alike, strict=True)
            if is_alike and near_duplicates.are_copies(self._profile(article_id), self._profile(row["article_id"]))
        ]
        self._catalog.insert("sketches", [{"article_id": article_id, **own._asdict()}])
        self._catalog.insert("bands", ({"band": band, "article_id": article_id} for band in bands))
        pairs = (pair for other in copies for pair in ((article_id, other), (other, article_id)))
        self._catalog.insert("links", ({"article_id": one, "other_id": other} for one, other in pairs))
        return copies

    def _remove(self, article_id: str) -> None:
        minhashes = self._catalog.column("SELECT minhash FROM sketches WHERE article_id = :id", id=article_id)
        for band in (band for minhash in minhashes for band in near_duplicates.bands(minhash)):
            self._catalog.rows("DELETE FROM bands WHERE band = :band AND article_id = :id", band=band, id=article_id)
        self._catalog.rows(
            "DELETE FROM links WHERE other_id = :id"
            " AND article_id IN (SELECT other_id FROM links WHERE article_id = :id)",
            id=article_id,
        )
        for table in ("sketches", "links", "stories"):
            self._catalog.rows(f"DELETE FROM {table} WHERE article_id = :id", id=article_id)

    def _clear_links(self) -> None:
        """Drop what was made in another way; the stories stay until they are put together anew, for their numbers."""
        for table in ("sketches", "bands", "links"):
            self._catalog.rows(f"DELETE FROM {table}")

    def _text(self, article_id: str) -> str:
        (row,) = self._catalog.rows("SELECT text, body FROM articles WHERE article_id = :id", id=article_id)
        return near_duplicates.own_text(row["text"], spans_in(row["body"]))

    def _stories_of(self, ids: Collection[str]) -> dict[str, int]:
        return self._catalog.pairs(
            "SELECT article_id, story FROM stories WHERE article_id IN (SELECT value FROM json_each(:ids))", ids=ids
        )

    def _not_shown(self, ids: Collection[str]) -> list[str]:
        return self._catalog.column(
            "SELECT value FROM json_each(:ids)"
            " WHERE value NOT IN (SELECT article_id FROM files WHERE article_id = value)",
            ids=ids,
        )

    def _without_sketch(self, ids: Collection[str]) -> list[str]:
        return self._catalog.column(
            "SELECT value FROM json_each(:ids) AS asked"
            " WHERE NOT EXISTS (SELECT 1 FROM sketches WHERE article_id = asked.value)",
            ids=ids,
        )
