"""How right the days of a timeline are, and how long one takes in an archive of 70,000 passages.

Usage: python bench/timeline.py [ARTICLES]

The days are those of tests/retrieval/nlp/marked_days.toml, marked by hand. The archive is generated (bench/archive.py);
names are put into some of its articles, each in a sentence that names a day.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench.archive import write
from retrieval.archive.timeline import timeline
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from tests.retrieval.nlp.test_days_spoken_of import LISTS, length, marked, read

ARTICLES = 11_700  # some 70,000 passages
EVERY = {"زرقوطيف": 2_000, "شمهوريان": 50, "بلغاموشي": 3}  # one article in so many names it
DAYS = ("يوم أمس الثلاثاء", "قبل يومين", "في 3 آذار", "الشهر الماضي", "عام 2011")
RUNS = 5


def main() -> None:
    """Measure and print."""
    for name in LISTS:
        found = [(one, read(one)) for one in marked(name)]
        right = sum(days == one.meant for one, days in found)
        finer = sum(days is not None and (one.meant is None or length(days) < length(one.meant)) for one, days in found)
        print(f"days marked by hand, {name:<12} {right} of {len(found)} right, {finer} more exact than the text")
    count = int(sys.argv[1]) if sys.argv[1:] else ARTICLES
    with TemporaryDirectory() as place:
        folder, data = Path(place, "articles"), Path(place, "data")
        write(folder, range(count))
        _plant(folder, count)
        with Index.open(data, make_embedder("hashing")) as index:
            index.refresh(folder, extent="none")
            print(f"{index.catalog.passage_count()} passages of {count} articles")
            for name in EVERY:
                _measure(index, name)


def _plant(folder: Path, count: int) -> None:
    """Name each name in a sentence of its articles."""
    for name, every in EVERY.items():
        for number in range(0, count, every):
            path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
            said = f"وقال {name} {DAYS[number % len(DAYS)]} إن العمل في المشروع رقم {number} سينتهي قريبا."
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{said}\n", encoding="utf-8")


def _measure(index: Index, name: str) -> None:
    took = []
    for _ in range(RUNS):
        with index.pin() as source:
            subject = source.analyse(name)
            started = time.perf_counter()
            found = timeline(source, subject)
            took.append((time.perf_counter() - started) * 1000)
    print(
        f"a name in 1 of {EVERY[name]:5} articles: {took[0]:6.1f} ms at first, {statistics.median(took):6.1f} ms then;"
        f" {found.articles} articles read, {found.left_out} left out, {len(found.entries)} days"
    )


if __name__ == "__main__":
    main()
