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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from retrieval.advice import disk_full, unusable
from retrieval.articles import Overrides, read_article
from retrieval.changes import File, Look, digest_of, look
from retrieval.errors import ArticleError, IndexBusyError, IndexDamagedError
from retrieval.fingerprint import Embedder, index_folder, made_with, why_rebuilt
from retrieval.ledger import Ledger
from retrieval.stores import Stores
from retrieval.tables import FILE_NAME
from retrieval.types import OnProgress, Progress, RefreshReport

if TYPE_CHECKING:
    pass

LOCK_NAME = "writer.lock"


def refresh(
    data_dir: Path, embedder: Embedder, folder: Path, on_progress: OnProgress | None, wait: float
) -> RefreshReport:
    """Make the index in a data folder show what an articles' folder holds; see `Index.refresh`."""
    started = time.perf_counter()
    made = made_with(embedder)
    with _translated(data_dir):
        report = _report_if_unchanged(data_dir, made, folder)
        if report is None:
            with _writing(data_dir, wait):
                report = _report_if_unchanged(data_dir, made, folder)  # another process may have done it meanwhile
                if report is None:
                    report = _update(data_dir, made, embedder, folder, on_progress)
    return replace(report, seconds=time.perf_counter() - started)


def _report_if_unchanged(data_dir: Path, made: Mapping[str, str], folder: Path) -> RefreshReport | None:
    """Return the report of a refresh that has nothing to do; None where there is something."""
    place = index_folder(data_dir, made)
    if not (place / FILE_NAME).exists() or _others(data_dir, place):
        return None
    with closing(Ledger(place)) as catalog:
        if not (catalog.generation and catalog.is_tidy()):
            return None
        seen = look(folder, catalog.files(), catalog.overrides_digest)
        return _report(catalog, seen.known) if seen.finds_nothing else None


# The work itself, under the lock.


def _update(
    data_dir: Path, made: Mapping[str, str], embedder: Embedder, folder: Path, on_progress: OnProgress | None
) -> RefreshReport:
    """Bring the catalog and both stores up to date, and report."""
    place = index_folder(data_dir, made)
    others = _others(data_dir, place)
    with ExitStack() as stack:
        catalog = Ledger(place) if (place / FILE_NAME).exists() else Ledger.create(place, made)
        stack.callback(catalog.close)
        rebuilt = None if catalog.generation else _reason(others, made)
        stores = stack.enter_context(closing(Stores(catalog, embedder)))
        if not catalog.is_tidy():
            stores.clear_remnants()
        seen = look(folder, catalog.files(), catalog.overrides_digest)
        files = _read_files(seen, folder, stores, on_progress)
        if seen.gone or seen.restated or any(_is_news(file, seen.known) for file in files) or not catalog.is_tidy():
            stores.seal()
            catalog.publish(files, seen.gone, seen.overrides_digest)
            stores.clear_remnants()
            stores.merge()
        else:
            catalog.touch(files)
        for other in others:
            shutil.rmtree(other, ignore_errors=True)
        return replace(_report(catalog, seen.known), rebuilt=rebuilt)


def _read_files(seen: Look, folder: Path, stores: Stores, on_progress: OnProgress | None) -> list[File]:
    """Read the files that may have changed, stage the articles that are new, and return what each file stands for."""
    files = []
    for done, (file, path, stamp) in enumerate(seen.to_read, 1):
        now, digest = time.time_ns(), digest_of(file, stamp)
        known = seen.known.get(path)
        if known and digest and known.digest == digest and not seen.restated:
            files.append(replace(known, stamp=stamp, read_ns=now))
        else:
            files.append(_read_file(folder, file, File(path, stamp, now, digest), seen.overrides, stores))
        if on_progress:
            on_progress(Progress(done, len(seen.to_read), path))
    return files


def _read_file(folder: Path, file: Path, blank: File, overrides: Overrides, stores: Stores) -> File:
    """Return what a file stands for; a bad file stands for nothing, even if it was good before."""
    try:
        article = read_article(folder, file, overrides)
    except ArticleError as error:
        return replace(blank, reason=str(error))
    stores.stage(article)
    return replace(
        blank,
        article_id=article.article_id,
        title=article.title,
        source=article.source,
        author=article.author,
        published=article.published,
    )


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
        with suppress(IndexDamagedError, FileNotFoundError), closing(Ledger(other)) as catalog:
            if catalog.generation:
                return why_rebuilt(catalog.made_with, made)
    return None


def _report(catalog: Ledger, before: Mapping[str, File]) -> RefreshReport:
    """Return what a refresh did, each file in one place."""
    after = {path: file for path, file in catalog.files().items() if file.article_id}
    duplicates = catalog.duplicates()
    shown = sorted(after.keys() - set(duplicates))
    old = {path: file for path, file in before.items() if file.article_id}
    new = [path for path in shown if path not in old]
    changed = [path for path in shown if path in old and old[path].shown != after[path].shown]
    failures = catalog.failures()
    failed = {failure.path for failure in failures}
    return RefreshReport(
        new=tuple(new),
        changed=tuple(changed),
        deleted=tuple(sorted(old.keys() - after.keys() - failed)),
        unchanged=len(shown) - len(new) - len(changed),
        duplicates=tuple(duplicates),
        failed=tuple(failures),
        passages=catalog.passage_count(),
    )


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
