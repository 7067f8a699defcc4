"""Kill the writer at random moments, again and again, and look what readers have then and after the next refresh.

Usage: python bench/crash.py [RUNS] [SEED]

Each run changes a folder of generated articles, starts a process that indexes it from scratch, refreshes it or watches
it, and ends that process by kill -9 after a random part of the time that it would take. Then, before anything is
repaired: is each article there, as it was before or as it is now? Is each citation a slice of a text that its file
has had? And after a plain refresh: do the catalog, the words and the vectors hold what the folder holds, each passage
once, and does `sanad doctor` find nothing? Nothing is ever repaired by hand.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench import archive
from bot.cli.doctor import examine
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.extraction.chunking import split_passages
from retrieval.index.catalog_writer import CatalogWriter
from retrieval.index.index import Index
from retrieval.stores.lexical import WordIndex
from retrieval.stores.vectors.embedded import VectorIndex

RUNS = 240
ARTICLES = 60
CHANGES = 12  # of the folder, in a run
KINDS = ("index", "refresh", "watch")
WRITER = """
import sys, threading
from pathlib import Path
import chromadb, tantivy, watchfiles
from retrieval.index import vector_writer, writer
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.index.watcher import watch
writer.STAGED_PASSAGES = vector_writer.EMBEDDED_ROWS = 16
vector_writer.SEGMENT_ROWS, vector_writer.MOST_SMALL, vector_writer.SMALL_LEFT = 100, 2, 1
kind, data, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
index = Index.open(data, make_embedder("hashing"))
print("ready", flush=True)
if kind == "watch":
    watch(index, folder, threading.Event(), lambda _: print("done", flush=True), print, every=60.0)
else:
    index.refresh(folder)
    print("done", flush=True)
