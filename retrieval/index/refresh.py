"""Bring the index up to date with the articles' folder: read what changed, write it beside the old, then change over.

New passages go to the words and into a new segment of the vectors; the catalog then shows them, and hides what
they replace, in one transaction; only after that is the old removed. A process that dies on the way leaves
the old state to readers, and remnants that the next refresh clears first.
"""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.corpus.isolation import FileReader, without_slow_files
from retrieval.corpus.read_changed import read_changed_files
from retrieval.corpus.scan import File, FolderScan, scan
from retrieval.embeddings.protocol import Embedder
from retrieval.errors import IndexBusyError, IndexDamagedError, SanadError
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.manifest import build_config, explain_rebuild, index_folder
from retrieval.index.report import report_of
from retrieval.index.writer import IndexWriter, compared
from retrieval.stores.database import FILE_NAME
from retrieval.stores.recovery_hints import disk_full, unusable
from retrieval.stores.vectors.embedded_store import EMBEDDED_STORE
from retrieval.stores.vectors.protocol import StoreDrift, VectorStore
from retrieval.types import OnProgress, RefreshReport

LOCK_NAME = "writer.lock"


def refresh(
    data_dir: Path,
    embedder: Embedder,
    folder: Path,
    on_progress: OnProgress | None,
    wait: float,
    *,
    vectors: VectorStore = EMBEDDED_STORE,
    reader: FileReader | None = None,
) -> RefreshReport:
    """Make the index in a data folder show what an articles' folder holds; see `Index.refresh`.

    Without a reader, files are read by one that ends with the refresh.
    """
    started = time.perf_counter()
    made = build_config(embedder, vectors)
    with ExitStack() as stack, _translated(data_dir):
        reader = reader or stack.enter_context(FileReader())
        first = _first_look(data_dir, made, folder, vectors, reader)
        if first and first.report:
            report = first.report
        else:
            with _writing(data_dir, wait):
                report = _update(
                    data_dir, made, embedder, folder, vectors, on_progress=on_progress, first=first, reader=reader
                )
    return replace(report, seconds=time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _FirstLook:
    """The folder beside the index, before the lock was taken."""

    generation: int
    seen: FolderScan
    report: RefreshReport | None  # where there is nothing to do


def _first_look(
    data_dir: Path, made: Mapping[str, str], folder: Path, vectors: VectorStore, reader: FileReader
) -> _FirstLook | None:
    """Look what has changed; None where there is no index yet, or it is not in order."""
    place = index_folder(data_dir, made)
    if not (place / FILE_NAME).exists() or _others(data_dir, place):
        return None
    with closing(CatalogWriter(place)) as catalog:
        if not (catalog.generation and catalog.is_tidy()):
            return None
        generation = catalog.generation
        seen = scan(folder, without_slow_files(catalog.files(), reader.seconds), catalog.overrides_digest)
        is_done = seen.finds_nothing and compared(catalog, vectors) == StoreDrift()
        return _FirstLook(generation, seen, _report(catalog, seen, seen.known, ()) if is_done else None)


# The work itself, under the lock.


def _update(
    data_dir: Path,
    made: Mapping[str, str],
    embedder: Embedder,
    folder: Path,
    vectors: VectorStore,
    *,
    on_progress: OnProgress | None,
    first: _FirstLook | None,
    reader: FileReader,
) -> RefreshReport:
    """Bring the catalog and both stores up to date, and report."""
    place = index_folder(data_dir, made)
    others = _others(data_dir, place)
    with ExitStack() as stack:
        catalog = CatalogWriter(place) if (place / FILE_NAME).exists() else CatalogWriter.create(place, made)
        stack.callback(catalog.close)
        rebuilt = None if catalog.generation else _reason(others, made)
        stores = stack.enter_context(closing(IndexWriter(catalog, embedder, vectors)))
        is_tidy = catalog.is_tidy()
        if is_tidy:
            stores.sweep()
        else:
            stores.clear_remnants()
        restored = stores.restore()
        if first and is_tidy and first.generation == catalog.generation:
            seen = first.seen
        else:  # another process has written meanwhile
            seen = scan(folder, without_slow_files(catalog.files(), reader.seconds), catalog.overrides_digest)
        try:
            taken = read_changed_files(seen, folder, stores.stage, on_progress, reader)
        except BaseException:
            with suppress(SanadError, OSError):  # the next refresh would do it too
                stores.abandon()
            raise
        gone = {*seen.gone, *(path for path in taken.vanished if path in seen.known)}
        if gone or seen.restated or any(_is_news(file, seen.known) for file in taken.files) or not catalog.is_tidy():
            stores.seal()
            catalog.publish(taken.files, gone, seen.overrides_digest)
            stores.clear_remnants()
            stores.merge()
        elif taken.files:
            catalog.touch(taken.files)
        for other in others:
            shutil.rmtree(other, ignore_errors=True)
        after = {path: file for path, file in seen.known.items() if path not in gone}
        after |= {file.path: file for file in taken.files}
        return replace(_report(catalog, seen, after, taken.unsettled), rebuilt=rebuilt or restored)


def _report(
    catalog: CatalogWriter, seen: FolderScan, after: Mapping[str, File], unsettled: Sequence[str]
) -> RefreshReport:
    return report_of(seen.known, after, unsettled, catalog.passage_count())


def _is_news(file: File, known: Mapping[str, File]) -> bool:
    """Tell whether readers see anything else of a file than before."""
    return file.path not in known or known[file.path].shown != file.shown


# Around the work.


def _others(data_dir: Path, place: Path) -> list[Path]:
    """Return the folders of indexes that are made otherwise."""
    return [path for path in sorted(data_dir.glob("index-*")) if path != place]


def _reason(others: Sequence[Path], made: Mapping[str, str]) -> str | None:
    """Return why an index is built although there are others; None where there is none to be read."""
    for other in others:
        with suppress(IndexDamagedError, FileNotFoundError), closing(CatalogWriter(other)) as catalog:
            if catalog.generation:
                return explain_rebuild(catalog.build_config, made)
    return None


@contextmanager
def _writing(data_dir: Path, wait: float) -> Iterator[None]:
    """Be the one process that writes; the system takes the lock from a process that dies."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise unusable(data_dir, error) from error
    lock = data_dir / LOCK_NAME
    try:
        with FileLock(lock, timeout=wait):
            yield
    except Timeout as error:
        raise IndexBusyError(
            f"Another process is writing the index and still holds {lock} after {wait:g} seconds. "
            "Wait until it has finished, or stop it; then try again."
        ) from error


@contextmanager
def _translated(data_dir: Path) -> Iterator[None]:
    """Raise what the data folder's disk raises as one of our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(data_dir) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}:
            raise unusable(data_dir, error) from error
        raise
