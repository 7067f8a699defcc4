"""The vectors of an index, written after its words: segment by segment, each shown as soon as it is complete.

What a process that dies leaves is a segment that does not count; its articles are pending as before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import accumulate

from retrieval.concurrency.threads import DaemonThreads
from retrieval.embeddings.protocol import Unit
from retrieval.errors import EmbeddingError, VectorsError
from retrieval.index.catalog_writer import CatalogWriter, Segment
from retrieval.index.row_embedding import RowEmbedder, rows_again
from retrieval.stores.generation_locks import clear_released_locks
from retrieval.stores.vectors.protocol import StoreDrift, VectorReader, VectorRow, VectorStore
from retrieval.types import Extent, OnProgress, Progress

EMBEDDED_ROWS = 256  # embedded while as many are added, which Chroma takes best at once
SEALED_SECONDS = 60.0  # after which a segment is sealed, however small; a death loses no more work
SEGMENT_ROWS = 25_000  # a segment that has so many is sealed; a question asks each, adding slows as one grows
SMALL_ROWS = 10_000  # segments with fewer are merged when there are many
FEW_ROWS: Mapping[Unit, int] = {"sentence": 200, "passage": 3_000}  # some five seconds' work (docs/measured.md)
MOST_SMALL, SMALL_LEFT = 8, 3  # small segments: how many there may be, and how many a merge leaves alone


class PendingVectors:
    """The articles that have no vectors yet, and the store that gets them; for the one process that writes vectors.

    Others may take in articles and hide some meanwhile.
    """

    def __init__(self, catalog: CatalogWriter, embedder: RowEmbedder, vectors: VectorStore) -> None:
        """Take the catalog, what makes rows, and where they go; forget what a process that died has left."""
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        embedder.dimensions = catalog.dimensions
        catalog.drop_unsealed()

    def mark_lost(self) -> str | None:
        """Have the segments that the vector store has lost written anew; return the line that says so."""
        lost = _drift(self._catalog, self._vectors).lost
        if not lost:
            return None
        units = f"{self._catalog.lose(lost)} {self._embedder.unit}s"
        return f"The vectors of {units} were missing ({self._vectors.name}) and are written again."

    def write(self, on_progress: OnProgress | None, extent: Extent) -> None:
        """Embed the pending articles, segment by segment, each shown when it is full or due.

        Raises:
            EmbeddingError: the model failed; what it gave before is shown, the rest is pending as before.
            VectorsError: the Chroma server failed; the articles of this segment are pending as before.
        """
        pending = self._catalog.pending()
        is_wanted = extent != "none" and (extent != "few" or sum(pending.values()) <= FEW_ROWS[self._embedder.unit])
        while pending and is_wanted:
            self._write_segment(pending, on_progress)
            self._tidy()
            pending = self._catalog.pending()
            is_wanted = extent != "segment"
        self._tidy()

    def _tidy(self) -> None:
        """Merge and delete what may be, nothing while somebody reads an older generation; a server may fail to."""
        with suppress(VectorsError):
            if old := segments_to_merge(self._catalog.segments()):
                self._merge(old)
            if not clear_released_locks(self._catalog.folder, self._catalog.generation):
                self._vectors.drop(_drift(self._catalog, self._vectors).strays)

    def _write_segment(self, pending: Mapping[str, int], on_progress: OnProgress | None) -> None:
        """Embed articles and show their vectors; where the model fails, those that it gave before."""
        writer = self._vectors.writer(self._catalog.folder, self._catalog.new_segment())
        written: list[str] = []
        failure: EmbeddingError | None = None
        try:
            try:
                for article_ids, rows in self._embedded(pending, on_progress):
                    writer.add(rows)
                    written += article_ids
            except EmbeddingError as error:
                failure = error
            if failure and not written:
                raise failure
            writer.seal()
        except BaseException:
            writer.abandon()
            raise
        self._catalog.seal(writer.segment, writer.size, written, self._embedder.dimensions)
        if failure:
            raise failure

    def _embedded(
        self, pending: Mapping[str, int], on_progress: OnProgress | None
    ) -> Iterator[tuple[list[str], list[VectorRow]]]:
        """Yield articles with their rows until a segment is full or due; the next are embedded while some are added."""
        due = time.monotonic() + SEALED_SECONDS
        total = self._catalog.rows_to_hold()
        before = done = total - sum(pending.values())

        def tell() -> None:
            if on_progress:
                on_progress(Progress(done, total, "", "vectors"))

        def embedded(article_ids: Sequence[str]) -> list[VectorRow]:
            return self._embedder.rows(self._catalog.sliced(article_ids), tell)

        threads = DaemonThreads(1, "embedding")
        batches = _batches(pending)
        batch = next(batches, None)
        ahead = threads.submit(embedded, batch or ())
        try:
            while batch:
                rows = ahead.result()
                done += len(rows)
                is_full = done - before >= SEGMENT_ROWS or time.monotonic() >= due
                following = None if is_full else next(batches, None)
                if following:
                    ahead = threads.submit(embedded, following)
                yield batch, rows
                batch = following
            tell()
        finally:
            threads.shutdown(wait=False)

    def _merge(self, old: Sequence[int]) -> None:
        writer = self._vectors.writer(self._catalog.folder, self._catalog.new_segment())
        try:
            with closing(self._vectors.reader(self._catalog.folder, old)) as index:
                for segment in old:
                    for ids in _batches(self._catalog.held_in(segment)):
                        writer.add(self._rows_again(index, segment, ids))
                writer.seal()
        except BaseException:
            writer.abandon()
            raise
        self._catalog.merge(old, writer.segment, writer.size)

    def _rows_again(self, index: VectorReader, segment: int, ids: Sequence[str]) -> list[VectorRow]:
        articles = self._catalog.sliced(ids)
        row_ids = [row_id for one in articles for row_id in one.row_ids]
        vectors = {row.row_id: row.vector for rows in index.rows(segment, row_ids) for row in rows}
        return [row for one in articles for row in rows_again(one, vectors)]


def _batches(pending: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield ids of articles, as many at a time as make enough rows."""
    batch: list[str] = []
    rows = 0
    for article_id, own in pending.items():
        batch.append(article_id)
        rows += own
        if rows >= EMBEDDED_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def has_work(catalog: CatalogWriter, vectors: VectorStore) -> bool:
    """Tell whether vectors are missing, lost, left over, or better merged.

    Raises:
        VectorsError: the Chroma server cannot be used.
    """
    return bool(
        catalog.pending_count() or segments_to_merge(catalog.segments()) or _drift(catalog, vectors) != StoreDrift()
    )


def _drift(catalog: CatalogWriter, vectors: VectorStore) -> StoreDrift:
    """Return which segments of the vectors are there and do not count, and which count and are not there."""
    return vectors.compare(catalog.folder, {segment.segment: segment.size for segment in catalog.segments()})


def segments_to_merge(segments: Sequence[Segment]) -> list[int]:
    """Return the segments to write anew as one: the hollow ones, and the smallest of many.

    >>> segments_to_merge([Segment(1, 9000, 8000), Segment(2, 900, 400), Segment(3, 10, 10)])
    [2]
    """
    hollow = [segment for segment in segments if 2 * segment.live < segment.size]
    small = sorted(
        (segment for segment in segments if segment.live < SMALL_ROWS and segment not in hollow),
        key=lambda segment: segment.live,
    )
    few = small[:-SMALL_LEFT] if len(small) > MOST_SMALL else []
    sums = accumulate(segment.live for segment in few)
    many = [segment for segment, rows in zip(few, sums, strict=True) if rows <= SEGMENT_ROWS]
    return sorted(segment.segment for segment in hollow + many)
