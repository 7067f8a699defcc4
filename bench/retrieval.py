"""How well search finds the right paragraph of XQuAD: each leg, their fusion, and LlamaIndex's stock pipeline.

Usage: python bench/retrieval.py FOLDER        (bench/xquad.py says where to get the data)

As MTEB's XQuADRetrieval measures it: a query is a question's text, the corpus is the 240 Arabic paragraphs, the
relevant one is the question's own. nDCG@10 and recall. The English questions
have the same ids. Halves are by the last hex digit of the question's id: weights were learnt on the even half.
The embedding model is that of the settings, SANAD_EMBEDDING.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from llama_index.core import Document, VectorStoreIndex

from bench.datasets import DEPTH, ndcg
from bench.xquad import article_ids, folder_argument, indexed, load
from bot.config.settings import load_settings as settings
from bot.config.wiring import open_embedder
from retrieval.embeddings.protocol import Embedder
from retrieval.index.index import Index
from retrieval.integrations.llama_index.embedding import SanadEmbedding

PUBLISHED = (  # nDCG@10 on ar→ar: github.com/embeddings-benchmark/results
    ("multilingual-e5-large *", 0.9616),
    ("voyage-3 *", 0.9530),
    ("multilingual-e5-base *", 0.9459),
    ("multilingual-e5-small *", 0.9351),
    ("text-embedding-3-large *", 0.9043),
    ("bm25s *", 0.8881),
)

Search = Callable[[str], list[str]]  # from a question to article ids, best first


def main() -> None:
    """Measure and print."""
    data = folder_argument()
    contexts = list(dict.fromkeys(asked.context for asked in load(data, "ar")))
    ids = article_ids(contexts)
    embedder = open_embedder(settings())
    stock = _stock(contexts, ids, embedder)
    with indexed(contexts, embedder) as index:
        legs: dict[str, Search] = {
            "words (tantivy)": lambda question: _leg(index, embedder, question, "words"),
            "vectors (Chroma)": lambda question: _leg(index, embedder, question, "vectors"),
            "Index.search (fused)": lambda question: _fused(index, question),
            "LlamaIndex stock, same embedder": stock,
        }
        print(f"XQuAD, {len(contexts)} paragraphs, {index.catalog.passage_count()} passages; * published, not run here")
        print(f"{'':34}{'nDCG@10':>8}{'even':>7}{'odd':>7}{'R@1':>7}{'R@5':>7}{'R@10':>7}{'ms':>7}")
        for language in ("ar", "en"):
            relevant: dict[str, set[str]] = defaultdict(set)
            half = {}
            for asked in load(data, language):
                relevant[asked.question].add(ids[asked.context])
                half.setdefault(asked.question, int(asked.question_id[-1], 16) % 2)
            print(f"{language} → ar, {len(relevant)} questions")
            for name, search in legs.items():
                _report(name, search, relevant, half)
            if language == "ar":
                for name, figure in PUBLISHED:
                    print(f"  {name:32}{figure:8.4f}")


def _report(name: str, search: Search, relevant: Mapping[str, set[str]], half: Mapping[str, int]) -> None:
    search(next(iter(relevant)))  # what is loaded once is not the question's time
    gains: dict[int, list[float]] = {0: [], 1: []}
    hits = dict.fromkeys((1, 5, DEPTH), 0)
    seconds = []
    for question, right in relevant.items():
        started = time.perf_counter()
        found = search(question)
        seconds.append(time.perf_counter() - started)
        gains[half[question]].append(ndcg(found, right))
        for depth in hits:
            hits[depth] += bool(right & set(found[:depth]))
    count = len(relevant)
    both = sum(map(sum, gains.values())) / count
    halves = "".join(f"{statistics.mean(gains[part]):7.4f}" for part in (0, 1))
    recalls = "".join(f"{hits[depth] / count:7.3f}" for depth in hits)
    print(f"  {name:32}{both:8.4f}{halves}{recalls}{1000 * statistics.median(seconds):7.1f}")


def _leg(index: Index, embedder: Embedder, question: str, leg: str) -> list[str]:
    vector = embedder.get_query_embedding(question)
    with index.pin() as pinned:
        found = pinned.hybrid.candidates(pinned.analyse(question), vector, 2 * DEPTH)
    by_leg = found.by_words if leg == "words" else found.by_vectors
    return _articles([found.passages[passage_id].article_id for passage_id, _ in by_leg])


def _fused(index: Index, question: str) -> list[str]:
    return _articles([hit.passage.article_id for hit in index.search(question, 2 * DEPTH, collapse="story").hits])


def _articles(found: list[str]) -> list[str]:
    return list(dict.fromkeys(found))


def _stock(contexts: list[str], ids: Mapping[str, str], embedder: Embedder) -> Search:
    """Return LlamaIndex's own pipeline: its splitter, its in-memory vector store, its retriever; our embedder."""
    documents = [Document(text=context, id_=ids[context]) for context in contexts]
    model = SanadEmbedding(embedder)
    retriever = VectorStoreIndex.from_documents(documents, embed_model=model).as_retriever(similarity_top_k=2 * DEPTH)
    return lambda question: _articles([str(found.node.ref_doc_id) for found in retriever.retrieve(question)])


if __name__ == "__main__":
    main()
