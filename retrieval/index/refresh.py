"""Bring the index up to date with the articles' folder: read what changed, write it beside the old, then change over.

New articles go to the words; the catalog then shows them, and hides what they replace, in one transaction; only after
that is the old removed. Their vectors follow, segment by segment, each shown when it is complete. A process that dies
on the way leaves what readers were shown last, and orphans that the next refresh clears first.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.corpus.isolation import FileReader, without_bounded_files
from retrieval.corpus.origins import origins_of, read_origins
from retrieval.corpus.read_changed import ChangedFiles
from retrieval.corpus.scan import File, FolderScan, scan
from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmbeddingError, IndexBusyError, IndexDamagedError, SanadError, VectorsError
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.manifest import build_config, explain_rebuild, index_folder
from retrieval.index.report import report_of
from retrieval.index.row_embedding import RowEmbedder
from retrieval.index.vector_writer import PendingVectors, has_work
from retrieval.index.writer import ArticleWriter
from retrieval.stores.database import FILE_NAME
from retrieval.stores.recovery_hints import store_errors
from retrieval.stores.vectors.embedded_store import EMBEDDED_STORE
from retrieval.stores.vectors.protocol import VectorStore
from retrieval.types import Extent, OnProgress, RefreshReport

LOCK_NAME = "writer.lock"  # of the catalog and the words
VECTORS_LOCK_NAME = "vectors.lock"


def refresh(
    data_dir: Path,
    embedder: Embedder,
    folder: Path,
    on_progress: OnProgress | None,
    wait: float,
    *,
    vectors: VectorStore = EMBEDDED_STORE,
    reader: FileReader | None = None,
    extent: Extent = "all",
) -> RefreshReport:
    """Make the index in a data folder show what an articles' folder holds; see `Index.refresh`.

    Without a reader, files are read by one that ends with the refresh.
    """
    started = time.perf_counter()
    with ExitStack() as stack, store_errors(data_dir):
        reader = reader or stack.enter_context(FileReader())
        one = _Refresh(data_dir, folder, embedder, vectors, reader, build_config(embedder, vectors))
        first = one.look()
        report = first.report if first else None
        if report is None:
            data_dir.mkdir(parents=True, exist_ok=True)
            with _locked(data_dir / LOCK_NAME, wait):
                report = one.take_in(first, on_progress)
        report = one.with_vectors(report, on_progress, wait, extent)
    return replace(report, seconds=time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _FirstLook:
    """The folder beside the index, before the lock was taken."""

    generation: int
    seen: FolderScan
    report: RefreshReport | None  # where there is nothing to do


@dataclass(frozen=True, slots=True)
class _Refresh:
    """One refresh: the folder that it reads, and the index that it writes."""

    data_dir: Path
    folder: Path
    embedder: Embedder
    vectors: VectorStore
    reader: FileReader
    config: Mapping[str, str]

    @property
    def index_folder(self) -> Path:
        return index_folder(self.data_dir, self.config)

    def look(self) -> _FirstLook | None:
        """Look what has changed; None where there is no index yet, or it is not in order."""
        if not (self.index_folder / FILE_NAME).exists() or self._other_indexes():
            return None
        with closing(CatalogWriter(self.index_folder)) as catalog:
            if not (catalog.generation and catalog.is_tidy()):
                return None
            generation, seen = catalog.generation, self._scan(catalog)
            is_same = seen.finds_nothing and seen.origins_digest == catalog.origins_digest
            report = report_of(seen.known, seen.known, (), catalog.passage_count()) if is_same else None
            return _FirstLook(generation, seen, report)

    def take_in(self, first: _FirstLook | None, on_progress: OnProgress | None) -> RefreshReport:
        """Bring the catalog and the words up to date, under the lock, and report."""
        with (
            closing(self._open_catalog()) as catalog,
            closing(ArticleWriter(catalog, self.embedder.unit)) as stores,
        ):
            rebuilt = None if catalog.generation else self._why_rebuilt()
            is_tidy = catalog.is_tidy()
            if not is_tidy:
                stores.clear_orphans()
            is_current = first and is_tidy and first.generation == catalog.generation
            seen = first.seen if first and is_current else self._scan(catalog)  # another process may have written
            changed = ChangedFiles(seen, self.folder, self.reader)
            try:
                for article, passages in changed.articles(on_progress):
                    stores.stage(article, passages)
            except BaseException:
                self.reader.close()  # what it was asked for is no longer wanted
                with suppress(SanadError, OSError):  # the next refresh would do it too
                    stores.abandon()
                raise
            gone = {*seen.gone, *(path for path in changed.vanished if path in seen.known)}
            is_news = gone or seen.restated or any(_is_news(file, seen.known) for file in changed.files)
            after = {path: file for path, file in seen.known.items() if path not in gone}
            after |= {file.path: file for file in changed.files}
            if is_news or not catalog.is_tidy() or seen.origins_digest != catalog.origins_digest:
                stores.commit()
                digests = {path: file.digest for path, file in after.items() if not file.container}
                origins = origins_of(read_origins(self.folder), digests)
                catalog.publish(changed.files, gone, seen.overrides_text, origins, seen.origins_digest)
                stores.clear_orphans()
            elif changed.files:
                catalog.record_unchanged(changed.files)
            report = report_of(seen.known, after, changed.unsettled, catalog.passage_count())
            return replace(report, rebuilt=rebuilt)

    def with_vectors(
        self, report: RefreshReport, on_progress: OnProgress | None, wait: float, extent: Extent
    ) -> RefreshReport:
        """Embed what is pending, to some extent, and say in the report what is left, and why.

        It has a lock of its own: others take in articles meanwhile. Who wants all waits for it.
        """
        restored = failure = None
        with closing(CatalogWriter(self.index_folder)) as catalog:
            try:
                if has_work(catalog, self.vectors):
                    with _locked(self.data_dir / VECTORS_LOCK_NAME, wait if extent == "all" else 0.0):
                        stores = PendingVectors(catalog, RowEmbedder(self.embedder, self.index_folder), self.vectors)
                        restored = stores.mark_lost()
                        stores.write(on_progress, extent)
            except (EmbeddingError, VectorsError) as error:
                failure = str(error)
            except IndexBusyError:  # what is pending is being embedded by another process
                pass
            pending = catalog.pending_count()
        if not pending and (others := self._other_indexes()):
            with _locked(self.data_dir / LOCK_NAME, wait):
                for other in others:
                    shutil.rmtree(other, ignore_errors=True)
        return replace(report, rebuilt=report.rebuilt or restored, pending=pending, failure=failure)

    def _scan(self, catalog: CatalogWriter) -> FolderScan:
        known = without_bounded_files(catalog.files(), self.reader.bounds)
        return scan(self.folder, known, catalog.overrides_text)

    def _open_catalog(self) -> CatalogWriter:
        is_there = (self.index_folder / FILE_NAME).exists()
        return CatalogWriter(self.index_folder) if is_there else CatalogWriter.create(self.index_folder, self.config)

    def _other_indexes(self) -> list[Path]:
        """Return the folders of indexes that are made otherwise."""
        return [path for path in sorted(self.data_dir.glob("index-*")) if path != self.index_folder]

    def _why_rebuilt(self) -> str | None:
        """Return why an index is built although there are others; None where there is none to be read."""
        for other in self._other_indexes():
            with suppress(IndexDamagedError, FileNotFoundError), closing(CatalogWriter(other)) as catalog:
                if catalog.generation:
                    return explain_rebuild(catalog.build_config, self.config)
        return None


def _is_news(file: File, known: Mapping[str, File]) -> bool:
    """Tell whether readers see anything else of a file than before."""
    return file.path not in known or known[file.path].shown != file.shown


@contextmanager
def _locked(lock: Path, wait: float) -> Iterator[None]:
    """Be the one process that writes; the system takes the lock from a process that dies."""
    try:
        with FileLock(lock, timeout=wait):
            yield
    except Timeout as error:
        raise IndexBusyError(
            f"Another process is writing the index and still holds {lock} after {wait:g} seconds. "
            "Wait until it has finished, or stop it; then try again."
        ) from error
