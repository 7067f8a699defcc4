"""What watches cost a refresh, and whether they tell what they should.

Usage: python bench/watches.py [--articles 10000] [--watches 1000] [--new 100] [--newsroom FOLDER]

The costs are those of a generated archive (bench/archive.py), in which some articles are new. The watches are names of
two words and questions, all made of words of its articles, old and new. The first look analyses the watches, as after
a start; later ones need not, until the archive has grown by a tenth. What is added to a refresh is the whole look:
which articles are new, what they say, and what is written into the database.

With the folder of a newsroom, each article of it is new, and each question a watch: an article that answers by the
newsroom's own word should be told, one of another event should not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench import archive
from bot.storage.alerts import alerts_for
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.watches import add_watch, watches_of
from bot.watching.finder import WatchFinder
from bot.watching.timing import TellingHours
from retrieval.answering.standing_answers import StandingAnswers
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index

TELLER = "bench"
ROUNDS = 3
EVERYDAY = 500  # of the commonest words, half of all that is written


def waiting(number: int, articles: int) -> str:
    """Return a name of two words, or a question of four, as they follow each other in some article.

    Everyday words are left out: whoever waits for one is told of each article, and waits for nothing.
    """
    lot = random.Random(f"watch {number}")
    paragraph = lot.choice(archive.article(lot.randrange(articles)).split("\n\n")[2:])
    words = [word.strip(".") for word in paragraph.split() if word.strip(".") not in everyday()]
    size = 4 if number % 2 else 2
    start = lot.randrange(max(len(words) - size, 1))
    chosen = " ".join(words[start : start + size])
    return f"ماذا {chosen}؟" if number % 2 else chosen


@cache
def everyday() -> frozenset[str]:
    """Return the words of every day: the joints and openings of sentences, and the commonest others."""
    return frozenset((*archive.JOINTS, *archive.OPENINGS, *archive.vocabulary()[0][:EVERYDAY]))


def costs(articles: int, watches: int, new: int) -> None:
    """Print what a look costs beside the refresh that it follows."""
    with TemporaryDirectory() as place:
        folder = Path(place, "articles")
        archive.write(folder, range(articles))
        with (
            closing(Database(f"sqlite:///{place}/conversations.db")) as database,
            Index.open(Path(place, "index"), make_embedder("hashing")) as index,
        ):
            index.refresh(folder, extent="none")
            whole = articles + ROUNDS * new
            texts = [waiting(at, whole) for at in range(watches)]
            for at, text in enumerate(texts):
                place_of = Destination(at + 1)
                add = partial(add_watch, teller=TELLER, place=place_of, user_id=at + 1, text=text, language="ar")
                database.work(add)
            finder = WatchFinder(index, database, TELLER, TellingHours(None, None))
            started = time.perf_counter()
            finder.look()
            print(f"first look of a process, which analyses the watches: {time.perf_counter() - started:.2f} s")
            print(f"{articles:,} articles, {watches:,} watches, {new} new articles a refresh")
            for turn in range(ROUNDS):
                archive.write(folder, range(articles + turn * new, articles + (turn + 1) * new))
                started = time.perf_counter()
                index.refresh(folder, extent="none")
                refreshed = time.perf_counter()
                before = time.process_time()
                finder.look()
                looked, cpu = time.perf_counter(), time.process_time() - before
                ids = [watch.watch_id for watch in database.work(partial(watches_of, teller=TELLER))]
                told = len(database.work(partial(alerts_for, watch_ids=ids)))
                took = f"refresh {refreshed - started:5.2f} s, look {looked - refreshed:5.2f} s"
                print(f"  {took} ({cpu:.2f} s of one core), {told} alerts so far")


def quality(newsroom: Path) -> None:
    """Print which articles of a newsroom are told for its questions."""
    rows = [json.loads(line) for line in (newsroom / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    with TemporaryDirectory() as place, Index.open(Path(place), make_embedder("hashing")) as index:
        index.refresh(newsroom / "articles", extent="none")
        asked = {row["q"].rstrip("؟? ") + "؟": row for row in rows if row["kind"] != "followup"}
        with index.pin() as pinned:
            found = list(StandingAnswers().matches(pinned, asked, pinned.article_ids()))
    kinds: Counter[str] = Counter()
    answered = set()
    for one in found:
        docs = asked[one.text].get("docs") or []
        events = {path.partition("_")[0] for path in docs}
        if one.article.path in docs:
            answered.add(one.text)
            kinds["that answer"] += 1
        elif not docs:
            kinds["for questions that none answers"] += 1
        else:
            same = one.article.path.partition("_")[0] in events
            kinds["of the same event" if same else "of another event"] += 1
    answerable = sum(bool(row.get("docs")) for row in asked.values())
    print(f"{len(asked)} questions, {answerable} that an article answers: {len(answered)} are told of one that does")
    print("articles told: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--watches", type=int, default=1_000)
    parser.add_argument("--new", type=int, default=100)
    parser.add_argument("--newsroom", type=Path)
    given = parser.parse_args()
    costs(given.articles, given.watches, given.new)
    if given.newsroom:
        quality(given.newsroom)


if __name__ == "__main__":
    main()
