"""The life of an index, from a first indexing to a folder that changes while questions are asked, at several sizes.

Usage: python bench/lifecycle.py [--small] [ARTICLES ...]

The archive is generated (bench/archive.py), some seven passages an article; without numbers there are 150, 1,500 and
15,000 articles, which are 1,000, 10,000 and 100,000 passages. Indexing runs in a process of its own, whose peak
memory is told, and so does its measure: Chroma's own `collection.add` of the same rows, already computed: vectors,
documents and metadata. Where other programs keep the processors busy, the ratio of
processor time says more than that of seconds. It takes half an hour on 2 cores; `--small` takes a minute.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench import archive
from bot.operations.priority import give_way
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.index import Index
from retrieval.stores.vectors.rows import as_chroma, row_of

SIZES, SMALL = (150, 1_500, 15_000), (50, 500)
ADDED = 30  # articles, one at a time
QUESTIONS = 300
LOOKS = 7  # at an unchanged folder
MEANWHILE = 400  # articles that another process indexes while questions are asked
BATCH = 1_000  # passages that are added to the bare collection at once

Row = dict[str, float]


def main() -> None:
    """Measure and print."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--bare"]:
        _bare(Path(arguments[1]))
        return
    if arguments[:1] == ["--index"]:
        _index(Path(arguments[1]))
        return
    if any(argument.startswith("-") and argument != "--small" for argument in arguments):
        raise SystemExit(__doc__)
    sizes = tuple(map(int, arguments)) if arguments and arguments[0] != "--small" else SMALL if arguments else SIZES
    rows = []
    for size in sizes:
        rows.append(_measured(size))
        _print(rows)


def _measured(size: int) -> Row:
    with TemporaryDirectory() as name:
        place = Path(name)
        archive.write(place / "articles", range(size))
        row: Row = {"articles": size, **_child("--index", place)}
        bare = _child("--bare", place)
        row["bare"] = row["passages"] / bare["seconds"]
        row["rate"] = row["passages"] / row["seconds"]
        row["ratio"] = row["rate"] / row["bare"]
        row["processor ratio"] = bare["processor"] / row["processor"]
        with Index.open(place / "data", make_embedder("hashing")) as index, Sanad(index) as sanad:
            folder = place / "articles"
            row |= _spread("unchanged", [_timed(lambda: index.refresh(folder)) for _ in range(LOOKS)])
            sanad.ask(archive.question(0, size))
            began = time.process_time()
            row |= _spread("question", _asked(sanad, size, range(QUESTIONS)))
            row["question, processor"] = 1000 * (time.process_time() - began) / QUESTIONS
            ones = [_one_more(index, folder, size + at) for at in range(ADDED)]
            row |= _spread("one", [seconds for seconds, _ in ones])
            row |= _spread("one, processor", [processor for _, processor in ones])
            row |= _spread("after", _asked(sanad, size, range(QUESTIONS, 2 * QUESTIONS)))
            row |= _meanwhile(sanad, place, size)
        return row


def _spread(name: str, seconds: Sequence[float]) -> Row:
    """Return the median and the 99th percentile of some times, in milliseconds."""
    ordered = sorted(1000 * second for second in seconds)
    return {f"{name}, median": statistics.median(ordered), f"{name}, p99": ordered[int(0.99 * (len(ordered) - 1))]}


def _one_more(index: Index, folder: Path, number: int) -> tuple[float, float]:
    """Return the seconds and the processor time that one new article takes."""
    archive.write(folder, range(number, number + 1))
    began = time.process_time()
    return _timed(lambda: index.refresh(folder)), time.process_time() - began


def _asked(sanad: Sanad, size: int, numbers: range) -> list[float]:
    return [_timed(lambda number=number: sanad.ask(archive.question(number, size))) for number in numbers]


def _meanwhile(sanad: Sanad, place: Path, size: int) -> Row:
    """Ask while another process refreshes, over and over, a few articles more each time."""
    stop = multiprocessing.get_context("spawn").Event()
    writer = multiprocessing.get_context("spawn").Process(target=_write_on, args=(place, size + ADDED, stop))
    before = CatalogWriter(next((place / "data").glob("index-*")))
    with closing(before):
        generation = before.generation
        writer.start()
        while before.generation == generation:  # until it is at work
            time.sleep(0.05)
        times = _asked(sanad, size, range(2 * QUESTIONS, 3 * QUESTIONS))
        row = {"generations": float(before.generation - generation), **_spread("meanwhile", times)}
    stop.set()
    writer.join()
    return row


