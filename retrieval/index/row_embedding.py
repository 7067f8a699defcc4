"""From articles to the rows of the vectors: which slices have one, and of which texts its vector is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from retrieval.embeddings.protocol import Embedder, Unit
from retrieval.index.manifest import check_dimensions
from retrieval.nlp.analysis import normalise
from retrieval.nlp.sentences import sentences
from retrieval.stores.vectors.exact import VectorMatrix, at_unit_length
from retrieval.stores.vectors.protocol import VectorRow
from retrieval.stores.vectors.rows import row_of
from retrieval.types import Article, Passage, Span

MOST_TEXTS_KEPT = 8_192  # texts with their vectors, in 20 MB: agencies' sentences stand in many articles


class SlicedArticle(NamedTuple):
    """An article, its passages, and those slices of it that have a row of the vectors each, all in its order."""

    article: Article
    passages: Sequence[Passage]
    slices: Sequence[Span]

    @property
    def row_ids(self) -> list[str]:
        """Return the ids of the rows."""
        return [f"{self.article.article_id}:{start}-{end}" for start, end in self.slices]


def slices_of(passages: Sequence[Passage], unit: Unit) -> list[Span]:
    """Return the slices of an article that have a row each: its passages, or the sentences of these."""
    if unit == "passage":
        return [Span(passage.start, passage.end) for passage in passages]
    return [
        Span(passage.start + start, passage.start + end)
        for passage in passages
        for start, end in sentences(passage.text)
    ]


def embedded_texts(text: str, title: str | None, unit: Unit) -> tuple[str, ...]:
    r"""Return the texts of which a row's vector is made: a sentence bare, and below the headline that it leaves out.

    >>> embedded_texts("قال الوزير: نعم.", "لقاء سوتشي", "sentence")
    ('قال الوزير: نعم.', 'لقاء سوتشي\nقال الوزير: نعم.')
    """
    if unit == "passage" or not title or normalise(title) in normalise(text):
        return (text,)
    return text, f"{title}\n{text}"


def combined(vectors: Sequence[VectorMatrix]) -> VectorMatrix:
    """Return the one vector of a row: that of its only text, or the direction between those of several."""
    return vectors[0] if len(vectors) == 1 else at_unit_length(np.sum([at_unit_length(own) for own in vectors], axis=0))


class RowEmbedder:
    """Makes the rows of articles with their vectors, and remembers those of the last texts."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Take the model, and the index's folder."""
        self.unit = embedder.unit
        self._embedder = embedder
        self._folder = folder
        self.dimensions: int | None = None  # of the vectors, once that is known
        self._known: dict[str, VectorMatrix] = {}

    def rows(self, articles: Sequence[SlicedArticle], check: Callable[[], None] = lambda: None) -> list[VectorRow]:
        """Return the rows of some articles; `check` is called after each batch that the model was given.

        Raises:
            EmbeddingError: the model failed, or gives vectors of other dimensions.
        """
        texts = [list(self._texts(one)) for one in articles]
        self._embed(list(dict.fromkeys(text for of_one in texts for of_row in of_one for text in of_row)), check)
        rows = [
            row_of(own, passage, one.article, combined([self._known[text] for text in of_row]))
            for one, of_one in zip(articles, texts, strict=True)
            for (own, passage), of_row in zip(_within_passages(one), of_one, strict=True)
        ]
        for text in list(islice(self._known, max(len(self._known) - MOST_TEXTS_KEPT, 0))):
            del self._known[text]
        return rows

    def _texts(self, one: SlicedArticle) -> Iterator[tuple[str, ...]]:
        for start, end in one.slices:
            yield embedded_texts(one.article.text[start:end], one.article.title, self.unit)

    def _embed(self, texts: Sequence[str], check: Callable[[], None]) -> None:
        new = [text for text in texts if text not in self._known]
        for at in range(0, len(new), self._embedder.embed_batch_size):
            batch = new[at : at + self._embedder.embed_batch_size]
            for text, vector in zip(batch, self._embedder.get_text_embedding_batch(batch), strict=True):
                check_dimensions(self.dimensions, len(vector), self._embedder.model_name, self._folder)
                self.dimensions = len(vector)
                self._known[text] = np.asarray(vector, dtype=np.float32)
            check()


def rows_again(one: SlicedArticle, vectors: Mapping[str, Sequence[float] | VectorMatrix]) -> list[VectorRow]:
    """Return the rows of an article whose vectors are known, by their ids."""
    return [row_of(own, passage, one.article, vectors[own.passage_id]) for own, passage in _within_passages(one)]


def _within_passages(one: SlicedArticle) -> Iterator[tuple[Passage, Passage]]:
    """Yield each slice with the passage that it lies in."""
    passages = iter(one.passages)
    passage = next(passages)
    for start, end in one.slices:
        while passage.end < end:
            passage = next(passages)
        yield Passage(passage.article_id, start, end, one.article.text[start:end]), passage
