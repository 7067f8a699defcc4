"""What the tests of a refresh share: a small folder, and all that readers see of an index."""

from __future__ import annotations

import os
import time
from contextlib import closing
from itertools import permutations
from pathlib import Path

import numpy as np

from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.hashing import HashingEmbedder
from retrieval.embeddings.protocol import Embedder, Unit
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.index import Index
from retrieval.index.near_duplicates import are_copies, components, own_text, profile
from retrieval.index.refresh import refresh
from retrieval.index.row_embedding import RowEmbedder
from retrieval.search.query import Query
from retrieval.stores.lexical import WordIndex
from retrieval.stores.vectors.embedded import VectorIndex
from retrieval.types import Article, Passage, RefreshReport

EMBEDDER = make_embedder("hashing")


class SentenceEmbedder(HashingEmbedder):
    """The embedding model that needs no download, as if it were one of sentences."""

    model_name = "tiny-sentences"
    unit: Unit = "sentence"


TEXTS = {
    "a.txt": "التقى وزير الدفاع الروسي سيرغي شويغو نظيره التركي في سوتشي يوم الثلاثاء.",
    "b.txt": "أعلنت الأمم المتحدة عن خروج 18 منشأة طبية من الخدمة في شمال سوريا.",
    "deep/c.txt": "ضرب زلزال شرق تركيا يوم الجمعة وقدم لافروف التعازي إلى نظيره.",
}


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def edit(folder: Path) -> None:
    write(folder, "a.txt", "نص آخر تماما عن محصول القمح.")


def run(data: Path, folder: Path, embedder: Embedder = EMBEDDER) -> RefreshReport:
    return refresh(data, embedder, folder, None, 10.0)


def state(data: Path, embedder: Embedder = EMBEDDER) -> object:
    """Return all that readers see, having checked that the words and the vectors hold just that, each once."""
    articles, passages = state_of_readers(data, embedder)
    (place,) = data.glob("index-*")
    with closing(CatalogWriter(place)) as catalog:
        assert catalog.is_tidy()
        assert not catalog.pending_count()
        held = {segment: catalog.sliced(catalog.held_in(segment)) for segment in catalog.sealed()}
    assert {path.name for path in place.glob("vectors/*")} == {str(segment) for segment in held}
    expected = {row.row_id: row.vector for one in held.values() for row in RowEmbedder(embedder, place).rows(one)}
    found: list[str] = []
    with closing(VectorIndex(place / "vectors", held)) as vectors:
        for segment, articles_held in held.items():
            for batch in vectors.rows(segment, [own for one in articles_held for own in one.row_ids]):
                found += [row.row_id for row in batch]
                assert all(np.allclose(row.vector, expected[row.row_id], atol=1e-6) for row in batch)
    assert sorted(found) == sorted(expected)
    with closing(WordIndex(place / "words")) as words:
        assert words.passages == len(passages)
    assert stories_of(data, articles, embedder) == stories_from_texts(articles)
    return articles, passages


def stories_of(data: Path, articles: list[Article], embedder: Embedder) -> set[frozenset[str]]:
    """Return which articles are together in a story."""
    groups: dict[int, set[str]] = {}
    with Index.open(data, embedder) as index:
        for member in index.catalog.members(article.article_id for article in articles).values():
            groups.setdefault(member.story, set()).add(member.article_id)
    return {frozenset(group) for group in groups.values()}


def stories_from_texts(articles: list[Article]) -> set[frozenset[str]]:
    """Return the same by comparing each article with each other."""
    profiles = {article.article_id: profile(own_text(article.text, article.body)) for article in articles}
    links: dict[str, set[str]] = {article_id: set() for article_id in profiles}
    for one, other in permutations(profiles, 2):
        if are_copies(profiles[one], profiles[other]):
            links[one].add(other)
    return set(components(profiles, links))


def state_of_readers(data: Path, embedder: Embedder = EMBEDDER) -> tuple[list[Article], dict[str, Passage]]:
    with Index.open(data, embedder) as index:
        articles = index.catalog.articles()
        found = [passage for article in articles for passage in index.catalog.passages_of(article.article_id)]
    return articles, {passage.passage_id: passage for passage in found}


def analysed(index: Index, question: str) -> Query:
    """Return what a question asks for, by the words of an index."""
    with index.pin() as pinned:
        return pinned.analyse(question)


def age(file: Path) -> None:
    """Have a file be one that nobody has written lately."""
    then = time.time_ns() - 60_000_000_000
    os.utime(file, ns=(then, then))


def halve(file: Path) -> None:
    """Leave a file as a copy that was cut in the middle of a letter."""
    data = file.read_bytes()
    cut = len(data) // 2
    while cut < len(data) and data[cut] & 0xC0 != 0x80:  # a byte that continues a character
        cut += 1
    file.write_bytes(data[:cut])


def state_from_scratch(folder: Path, embedder: Embedder = EMBEDDER) -> object:
    data = folder.parent / f"scratch-{time.perf_counter_ns()}"
    run(data, folder, embedder)
    return state(data, embedder)
