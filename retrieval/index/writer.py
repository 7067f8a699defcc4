"""The catalog and the words while a refresh writes them: staged, committed, cleared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.embeddings.protocol import Unit
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.row_embedding import SlicedArticle, slices_of
from retrieval.types import Article, Passage

if TYPE_CHECKING:
    from retrieval.stores.lexical import WordIndex

WORDS_NAME = "words"  # in the folder of an index, beside the catalog
STAGED_PASSAGES = 512  # written down together, at most


class ArticleWriter:
    """The catalog and the words while one refresh writes them; the words are opened when first needed."""

    def __init__(self, catalog: CatalogWriter, unit: Unit) -> None:
        """Take the catalog, and what is to have a vector of its own."""
        self._catalog = catalog
        self._unit = unit
        self._words: WordIndex | None = None
        self._staged: list[SlicedArticle] = []

    def stage(self, article: Article, passages: Sequence[Passage]) -> None:
        """Take an article and its passages, unless it is there already; nobody is shown it yet."""
        staged = any(article.article_id == other.article.article_id for other in self._staged)
        if staged or self._catalog.holds(article.article_id):
            return
        self._staged.append(SlicedArticle(article, passages, slices_of(passages, self._unit)))
        if sum(len(one.passages) for one in self._staged) >= STAGED_PASSAGES:
            self._write()

    def commit(self) -> None:
        """Complete what was staged, durably."""
        self._write()
        if self._words:
            self._words.commit()

    def clear_orphans(self) -> None:
        """Remove what no file stands for any more, and what a refresh that died left unfinished."""
        orphans = self._catalog.orphans()
        if orphans:
            self._open_words().remove(orphans)
            self._open_words().commit()
        self._catalog.delete_orphans()

    def abandon(self) -> None:
        """Undo what was staged and not committed."""
        self._staged = []
        if self._words:
            self._words.rollback()
        self.clear_orphans()

    def close(self) -> None:
        """Close the words; what is not committed is orphaned."""
        if self._words:
            self._words.close()

    def _write(self) -> None:
        """Write what was staged: down in the catalog first, so that a crash leaves nothing that nobody knows of."""
        if not self._staged:
            return
        self._catalog.stage(self._staged)
        self._open_words().add([passage for one in self._staged for passage in one.passages])
        self._staged = []

    def _open_words(self) -> WordIndex:
        from retrieval.stores.lexical import WordIndex

        if self._words is None:
            self._words = WordIndex(self._catalog.folder / WORDS_NAME)
        return self._words
