"""Any sequence of what happens to a folder and to its writer ends in the index that is built from scratch."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.builders.folder import EMBEDDER, age, halve, run, state, state_from_scratch, write

from retrieval.corpus import read_changed
from retrieval.index import vector_writer, writer
from retrieval.index.index import Index

ROOT = Path(__file__).parents[3]
Kill = Callable[[Path, Path, int], None]

# Forks a writer for each line, which kills itself as it enters our code for the so manieth time.
FORKING = """
import os, signal, sys
from pathlib import Path
import chromadb, tantivy
from retrieval.corpus import read_changed
from retrieval.index import vector_writer, writer
from retrieval.embeddings.factory import make_embedder
from retrieval.index.refresh import refresh
import retrieval.stores.vectors.embedded, retrieval.stores.lexical
writer.STAGED_PASSAGES = vector_writer.EMBEDDED_ROWS = 2
vector_writer.SEGMENT_ROWS, vector_writer.MOST_SMALL, vector_writer.SMALL_LEFT = 3, 3, 1
read_changed.QUIET_SECONDS, read_changed.PAUSE_SECONDS = 0.0, 0.001
embedder = make_embedder("hashing")
embedder.get_text_embedding_batch(["سند"])
OURS = (
    *("index/catalog_writer.py", "index/writer.py", "index/vector_writer.py", "index/refresh.py"),
    *("corpus/read_changed.py", "stores/database.py", "stores/lexical.py", "stores/vectors/embedded.py"),
)

def write(data, folder, steps):
    left = steps
    def count(frame, event, _):
        nonlocal left
        if event in ("call", "return") and frame.f_code.co_filename.endswith(OURS):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)
    refresh(Path(data), embedder, Path(folder), None, 10.0)
    os._exit(0)

for line in sys.stdin:
    data, folder, steps = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if not child:
        write(data, folder, int(steps))
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@pytest.fixture(scope="module")
def kill() -> Iterator[Kill]:
    """Return what refreshes an index in a process that is killed after so many steps, if it takes so many."""
    with subprocess.Popen(
        [sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT
    ) as forking:

        def killed(data: Path, folder: Path, steps: int) -> None:
            assert forking.stdin
            assert forking.stdout
            forking.stdin.write(f"{data}\t{folder}\t{steps}\n")
            forking.stdin.flush()
            assert forking.stdout.readline() == "dead\n"

        yield killed


@pytest.fixture
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "STAGED_PASSAGES", 2)
    monkeypatch.setattr(vector_writer, "EMBEDDED_ROWS", 2)
    monkeypatch.setattr(vector_writer, "SEGMENT_ROWS", 3)
    monkeypatch.setattr(vector_writer, "MOST_SMALL", 3)
    monkeypatch.setattr(vector_writer, "SMALL_LEFT", 1)
    monkeypatch.setattr(read_changed, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(read_changed, "PAUSE_SECONDS", 0.001)


FILES = st.integers(0, 5)
OPERATIONS = st.one_of(
    st.tuples(st.just("write"), FILES, st.integers(0, 5)),
    st.tuples(st.just("move"), FILES, FILES),
    st.tuples(st.sampled_from(["delete", "truncate", "touch", "refresh"]), FILES, st.just(0)),
    st.tuples(st.just("kill"), st.just(0), st.integers(1, 700)),
)


def happen(folder: Path, operation: str, at: int, other: int) -> None:
    file = folder / f"{at}.txt"
    if operation == "write":
        write(folder, file.name, f"خبر رقم {other} من الأخبار.")
    elif not file.exists():
        return
    elif operation == "move":
        file.replace(folder / f"{other}.txt")
    elif operation == "delete":
        file.unlink()
    elif operation == "truncate":
        halve(file)
    elif operation == "touch":
        age(file)


@pytest.mark.skipif(os.name != "posix", reason="a process is forked and killed")
@pytest.mark.usefixtures("_small_segments")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=st.lists(OPERATIONS, min_size=4, max_size=16))
def test_any_sequence_of_changes_and_deaths_ends_in_the_index_that_scratch_gives(
    tmp_path: Path, kill: Kill, operations: list[tuple[str, int, int]]
) -> None:
    place = tmp_path / str(time.perf_counter_ns())
    folder, data = place / "articles", place / "data"
    write(folder, "fixed.txt", "خبر ثابت لا يتغير أبدا.")
    run(data, folder)
    for operation, at, other in operations:
        if operation == "refresh":
            run(data, folder)
        elif operation == "kill":
            kill(data, folder, other)
            with Index.open(data, EMBEDDER) as index:  # readers are served before anything is repaired
                assert index.article("fixed.txt").text == "خبر ثابت لا يتغير أبدا."
                assert index.search("خبر ثابت").hits[0].passage.text == "خبر ثابت لا يتغير أبدا."
        else:
            happen(folder, operation, at, other)
    for file in folder.iterdir():
        age(file)
    run(data, folder)
    assert state(data) == state_from_scratch(folder)
