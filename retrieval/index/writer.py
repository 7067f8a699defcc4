"""The three stores while a refresh writes them: staged, sealed, cleared and merged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import VectorsError
from retrieval.index.catalog_writer import CatalogWriter, Segment
from retrieval.index.manifest import check_dimensions
from retrieval.stores.generation_locks import clear_released_locks
from retrieval.stores.recovery_hints import advised
from retrieval.stores.vectors.protocol import EmbeddedPassage, StoreDrift, VectorStore, VectorWriter
from retrieval.stores.vectors.rows import row_of
from retrieval.types import Article, Passage

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex
    from retrieval.stores.vectors.protocol import Vectors

WORDS_NAME = "words"  # in the folder of an index, beside the catalog
STAGED_PASSAGES = 512  # written down together, at most
STAGED_BATCHES = 2  # of the embedder; at most too, so that progress keeps pace with a slow model
EMBEDDED_PASSAGES = 256  # embedded together, and added to the vectors
SEGMENT_PASSAGES = 25_000  # a segment that has so many is sealed; a question asks each, adding slows as one grows
SMALL_PASSAGES = 4_000  # segments with fewer are merged when there are many
MOST_SMALL, SMALL_LEFT = 8, 3  # small segments: how many there may be, and how many a merge leaves alone


class IndexWriter:
    """The three stores while one refresh writes them; the words and the vectors are opened when first needed."""

    def __init__(self, catalog: CatalogWriter, embedder: Embedder, vectors: VectorStore) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._vectors = vectors
        self._words: WordIndex | None = None
        self._writer: VectorWriter | None = None
        self._dimensions = catalog.dimensions
        self._staged: list[tuple[Article, Sequence[Passage]]] = []

    def stage(self, article: Article, passages: Sequence[Passage]) -> None:
        """Take an article and its passages into all stores, unless it is there already; nobody is shown it yet."""
        staged = any(article.article_id == other.article_id for other, _ in self._staged)
        if staged or self._catalog.holds(article.article_id):
            return
        self._staged.append((article, passages))
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

    def clear_orphans(self) -> None:
        """Remove what no file stands for any more, and what a refresh that died left unfinished."""
        orphans = self._catalog.orphans()
        if orphans:
            with advised(self._catalog.folder):
                self._open_words().remove(orphans)
                self._open_words().commit()
        self._catalog.delete_orphans()
        self.drop_strays()

    def restore(self) -> str | None:
        """Write the segments anew that the vector store has lost; return the line that says so, None if none is."""
        lost = drift(self._catalog, self._vectors).lost
        if not lost:
            return None
        self._writer = self._new_segment()
        ids = [passage_id for segment in lost for passage_id in self._catalog.passage_ids_in(segment)]
        for at in range(0, len(ids), EMBEDDED_PASSAGES):
            passages = list(self._catalog.passages(ids[at : at + EMBEDDED_PASSAGES]).values())
            self._writer.add(self._rows(passages, self._embedded(passages)))
        self._writer.seal()
        self._catalog.merge(lost, self._writer.segment, self._writer.size)
        self._writer = None
        return f"The vectors of {len(ids)} passages were missing ({self._vectors.name}) and were written again."

    def merge(self) -> None:
        """Write the segments that are hollow, or small and many, anew as one; a server that fails does it next time."""
        old = segments_to_merge(self._catalog.segments())
        if old:
            with suppress(VectorsError):
                self._merge(old)

    def _merge(self, old: Sequence[int]) -> None:
        self._writer = self._new_segment()
        with closing(self._vectors.reader(self._catalog.folder, old)) as index, advised(self._catalog.folder):
            for segment in old:
                for rows in index.rows(segment, self._catalog.passage_ids_in(segment)):
                    vectors = {row.passage_id: row.vector for row in rows}
                    passages = self._catalog.passages(list(vectors))
                    self._writer.add(self._rows(list(passages.values()), [vectors[own] for own in passages]))
            self._writer.seal()
        self._catalog.merge(old, self._writer.segment, self._writer.size)
        self._writer = None
        self.drop_strays()

    def abandon(self) -> None:
        """Undo what was staged and not sealed."""
        self._staged = []
        if self._writer:
            self._writer.abandon()
            self._writer = None
        if self._words:
            self._words.rollback()
        self.clear_orphans()

    def close(self) -> None:
        """Close the stores; what is not sealed is orphaned."""
        if self._writer:
            self._writer.abandon()
        if self._words:
            self._words.close()

    def _write(self) -> None:
        """Write what was staged: down in the catalog first, so that a crash leaves nothing that nobody knows of."""
        if not self._staged:
            return
        self._writer = self._writer or self._new_segment()
        self._catalog.stage(self._writer.segment, self._staged)
        passages = [passage for _, of_one in self._staged for passage in of_one]
        with advised(self._catalog.folder):
            for at in range(0, len(passages), EMBEDDED_PASSAGES):
                batch = passages[at : at + EMBEDDED_PASSAGES]
                self._writer.add(self._rows(batch, self._embedded(batch)))
            self._open_words().add(passages)
        self._staged = []
        if self._writer.size >= SEGMENT_PASSAGES:
            self.seal()

    def _rows(self, passages: Sequence[Passage], vectors: Sequence[Sequence[float] | Vectors]) -> list[EmbeddedPassage]:
        """Return the rows of passages, whose articles are being staged or are in the catalog."""
        articles = {article.article_id: article for article, _ in self._staged}
        for article_id in {passage.article_id for passage in passages} - articles.keys():
            if article := self._catalog.article(article_id):
                articles[article_id] = article
        return [
            row_of(passage, articles[passage.article_id], vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]

    def _embedded(self, passages: Sequence[Passage]) -> list[list[float]]:
        vectors = self._embedder.get_text_embedding_batch([passage.text for passage in passages])
        for given in {len(vector) for vector in vectors}:
            check_dimensions(self._dimensions, given, self._embedder.model_name, self._catalog.folder)
            self._dimensions = given
        return vectors

    def _new_segment(self) -> VectorWriter:
        return self._vectors.writer(self._catalog.folder, self._catalog.new_segment())

    def _open_words(self) -> WordIndex:
        from retrieval.stores.lexical import WordIndex

        if self._words is None:
            self._words = WordIndex(self._catalog.folder / WORDS_NAME)
        return self._words

    def drop_strays(self) -> None:
        """Delete the segments that do not count; while somebody reads an older generation, none."""
        if not clear_released_locks(self._catalog.folder, self._catalog.generation):
            with suppress(VectorsError):  # they can wait
                self._vectors.drop(drift(self._catalog, self._vectors).strays)


def drift(catalog: CatalogWriter, vectors: VectorStore) -> StoreDrift:
    """Return which segments of the vectors are there and do not count, and which count and are not there."""
    return vectors.compare(catalog.folder, {segment.segment: segment.size for segment in catalog.segments()})


def segments_to_merge(segments: Sequence[Segment]) -> list[int]:
    """Return the segments to write anew as one: the hollow ones, and the smallest of many.

    >>> segments_to_merge([Segment(1, 9000, 8000), Segment(2, 900, 400), Segment(3, 10, 10)])
    [2]
    """
    hollow = [segment for segment in segments if 2 * segment.live < segment.size]
    small = sorted(
        (segment for segment in segments if segment.live < SMALL_PASSAGES and segment not in hollow),
        key=lambda segment: segment.live,
    )
    many = small[:-SMALL_LEFT] if len(small) > MOST_SMALL else []
    return sorted(segment.segment for segment in hollow + many)
