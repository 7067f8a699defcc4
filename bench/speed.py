"""How long the command line, an answer and indexing take, each beside what cannot be done without.

Usage: python bench/speed.py FOLDER        (bench/xquad.py says where to get the data)

Medians of several runs, as whole processes for the commands. Indexing is measured against Chroma's own
`collection.add` of the same passages with the same vectors, already computed, as embedding has no peer there.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

import chromadb
from chromadb.config import Settings

from bench.xquad import folder_argument, indexed, load
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index

RUNS = 5
COPIES = 10  # of the paragraphs, each made another text, so that indexing takes seconds
SEED_QUESTIONS = (
    "متى التقى لافروف وبومبيو؟", "كم استغرق اجتماع بوتين وبومبيو؟", "من قدم التعازي بضحايا الزلزال؟",
    "How many health facilities were hit?", "Who met Assad?", "ماذا قال ماكرون عن إدلب؟",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    data = folder_argument()
    with TemporaryDirectory() as place:
        environment = {**os.environ, "SANAD_DATA_DIR": place}
        ask = [sys.executable, "-m", "bot", "ask", SEED_QUESTIONS[0]]
        imports = [sys.executable, "-c", "import llama_index.core, chromadb, tantivy"]
        _run(ask, environment)  # indexes the seeds
        peers = [(_run(ask, environment), _run(imports, environment)) for _ in range(RUNS)]
        helped = statistics.median(_run([sys.executable, "-m", "bot", "--help"], environment) for _ in range(RUNS))
        cold, bare = (statistics.median(column) for column in zip(*peers, strict=True))
        ratio = statistics.median(one / other for one, other in peers)
        print(f"sanad --help                         {helped:7.2f} s")
        print(f"sanad ask, cold                      {cold:7.2f} s")
        print(f"importing the three libraries alone  {bare:7.2f} s   ratio {ratio:.2f}")
        with Index.open(Path(place), make_embedder()) as index:
            print(f"a warm answer, seeds                 {_answer(index, list(SEED_QUESTIONS) * 5):7.1f} ms")
    questions = load(data, "ar")
    contexts = list(dict.fromkeys(asked.context for asked in questions))
    with indexed(contexts) as index:
        took = _answer(index, [asked.question for asked in questions[::6]])
        print(f"a warm answer, {index.catalog.passage_count()} passages           {took:7.1f} ms")
    _indexing(contexts)


def _indexing(contexts: list[str]) -> None:
    texts = [f"{number} {context}" for number in range(COPIES) for context in contexts]
    with TemporaryDirectory() as place:
        folder = Path(place, "articles")
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        with Index.open(Path(place, "data"), make_embedder("hashing")) as index:
            ours = _timed(lambda: index.refresh(folder))
            catalog = index.catalog
            passages = [one for article in catalog.articles() for one in catalog.passages_of(article.article_id)]
    vectors = make_embedder("hashing").get_text_embedding_batch([passage.text for passage in passages])
    with TemporaryDirectory() as place:
        client = chromadb.PersistentClient(place, Settings(anonymized_telemetry=False))
        collection = client.create_collection("bare", embedding_function=None)

        def add() -> None:
            for at in range(0, len(passages), 1000):
                batch = passages[at : at + 1000]
                collection.add(
                    ids=[passage.passage_id for passage in batch],
                    embeddings=vectors[at : at + 1000],
                    documents=[passage.text for passage in batch],
                )

        bare = _timed(add)
    print(f"indexing, {len(passages)} passages             {len(passages) / ours:7.0f} passages/s")
    print(f"bare collection.add of the same      {len(passages) / bare:7.0f} passages/s   ratio {bare / ours:.2f}")


def _answer(index: Index, questions: list[str]) -> float:
    """Return the median of the milliseconds that an answer takes, after a first one."""
    with Sanad(index) as sanad:
        sanad.ask(questions[0])
        return statistics.median(1000 * sanad.ask(question).seconds for question in questions)


def _run(command: list[str], environment: dict[str, str]) -> float:
    return _timed(lambda: subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
