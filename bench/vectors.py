"""What vectors of sentences cost: adding, searching and comparing them, and what of a refresh is the encoder's own.

Usage: python bench/vectors.py [SEGMENTS] [ARTICLES]

Segments of 25,000 random vectors of 384 dimensions, all the same; then generated articles, indexed with the embedding
model of `make_embedder`. Processor time in milliseconds, so that a busy machine counts little; medians.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

import numpy as np

from bench import archive
from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.protocol import Embedder
from retrieval.index.index import Index
from retrieval.index.vector_writer import SEGMENT_ROWS
from retrieval.stores.vectors.embedded import SegmentWriter, VectorIndex
from retrieval.stores.vectors.rows import row_of
from retrieval.types import Article, Passage

DIMENSIONS = 384
RUNS = 15
SENTENCE = "هذه جملة من خبر عن شيء ما حدث في مكان ما، قالها من قالها ثم غادر."


class Noting:
    """An embedding model, and the time that it takes."""

    def __init__(self, model: Embedder) -> None:
        """Take the model."""
        self.model_name, self.embed_batch_size, self.unit = model.model_name, model.embed_batch_size, model.unit
        self.get_query_embedding = model.get_query_embedding
        self.seconds, self.texts = 0.0, 0
        self._model = model

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        began = time.perf_counter()
        vectors = self._model.get_text_embedding_batch(texts)
        self.seconds += time.perf_counter() - began
        self.texts += len(texts)
        return vectors


def main() -> None:
    """Measure and print."""
    segments, articles = ([int(argument) for argument in sys.argv[1:]] + [12, 60][len(sys.argv) - 1 :])[:2]
    with TemporaryDirectory() as name:
        _stores(Path(name), segments)
    with TemporaryDirectory() as name:
        _encoder(Path(name), articles)


def _stores(place: Path, segments: int) -> None:
    lot = np.random.default_rng(0)
    ids = []
    began = time.process_time()
    writer = SegmentWriter(place, 1)
    for at in range(0, SEGMENT_ROWS, 250):
        rows = []
        for number in range(at, at + 250):
            own = Passage(f"{number // 25:012x}", number % 25 * 100, number % 25 * 100 + len(SENTENCE), SENTENCE)
            article = Article(
                own.article_id, f"{own.article_id}.txt", "", (), "عنوان الخبر", "رويترز", None, "2020-01-01"
            )
            rows.append(row_of(own, own, article, lot.normal(size=DIMENSIONS).astype(np.float32)))
            ids.append(own.passage_id)
        writer.add(rows)
    writer.seal()
    _say("adding a row", 1000 * (time.process_time() - began) / SEGMENT_ROWS)
    numbers = range(1, segments + 1)
    for other in numbers[1:]:
        shutil.copytree(place / "1", place / str(other))
    with closing(VectorIndex(place, numbers)) as index:

        def asked() -> list[float]:
            return [float(one) for one in lot.normal(size=DIMENSIONS)]

        _say("opening a segment", _median(lambda: index.search(asked(), 1), 1) / segments)
        _say(f"the nearest 60 of {segments * SEGMENT_ROWS:,}", _median(lambda: index.search(asked(), 60)))
        for few in (200, 6_000):
            per = few // segments
            took = _median(lambda per=per: index.among(asked(), {one: random.sample(ids, per) for one in numbers}))
            _say(f"{few:,} compared by their ids", took)


def _encoder(place: Path, articles: int) -> None:
    (place / "articles").mkdir()
    for number in range(articles):
        (place / "articles" / f"{number}.txt").write_text(archive.article(number), encoding="utf-8")
    model = Noting(make_embedder())
    model.get_query_embedding("سند")  # loaded
    with Index.open(place / "data", model) as index:
        index.refresh(place / "articles", extent="none")
        began = time.perf_counter()
        index.refresh(place / "articles")
        took = time.perf_counter() - began
    share = model.seconds / took
    print(f"{model.model_name}, {articles} articles, {model.texts} texts: {share:.2f} of the time is the encoder's")


def _say(what: str, milliseconds: float) -> None:
    print(f"{what:36} {milliseconds:8.2f} ms", flush=True)


def _median(work: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


if __name__ == "__main__":
    main()
