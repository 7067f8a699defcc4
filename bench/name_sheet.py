"""How right a name's sheet is, and how long one takes in an archive of 70,000 passages.

Usage: python bench/name_sheet.py [ARTICLES]

Spellings and speakers are those of tests/retrieval/archive, made by hand. The archive is generated (bench/archive.py);
names are put into some of its articles, each in several spellings, with other people and with what they said. Times are
medians: seconds by the clock, and of the processor, which other programs do not lengthen.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench.archive import vocabulary, write
from retrieval.archive.name_sheet import days_of, name_hits, name_sheet
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from tests.retrieval.archive.test_name_spellings import taken_together
from tests.retrieval.archive.test_said_by import SILENT, SPEAKING, told

ARTICLES = 11_700  # some 70,000 passages
PLANTED = (  # how it is spelt, and in one article of so many
    (("زرقوطيف", "زرقوتيف", "Zarqutif"), 2_000),
    (("شويغو", "شويجو", "Shoigu"), 200),
    (("لافروف", "لافروڤ", "Lavrov"), 20),
    (("بوتين", "Putin"), 5),
)
LISTED = 200  # names of a list
RUNS = 7


def main() -> None:
    """Measure and print."""
    same, different = taken_together("same"), taken_together("different")
    print(f"spellings of one name taken together  {sum(same)} of {len(same)}")
    print(f"two names taken together              {sum(different)} of {len(different)}")
    for title, lines, wanted in (("speakers told", SPEAKING, True), ("others left out", SILENT, False)):
        found = [told(line) == wanted for line in lines.split("\n")[1:-1]]
        print(f"{title:<37} {sum(found)} of {len(found)}")
    count = int(sys.argv[1]) if sys.argv[1:] else ARTICLES
    with TemporaryDirectory() as place:
        folder = Path(place, "articles")
        write(folder, range(count))
        _plant(folder, count)
        with Index.open(Path(place, "data"), make_embedder("hashing")) as index:
            index.refresh(folder, extent="none")
            print(f"{index.catalog.passage_count()} passages of {count} articles")
            for spellings, _ in PLANTED:
                _measure(index, spellings[0])
            _measure_list(index)


def _plant(folder: Path, count: int) -> None:
    """Name each name in a paragraph of its articles."""
    for spellings, every in PLANTED:
        for number in range(0, count, every):
            path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
            name = spellings[number // every % len(spellings)]
            said = f"وقال الوزير سعيد {name} إن العمل رقم {number} سينتهي. والتقى {name} مايك بومبيو في دمشق."
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{said}\n", encoding="utf-8")


def _measure(index: Index, name: str) -> None:
    seconds, processor = [], []
    for _ in range(RUNS):
        began, worked = time.perf_counter(), time.process_time()
        with index.pin() as pinned:
            sheet = name_sheet(pinned, pinned, name)
        seconds.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - worked))
    print(
        f"{name:<10} {sheet.articles:5} articles, {sheet.mentions:5} mentions: the first sheet {seconds[0]:6.0f} ms,"
        f" then {statistics.median(seconds[1:]):6.0f} ms, of the processor {statistics.median(processor[1:]):6.0f} ms"
    )


def _measure_list(index: Index) -> None:
    """Print how long the names of a list take, 20 hits of each: words that no article has, and words that many have."""
    often = random.Random(1).sample(vocabulary()[0], LISTED)
    for title, names in (
        ("names that are nowhere", [f"زرقوطي{name[::-1]}" for name in often]),
        ("common words", often),
    ):
        began = time.process_time()
        with index.pin() as pinned:
            days = days_of(pinned)
            hits = sum(1 for name in names for _ in islice(name_hits(pinned, pinned, name, days), 20))
        took = time.process_time() - began
        print(f"a list of {LISTED} {title}, {hits} hits: {1000 * took / LISTED:.1f} ms a name, of the processor")


if __name__ == "__main__":
    main()