def _write_on(place: Path, first: int, stop: object) -> None:
    give_way()  # as `sanad index` does
    with Index.open(place / "data", make_embedder("hashing")) as index:
        for at in range(0, 100 * MEANWHILE, 20):
            archive.write(place / "articles", range(first + at, first + at + 20))
            index.refresh(place / "articles")
            if stop.is_set():  # type: ignore[attr-defined]
                return


def _child(task: str, place: Path) -> Row:
    command = [sys.executable, str(Path(__file__)), task, str(place)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    row: Row = json.loads(ran.stdout.splitlines()[-1])
    return row


def _index(place: Path) -> None:
    import chromadb  # noqa: F401 - neither side pays for what importing takes
    import tantivy  # noqa: F401

    embedder = make_embedder("hashing")
    embedder.get_text_embedding_batch(["سند"])
    began = time.process_time()
    with Index.open(place / "data", embedder) as index:
        report = index.refresh(place / "articles")
    took = {"seconds": report.seconds, "processor": time.process_time() - began}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"passages": report.passages, "peak": peak, **took}))


def _bare(place: Path) -> None:
    import chromadb
    from chromadb.config import Settings

    with Index.open(place / "data", make_embedder("hashing")) as index:
        articles = {each: index.article_by_id(each) for each in index.catalog.passage_counts()}
        passages = [passage for each in articles for passage in index.catalog.passages_of(each)]
    vectors = make_embedder("hashing").get_text_embedding_batch([passage.text for passage in passages])
    rows = [row_of(one, one, articles[one.article_id], own) for one, own in zip(passages, vectors, strict=True)]
    with TemporaryDirectory() as name:
        client = chromadb.PersistentClient(name, Settings(anonymized_telemetry=False))
        collection = client.create_collection("bare", embedding_function=None)

        def add() -> None:
            for at in range(0, len(rows), BATCH):
                collection.add(**as_chroma(rows[at : at + BATCH]))

        began = time.process_time()
        print(json.dumps({"seconds": _timed(add), "processor": time.process_time() - began}))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print(rows: Sequence[Row]) -> None:
    print(f"\n| {'':42} | " + " | ".join(f"{row['articles']:>8,.0f}" for row in rows) + " |")
    print(f"| {'-' * 42} | " + " | ".join("-" * 8 for _ in rows) + " |")
    lines = (
        ("passages", "passages", "{:,.0f}"),
        ("first indexing, passages a second", "rate", "{:,.0f}"),
        ("bare collection.add, the same", "bare", "{:,.0f}"),
        ("ratio", "ratio", "{:.2f}"),
        ("ratio of processor time", "processor ratio", "{:.2f}"),
        ("peak memory of indexing, MB", "peak", "{:,.0f}"),
        ("refresh, nothing changed, ms", "unchanged, median", "{:,.0f}"),
        ("refresh, one new article, ms", "one, median", "{:,.0f}"),
        ("the slowest of these (a merge), ms", "one, p99", "{:,.0f}"),
        ("processor time of one, median, ms", "one, processor, median", "{:,.0f}"),
        ("a warm question, median, ms", "question, median", "{:.1f}"),
        ("99th percentile", "question, p99", "{:.1f}"),
        ("processor time of one, mean, ms", "question, processor", "{:.1f}"),
        (f"after {ADDED} single additions, median", "after, median", "{:.1f}"),
        ("99th percentile", "after, p99", "{:.1f}"),
        ("while another process refreshes, median", "meanwhile, median", "{:.1f}"),
        ("99th percentile", "meanwhile, p99", "{:.1f}"),
        ("generations published meanwhile", "generations", "{:.0f}"),
    )
    for label, key, form in lines:
        print(f"| {label:42} | " + " | ".join(f"{form.format(row[key]):>8}" for row in rows) + " |")
    first, last = rows[0], rows[-1]
    for name, key in (("The median", "question, median"), ("Processor time", "question, processor")):
        growth = f"{last[key] / first[key]:.2f} times from {first['passages']:,.0f} to {last['passages']:,.0f} passages"
        print(f"{name} of a question grows {growth}.")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
