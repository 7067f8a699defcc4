"""Print what a question about the archive costs, over generated articles, kind by kind.

Usage: python bench/archive_questions.py [ARTICLES]

The articles are those of bench/archive.py, seven passages each; what is asked for are words of theirs: one that nearly
all have, one that most have, and a rarer one. What is printed is the time of one processor, the median of some answers
after a first one.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench import archive
from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index

RANKS = (0, 40, 2_000)  # of the words that are asked for, in the order of how often they stand
ROUNDS = 7
ASKED = (
    "How many articles are there?",
    "ما المصادر التي لديك؟",
    "What period do the articles cover?",
    "What is the latest?",
    "كم مقالا تذكر {}؟",
    "أي المقالات تذكر {}؟",
    "ما آخر الأخبار عن {}؟",
    "ماذا قالت المصادر عن {}؟",
    "نظرة عامة على {}",
    "أي الصحف ذكرت {}؟",
    "متى ذُكر {} لأول مرة؟",
    "كم مقالا تذكر {} في مايو 2019؟",
    "التسلسل الزمني لـ {}",
    "هل تتفق المصادر على {}؟",
)


def main(articles: int) -> None:
    """Print a line for each question."""
    words, _ = archive.vocabulary()
    with TemporaryDirectory() as name:
        folder = Path(name)
        archive.write(folder / "articles", range(articles))
        with open_index(Settings(data_dir=folder / "data", embedding="hashing")) as index:
            index.refresh(folder / "articles", extent="none")
            print(f"{articles} articles, {index.catalog.passage_count()} passages")
            with make_sanad(index) as sanad:
                for asked in ASKED:
                    for rank in RANKS if "{}" in asked else RANKS[:1]:
                        question = asked.format(words[rank])
                        sanad.ask(question)
                        spent = []
                        for _ in range(ROUNDS):
                            started = time.process_time()
                            answer = sanad.ask(question)
                            spent.append(1000 * (time.process_time() - started))
                        said = f"{answer.archive.intent}, {answer.archive.articles} articles" if answer.archive else "-"
                        print(f"{statistics.median(spent):7.1f} ms  {said:26}  {question}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11_600)
