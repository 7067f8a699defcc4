"""A refresh that is killed, or raced by another: the index ends as if built from scratch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from support.builders.folder import EMBEDDER, edit, run, state, state_from_scratch, state_of_readers, write

from retrieval.errors import IndexBusyError
from retrieval.index.refresh import LOCK_NAME, refresh

ROOT = Path(__file__).parents[3]


# Killed on the way.

INDEXER = """
import sys
from pathlib import Path
from retrieval.embeddings.factory import make_embedder
from retrieval.index import vector_writer, writer
from retrieval.index.refresh import refresh
writer.STAGED_PASSAGES = vector_writer.EMBEDDED_ROWS = 4
vector_writer.SEGMENT_ROWS, vector_writer.MOST_SMALL, vector_writer.SMALL_LEFT = 10, 2, 1
def tell(progress):
    print(progress.done, flush=True)
refresh(Path(sys.argv[1]), make_embedder("hashing"), Path(sys.argv[2]), tell, 60.0)
print("end", flush=True)
"""


def start(data: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", INDEXER, data, folder], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def many(folder: Path, number: int, word: str) -> None:
    for at in range(number):
        write(
            folder, f"many/{at}.txt", f"خبر {word} رقم {at} عن مدينة من المدن.\n\n" + f"وهذه تفاصيل {word} {at}. " * 60
        )


@pytest.mark.parametrize(("lines", "delay"), [(1, 0.0), (30, 0.01), (60, 0.0), (60, 0.05)])
def test_a_refresh_that_is_killed_leaves_the_old_state_and_the_next_one_repairs(
    data: Path, folder: Path, lines: int, delay: float
) -> None:
    run(data, folder)
    old = state(data)
    many(folder, 60, "قديم")
    edit(folder)
    with start(data, folder) as indexer:
        assert indexer.stdout
        for _ in range(lines):
            indexer.stdout.readline()
        time.sleep(delay)
        indexer.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    new = state_from_scratch(folder)
    assert state_of_readers(data) in (old, new)
    run(data, folder)
    assert state(data) == new


def test_two_processes_at_once_make_one_index(data: Path, folder: Path) -> None:
    many(folder, 40, "مشترك")
    with start(data, folder) as first, start(data, folder) as second:
        assert first.stdout
        assert second.stdout
        ended = [first.stdout.read().splitlines()[-1], second.stdout.read().splitlines()[-1]]
    assert ended == ["end", "end"]
    assert state(data) == state_from_scratch(folder)


def test_a_writer_that_holds_the_lock_too_long_is_reported(data: Path, folder: Path) -> None:
    data.mkdir()
    with FileLock(data / LOCK_NAME), pytest.raises(IndexBusyError, match=LOCK_NAME):
        refresh(data, EMBEDDER, folder, None, 0.1)


def test_the_lock_of_a_dead_process_holds_nobody(data: Path, folder: Path) -> None:
    many(folder, 5, "خبر")
    with start(data, folder) as indexer:
        assert indexer.stdout
        indexer.stdout.readline()
        indexer.kill()
    assert refresh(data, EMBEDDER, folder, None, 0.1).passages
