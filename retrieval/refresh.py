"""Bring the index up to date with the articles' folder: read what changed, write it beside the old, then change over.

New passages go to the words and into a new segment of the vectors; the catalog then shows them, and hides what
they replace, in one transaction; only after that is the old removed. A process that dies on the way leaves
the old state to readers, and remnants that the next refresh clears first.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from retrieval.arabic import ANALYSIS_VERSION
from retrieval.articles import Overrides, read_article
from retrieval.catalog import CATALOG_VERSION, FILE_NAME, Catalog, Segment, advised, disk_full, unusable
from retrieval.changes import File, Look, digest_of, look
from retrieval.chunking import CHUNKING_VERSION, split
from retrieval.errors import ArticleError, EmbeddingError, IndexBusyError, IndexDamagedError
from retrieval.footers import check_footers
from retrieval.types import Article, OnProgress, Passage, Progress, RefreshReport

if TYPE_CHECKING:
    from retrieval.vectors import SegmentWriter
    from retrieval.words import WordIndex

LOCK_NAME = "writer.lock"
WORDS_NAME, VECTORS_NAME = "words", "vectors"  # in the folder of an index, beside the catalog
STAGED_PASSAGES = 512  # written down together, at most
STAGED_BATCHES = 2  # of the embedder; at most too, so that progress keeps pace with a slow model
EMBEDDED_PASSAGES = 256  # embedded together, and added to the vectors
SEGMENT_PASSAGES = 10_000  # a segment that has so many is sealed; adding slows down as it grows
SMALL_PASSAGES = 4_000  # segments with fewer are merged when there are many
MOST_SMALL, SMALL_LEFT = 8, 3  # small segments: how many there may be, and how many a merge leaves alone


class Embedder(Protocol):
    """What is used of an embedding model, as LlamaIndex's `BaseEmbedding` has it."""

    model_name: str
    embed_batch_size: int  # passages

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages."""
        ...

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question."""
        ...


def made_with(embedder: Embedder) -> dict[str, str]:
    """Return what decides how an index is made; an index made with anything else is another index."""
    return {
        "embedding": embedder.model_name,
        "chunking": str(CHUNKING_VERSION),
        "analysis": str(ANALYSIS_VERSION),
        "catalog": str(CATALOG_VERSION),
    }


def index_folder(data_dir: Path, made: Mapping[str, str]) -> Path:
    """Return the folder of the index that is made so."""
    fingerprint = hashlib.sha256(json.dumps(dict(made), sort_keys=True).encode()).hexdigest()[:8]
    return data_dir / f"index-{fingerprint}"


def check_dimensions(held: int | None, given: int, model_name: str, folder: Path) -> None:
    """Refuse a vector that does not go with those of the index in a folder, which has none where None is held.

    Raises:
        EmbeddingError: it has other dimensions.
    """
    if held not in (None, given):
        raise EmbeddingError(
            f"The embedding model {model_name} gives vectors of {given} dimensions, and the index holds {held}: "
            f"it is another model by the same name. Delete the folder {folder} and run: sanad index"
        )


