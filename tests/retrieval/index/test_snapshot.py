"""One question, one generation: what is pinned stays as it is, whatever any process writes meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, run, state, state_from_scratch, write

from retrieval.answering.sanad import Sanad
from retrieval.events import StageEvent
from retrieval.index import vector_writer
from retrieval.index.index import Index
from retrieval.types import Answer

ROOT = Path(__file__).parents[3]
QUESTION = "كم منشأة طبية خرجت من الخدمة في شمال سوريا؟"

READER = """
import sys
from pathlib import Path
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
with Index.open(Path(sys.argv[1]), make_embedder("hashing")).pin() as pinned:
    print(pinned.article_count, flush=True)
    sys.stdin.read()
    print(len(pinned.search(pinned.analyse(sys.argv[2])).hits), flush=True)
"""


def refresh_elsewhere(data: Path, folder: Path) -> None:
    """Refresh in another process."""
    program = (
        "import sys; from pathlib import Path; from retrieval.embeddings.factory import make_embedder\n"
        "from retrieval.index.refresh import refresh\n"
        "refresh(Path(sys.argv[1]), make_embedder('hashing'), Path(sys.argv[2]), None, 10.0)"
    )
    subprocess.run([sys.executable, "-c", program, data, folder], check=True, cwd=ROOT)


@pytest.fixture
def index(data: Path, folder: Path) -> Iterator[Index]:
    run(data, folder)
    with Index.open(data, EMBEDDER) as index:
        yield index


def replace_all(folder: Path) -> None:
    for path in folder.rglob("*.txt"):
        path.unlink()
    write(folder, "new.txt", "افتتح وزير الري سدا جديدا على النهر.")


def vectors_of(data: Path) -> set[str]:
    return {path.name for path in data.glob("index-*/vectors/*")}


@pytest.mark.parametrize("refresh", [run, refresh_elsewhere])
@pytest.mark.parametrize("stage", ["searching", "reading"])
def test_an_answer_comes_from_the_generation_that_was_searched(
    index: Index, data: Path, folder: Path, refresh: Callable[[Path, Path], object], stage: str
) -> None:
    with Sanad(index) as sanad:
        expected = sanad.ask(QUESTION)
        assert expected.found
        events = sanad.stream(QUESTION)
        assert any(
            isinstance(event, StageEvent) and event.name == stage for event in events
        )  # and it goes on from there
        replace_all(folder)
        refresh(data, folder)
        *_, answer = events
        assert isinstance(answer, Answer)
        assert (answer.sentences, answer.citations) == (expected.sentences, expected.citations)
        assert not sanad.ask(QUESTION).found
        assert index.article_by_id(answer.citations[0].article_id).text == "".join(
            citation.quote for citation in answer.citations
        )


def test_what_was_never_opened_is_still_there_for_who_has_pinned_it(index: Index, data: Path, folder: Path) -> None:
    """The vectors are first opened after their segment has left the catalog."""
    with index.pin() as pinned:
        old = vectors_of(data)
        replace_all(folder)
        run(data, folder)
        assert old <= vectors_of(data)
        found = pinned.hybrid.candidates(pinned.analyse(QUESTION), EMBEDDER.get_query_embedding(QUESTION), 5)
        assert len(found.by_vectors) == 3
    run(data, folder)
    assert state(data) == state_from_scratch(folder)


def test_what_a_reader_held_is_swept_by_the_next_refresh_though_nothing_has_changed(
    index: Index, data: Path, folder: Path
) -> None:
    with index.pin():
        replace_all(folder)
        run(data, folder)
        run(data, folder)
        assert len(vectors_of(data)) == 2
    run(data, folder)
    assert len(vectors_of(data)) == 1


def test_a_reader_that_is_killed_holds_nothing(index: Index, data: Path, folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READER, data, QUESTION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == b"3\n"
        replace_all(folder)
        run(data, folder)
        assert len(vectors_of(data)) == 2
        reader.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    run(data, folder)
    assert state(data) == state_from_scratch(folder)


def test_a_reader_elsewhere_keeps_its_generation_while_this_process_writes(
    index: Index, data: Path, folder: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READER, data, QUESTION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == b"3\n"
        replace_all(folder)
        run(data, folder)
        output, _ = reader.communicate()
    assert int(output) > 0


def test_a_folder_where_no_lock_can_be_taken_is_read_all_the_same(index: Index, data: Path) -> None:
    (place,) = data.glob("index-*")
    write(place, "readers", "in its way")
    assert index.search(QUESTION).hits


def test_a_pinned_question_holds_up_no_other(index: Index) -> None:
    answers: list[Answer] = []
    with index.pin(), Sanad(index) as sanad:
        other = threading.Thread(target=lambda: answers.append(sanad.ask(QUESTION)))
        other.start()
        other.join(60)
    assert [answer.found for answer in answers] == [True]


def test_generations_that_nobody_reads_are_closed(index: Index, data: Path, folder: Path) -> None:
    for at in range(4):
        write(folder, "a.txt", f"نص آخر رقم {at} عن محصول القمح.")
        run(data, folder)
        index.search("القمح")
    assert len(index._live) == 1
    assert len(list(data.glob("index-*/readers/*"))) <= 2


def test_many_threads_ask_while_the_folder_changes(
    index: Index, data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer is whole: found, and quoted from one of the texts that the file has had."""
    monkeypatch.setattr(vector_writer, "MOST_SMALL", 2)
    monkeypatch.setattr(vector_writer, "SMALL_LEFT", 1)
    texts = [f"ضرب زلزال قوي بلغت شدته {at} درجات مدينة وان." for at in range(3, 8)]
    write(folder, "quake.txt", texts[0])
    run(data, folder)
    stop = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        with Sanad(index) as sanad:
            while not stop.is_set():
                try:
                    answer = sanad.ask("كم بلغت شدة زلزال وان؟")
                    quotes = {citation.quote for citation in answer.citations}
                    if len(quotes & set(texts)) != 1:
                        wrong.append(answer)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                    wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for text in texts[1:]:
        write(folder, "quake.txt", text)
        run(data, folder)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
