"""The vectors of an index, written after its words: segment by segment, each shown as soon as it is complete.

What a process that dies leaves is a segment that does not count; its articles are pending as before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import accumulate

from retrieval.concurrency.threads import DaemonThreads
from retrieval.errors import VectorsError
from retrieval.index.catalog_writer import CatalogWriter, Segment
from retrieval.index.row_embedding import RowEmbedder, rows_again
from retrieval.index.writer import drift, drop_strays
from retrieval.stores.recovery_hints import advised
from retrieval.stores.vectors.protocol import VectorReader, VectorRow, VectorStore
from retrieval.types import OnProgress, Progress

EMBEDDED_ROWS = 256  # embedded while as many are added, which Chroma takes best at once
SEALED_SECONDS = 60.0  # after which a segment is sealed, however small; a death loses no more work
SEGMENT_ROWS = 25_000  # a segment that has so many is sealed; a question asks each, adding slows as one grows
SMALL_ROWS = 10_000  # segments with fewer are merged when there are many
MOST_SMALL, SMALL_LEFT = 8, 3  # small segments: how many there may be, and how many a merge leaves alone


class PendingVectors:
    """The articles that have no vectors yet, and the stores that get them; for the one process that writes."""

    def __init__(self, catalog: CatalogWriter, embedder: RowEmbedder, vectors: VectorStore) -> None:
        """Take the catalog, which must be locked, what makes rows, and where they go."""
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        embedder.dimensions = catalog.dimensions

    def mark_lost(self) -> str | None:
        """Have the segments that the vector store has lost written anew; return the line that says so."""
        lost = drift(self._catalog, self._vectors).lost
        if not lost:
            return None
        units = f"{self._catalog.lose(lost)} {self._embedder.unit}s"
        return f"The vectors of {units} were missing ({self._vectors.name}) and are written again."

    def write_segment(self, on_progress: OnProgress | None = None) -> bool:
        """Embed the pending articles until a segment is full or due, and show it; return whether any is left.

        Raises:
            EmbeddingError: the model failed; the articles of this segment are pending as before.
            VectorsError: the Chroma server failed; likewise.
        """
        if pending := self._catalog.pending():
            self._write(pending, on_progress)
        return bool(self._catalog.pending_count())

    def tidy(self) -> None:
        """Merge and delete what may be; a server that fails does it the next time."""
        with suppress(VectorsError):
            if old := segments_to_merge(self._catalog.segments()):
                self._merge(old)
        drop_strays(self._catalog, self._vectors)

    def _write(self, pending: Mapping[str, int], on_progress: OnProgress | None) -> None:
        """Embed one batch while the one before it is added."""
        writer = self._vectors.writer(self._catalog.folder, self._catalog.new_segment())
        due = time.monotonic() + SEALED_SECONDS
        total = self._catalog.rows_to_hold()
        done = total - sum(pending.values())
        written: list[str] = []

        def tell() -> None:
            if on_progress:
                on_progress(Progress(done, total, "", "vectors"))

        def embedded(ids: Sequence[str]) -> list[VectorRow]:
            return self._embedder.rows(self._catalog.sliced(ids), tell)

        threads = DaemonThreads(1, "embedding")
        try:
            with advised(self._catalog.folder):
                batches = list(_batches(pending))
                ahead = threads.submit(embedded, batches[0])
                for at, batch in enumerate(batches, 1):
                    rows = ahead.result()
                    is_last = at == len(batches) or writer.size >= SEGMENT_ROWS or time.monotonic() >= due
                    if not is_last:
                        ahead = threads.submit(embedded, batches[at])
                    writer.add(rows)
                    written += batch
                    done += len(rows)
                    if is_last:
                        break
                writer.seal()
        except BaseException:
            writer.abandon()
            raise
        finally:
            threads.shutdown(wait=False)
        tell()
        self._catalog.seal(writer.segment, writer.size, written, self._embedder.dimensions)

    def _merge(self, old: Sequence[int]) -> None:
        writer = self._vectors.writer(self._catalog.folder, self._catalog.new_segment())
        try:
            with closing(self._vectors.reader(self._catalog.folder, old)) as index, advised(self._catalog.folder):
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