def why_rebuilt(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return the line that says why an index cannot be used any more.

    >>> why_rebuilt({"embedding": "embedded-1", "analysis": "1"}, {"embedding": "embedded-1", "analysis": "2"})
    'The index was made with analysis 1, this is analysis 2: built anew beside the old one.'
    """
    parts = [part for part in new if old.get(part) != new[part]]
    before = " and ".join(f"{part} {old.get(part, 'unknown')}" for part in parts)
    now = " and ".join(f"{part} {new[part]}" for part in parts)
    return f"The index was made with {before}, this is {now}: built anew beside the old one."


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
    with closing(Catalog(place)) as catalog:
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
        catalog = Catalog(place) if (place / FILE_NAME).exists() else Catalog.create(place, made)
        stack.callback(catalog.close)
        rebuilt = None if catalog.generation else _reason(others, made)
        stores = stack.enter_context(closing(_Stores(catalog, embedder)))
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


def _read_files(seen: Look, folder: Path, stores: _Stores, on_progress: OnProgress | None) -> list[File]:
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


def _read_file(folder: Path, file: Path, blank: File, overrides: Overrides, stores: _Stores) -> File:
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


class _Stores:
    """The three stores while one refresh writes them; the words and the vectors are opened when first needed."""

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._vectors = catalog.folder / VECTORS_NAME
        self._words: WordIndex | None = None
        self._writer: SegmentWriter | None = None
        self._dimensions = catalog.dimensions
        self._staged: list[tuple[Article, list[Passage]]] = []

    def stage(self, article: Article) -> None:
        """Take an article into all stores, unless its text is there already; nobody is shown it yet."""
        staged = any(article.article_id == other.article_id for other, _ in self._staged)
        if staged or self._catalog.holds(article.article_id):
            return
        self._staged.append((article, split(article)))
        most = min(STAGED_PASSAGES, STAGED_BATCHES * self._embedder.embed_batch_size)
        if sum(len(passages) for _, passages in self._staged) >= most:
            self._write()

    def seal(self) -> None:
        """Complete what was staged, durably, in all stores."""
        self._write()
        if self._writer:
            with advised(self._catalog.folder):
                self._writer.seal()
                self._open_words().commit()
            self._catalog.seal(self._writer.segment, self._writer.size, self._dimensions)
            self._writer = None

    def clear_remnants(self) -> None:
        """Remove what no file stands for any more, and what a refresh that died left unfinished."""
        remnants = self._catalog.remnants()
        if remnants:
            with advised(self._catalog.folder):
                self._open_words().remove(remnants)
                self._open_words().commit()
        self._catalog.forget_remnants()
        self._sweep()

    def merge(self) -> None:
        """Write the segments that are hollow, or small and many, anew as one."""
        old = worth_merging(self._catalog.segments())
        if not old:
            return
        from retrieval.vectors import VectorIndex

        self._writer = self._new_segment()
        with closing(VectorIndex(self._vectors, old)) as index, advised(self._catalog.folder):
            for segment in old:
                for rows in index.rows(segment, self._catalog.passage_ids_in(segment)):
                    self._writer.add(rows)
            self._writer.seal()
        self._catalog.merge(old, self._writer.segment, self._writer.size)
        self._writer = None
        self._sweep()

    def close(self) -> None:
        """Let go of the stores; what is not sealed is a remnant."""
        if self._writer:
            self._writer.abandon()
        if self._words:
            self._words.close()

    def _write(self) -> None:
        """Write what was staged: down in the catalog first, so that a crash leaves nothing that nobody knows of."""
        from retrieval.vectors import Row

        if not self._staged:
            return
        self._writer = self._writer or self._new_segment()
        self._catalog.stage(self._writer.segment, self._staged)
        passages = [passage for _, of_one in self._staged for passage in of_one]
        with advised(self._catalog.folder):
            for at in range(0, len(passages), EMBEDDED_PASSAGES):
                batch = passages[at : at + EMBEDDED_PASSAGES]
                vectors = self._embedder.get_text_embedding_batch([passage.text for passage in batch])
                for given in {len(vector) for vector in vectors}:
                    check_dimensions(self._dimensions, given, self._embedder.model_name, self._catalog.folder)
                    self._dimensions = given
                self._writer.add(
                    [Row(passage.passage_id, vector) for passage, vector in zip(batch, vectors, strict=True)]
                )
            self._open_words().add(passages)
        self._staged = []
        if self._writer.size >= SEGMENT_PASSAGES:
            self.seal()

    def _new_segment(self) -> SegmentWriter:
        from retrieval.vectors import SegmentWriter

        return SegmentWriter(self._vectors, self._catalog.new_segment())

    def _open_words(self) -> WordIndex:
        from retrieval.words import WordIndex

        if self._words is None:
            check_footers(self._catalog.folder / WORDS_NAME)
            self._words = WordIndex(self._catalog.folder / WORDS_NAME)
        return self._words

    def _sweep(self) -> None:
        """Delete the folders of segments that do not count; one that is held open now will go the next time."""
        counted = {str(segment) for segment in self._catalog.sealed()}
        for path in self._vectors.iterdir() if self._vectors.exists() else ():
            if path.name not in counted:
                shutil.rmtree(path, ignore_errors=True)


def worth_merging(segments: Sequence[Segment]) -> list[int]:
    """Return the segments to write anew as one: the hollow ones, and the smallest of many.

    >>> worth_merging([Segment(1, 9000, 8000), Segment(2, 900, 400), Segment(3, 10, 10)])
    [2]
    """
    hollow = [segment for segment in segments if 2 * segment.live < segment.size]
    small = sorted(
        (segment for segment in segments if segment.live < SMALL_PASSAGES and segment not in hollow),
        key=lambda segment: segment.live,
    )
    many = small[:-SMALL_LEFT] if len(small) > MOST_SMALL else []
    return sorted(segment.segment for segment in hollow + many)


# Around the work.


def _others(data_dir: Path, place: Path) -> list[Path]:
    """Return the folders of indexes that are made otherwise."""
    return [path for path in sorted(data_dir.glob("index-*")) if path != place]


def _reason(others: Sequence[Path], made: Mapping[str, str]) -> str | None:
    """Return why an index is built although there are others; None where there is none to be read."""
    for other in others:
        with suppress(IndexDamagedError, FileNotFoundError), closing(Catalog(other)) as catalog:
            if catalog.generation:
                return why_rebuilt(catalog.made_with, made)
    return None


def _report(catalog: Catalog, before: Mapping[str, File]) -> RefreshReport:
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