"""


class Trial:
    """A folder, its index, and all that has ever been written in it."""

    def __init__(self, place: Path, seed: int) -> None:
        """Begin with some articles, indexed."""
        self.folder, self.data = place / "seeds", place / ".sanad"
        self.lot = random.Random(seed)
        self.versions: dict[str, set[str]] = defaultdict(set)  # by path
        self.number = 0
        self.wrong: Counter[str] = Counter()
        self.landed: Counter[str] = Counter()  # where the kills fell
        self.folder.mkdir()
        for _ in range(ARTICLES):
            self.put(f"{self.number:04}.txt")
        with self.opened() as index:
            index.refresh(self.folder)

    def opened(self) -> Index:
        """Return the index."""
        return Index.open(self.data, make_embedder("hashing"))

    def put(self, path: str) -> None:
        """Write an article that has never been, whole at once."""
        text = archive.article(self.number)
        self.number += 1
        self.versions[path].add(text)
        draft = self.folder / ".draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.folder / path)

    def change(self) -> None:
        """Create, edit, move or delete a file."""
        paths = sorted(path.name for path in self.folder.glob("*.txt"))
        path = self.lot.choice(paths)
        kind = self.lot.choice(("create", "edit", "move", "delete")) if len(paths) > ARTICLES // 2 else "create"
        if kind == "edit":
            self.put(path)
        elif kind == "create":
            self.put(f"{self.number:04}.txt")
        elif kind == "move":
            self.versions[f"moved-{path[-8:]}"] |= self.versions[path]
            (self.folder / path).replace(self.folder / f"moved-{path[-8:]}")
        else:
            (self.folder / path).unlink()

    def texts(self) -> dict[str, str]:
        """Return what the folder holds."""
        return {path.name: path.read_text(encoding="utf-8") for path in self.folder.glob("*.txt")}

    def run(self, kind: str, seconds: float) -> None:
        """Let a writer be killed, and look."""
        old = self.texts()
        if kind == "index":
            shutil.rmtree(self.data)
        else:
            for _ in range(CHANGES):
                self.change()
        new = self.texts()
        with self.writer(kind) as writer:
            self.wait_for(writer, "ready")
            until = time.perf_counter() + seconds
            while kind == "watch" and time.perf_counter() + 0.1 < until:
                time.sleep(0.1)
                self.change()
            time.sleep(max(until - time.perf_counter(), 0.0))
            writer.send_signal(signal.SIGKILL)
            assert writer.stdout
            self.landed["after its end" if "done" in writer.stdout.read() and kind != "watch" else kind] += 1
        self.look_at_readers(old, new, may_be_empty=kind == "index", is_moving=kind == "watch")
        self.look_at_stores()

    def writer(self, kind: str) -> subprocess.Popen[str]:
        """Start a writer."""
        return subprocess.Popen(
            [sys.executable, "-c", WRITER, kind, self.data, self.folder], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def wait_for(self, writer: subprocess.Popen[str], word: str) -> None:
        """Read on until the writer says a word."""
        assert writer.stdout
        while writer.stdout.readline().strip() != word:
            if writer.poll() is not None:
                sys.exit("The writer has failed by itself.")

    def seconds_of(self, kind: str) -> float:
        """Return how long a writer takes that nobody kills."""
        if kind == "index":
            shutil.rmtree(self.data)
        else:
            for _ in range(CHANGES):
                self.change()
        with self.writer(kind) as writer:
            self.wait_for(writer, "ready")
            started = time.perf_counter()
            self.wait_for(writer, "done")
            took = time.perf_counter() - started
            writer.kill()
        return took

    def look_at_readers(self, old: dict[str, str], new: dict[str, str], *, may_be_empty: bool, is_moving: bool) -> None:
        """Look at what is served before anything is repaired."""
        with self.opened() as index:
            articles = {article.path: article.text for article in index.catalog.articles()}
            if not articles and may_be_empty:
                return
            now = self.texts()
            untouched = {path for path, text in old.items() if new.get(path) == text == now.get(path)}
            self.wrong["lost article"] += len(untouched - articles.keys())
            self.wrong["mixture"] += not is_moving and articles not in (old, new)
            self.wrong["text that never was"] += sum(text not in self.versions[path] for path, text in articles.items())
            with Sanad(index) as sanad:
                for _ in range(3):
                    answer = sanad.ask(archive.question(self.lot.randrange(10_000), self.number))
                    for citation in answer.citations:
                        text = articles.get(citation.path, "")
                        self.wrong["wrong citation"] += text[citation.start : citation.end] != citation.quote

    def look_at_stores(self) -> None:
        """Refresh, and compare all stores with the folder."""
        with self.opened() as index:
            index.refresh(self.folder)
            articles = index.catalog.articles()
        texts = self.texts()
        self.wrong["not the folder's state"] += {article.path: article.text for article in articles} != texts
        expected = Counter(passage.passage_id for article in articles for passage in split_passages(article))
        (place,) = self.data.glob("index-*")
        with closing(CatalogWriter(place)) as catalog:
            self.wrong["untidy"] += not catalog.is_tidy()
            segments = catalog.sealed()
            self.wrong["pending"] += catalog.pending_count()
            held = {
                segment: [own for one in catalog.sliced(catalog.held_in(segment)) for own in one.row_ids]
                for segment in segments
            }
        self.wrong["orphan"] += {path.name for path in place.glob("vectors/*")} != set(map(str, segments))
        with closing(VectorIndex(place / "vectors", segments)) as vectors:
            found = Counter(
                row.row_id for segment, ids in held.items() for rows in vectors.rows(segment, ids) for row in rows
            )
        self.wrong["vectors"] += found != expected
        with closing(WordIndex(place / "words")) as words:
            self.wrong["words"] += words.passages != expected.total()
        for check in examine():
            self.wrong[f"doctor: {check.found}"] += not check.works


def main() -> None:
    """Kill, look and print."""
    if any(argument.startswith("-") for argument in sys.argv[1:]):
        raise SystemExit(__doc__)
    runs, seed = ([int(argument) for argument in sys.argv[1:]] + [RUNS, 0][len(sys.argv) - 1 :])[:2]
    with TemporaryDirectory() as name:
        os.chdir(name)
        for variable in [variable for variable in os.environ if variable.startswith("SANAD_")]:
            del os.environ[variable]
        trial = Trial(Path(name), seed)
        whole = {kind: trial.seconds_of(kind) for kind in KINDS}
        for at in range(runs):
            kind = KINDS[at % len(KINDS)]
            trial.run(kind, trial.lot.uniform(0, 1.1 * whole[kind]))
            if at % 20 == 19:
                print(f"{at + 1} of {runs}: {trial.wrong.total()} wrong", file=sys.stderr, flush=True)
        print(f"{runs} writers killed: {', '.join(f'{number} {kind}' for kind, number in trial.landed.items())}.")
        print("An undisturbed one takes", ", ".join(f"{kind} {took:.1f} s" for kind, took in whole.items()))
        wrong = {what: number for what, number in trial.wrong.items() if number}
        for what in trial.wrong:
            if wrong.get(what) or not what.startswith("doctor"):
                print(f"{what:30} {trial.wrong[what]}")
        print(f"{'doctor finds':30} {'something' if any(what.startswith('doctor') for what in wrong) else 'nothing'}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
