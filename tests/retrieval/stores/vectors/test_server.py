"""The vectors on a real Chroma server, which is killed, emptied, forbidden and replaced."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, edit, write
from support.servers.chroma import ChromaServer, Guard
from support.servers.ports import free_port

from retrieval.answering.sanad import Sanad
from retrieval.errors import VectorsError
from retrieval.index import hybrid
from retrieval.index.index import Index
from retrieval.stores.vectors import client as chroma_failing
from retrieval.stores.vectors import http_api, server
from retrieval.stores.vectors.protocol import VectorRow
from retrieval.stores.vectors.server import ServerVectors
from retrieval.types import Filters

EAST, NORTH, NORTH_EAST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (2.0, 2.0, 0.0)
QUESTION = "أين التقى شويغو نظيره التركي؟"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a server tried again at once, so that no test waits."""
    monkeypatch.setattr(chroma_failing, "REST_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def place(chroma: ChromaServer) -> Iterator[ServerVectors]:
    place = ServerVectors(chroma.url)
    yield place
    place.close()


@pytest.fixture
def index(data: Path, folder: Path, place: ServerVectors) -> Iterator[Index]:
    with Index.open(data, EMBEDDER, place) as index:
        index.refresh(folder)
        yield index


def write_segment(place: ServerVectors, folder: Path, segment: int, *rows: VectorRow) -> None:
    writer = place.writer(folder, segment)
    writer.add(rows)
    writer.seal()


def own(place: ServerVectors, data: Path) -> int:
    return place.status(data).own


def failure(index: Index) -> str | None:
    return index.search(QUESTION).failure


# A place like the other.


@pytest.fixture
def segments(tmp_path: Path, place: ServerVectors) -> Path:
    folder = tmp_path / "index-cafe"
    folder.mkdir()
    write_segment(place, folder, 1, VectorRow("a:0-9", EAST), VectorRow("b:0-9", NORTH))
    write_segment(place, folder, 2, VectorRow("c:0-9", NORTH_EAST))
    return folder


def test_the_nearest_of_all_segments_comes_first_with_its_cosine_similarity(
    place: ServerVectors, segments: Path
) -> None:
    found = place.reader(segments, [1, 2]).search((3.0, 0.1, 0.0), 3)
    assert [passage_id for passage_id, _ in found] == ["a:0-9", "c:0-9", "b:0-9"]
    assert [round(similarity, 2) for _, similarity in found] == [1.0, 0.73, 0.03]


def test_only_the_segments_that_are_asked_for_are_searched(place: ServerVectors, segments: Path) -> None:
    reader = place.reader(segments, [1, 2])
    assert [passage_id for passage_id, _ in reader.search(EAST, 9, [2])] == ["c:0-9"]
    reader.follow([1])
    assert {passage_id for passage_id, _ in reader.search(EAST, 9)} == {"a:0-9", "b:0-9"}


def test_a_few_passages_are_compared_wherever_they_lie(place: ServerVectors, segments: Path) -> None:
    rows = [VectorRow(f"{at:012x}:0-9", (1.0, float(at), 1.0)) for at in range(600)]
    write_segment(place, segments, 3, *rows)
    reader = place.reader(segments, [1, 2, 3])
    whole = dict(reader.search(NORTH_EAST, 300))
    found = reader.among(NORTH_EAST, {1: ["b:0-9", "unknown"], 2: ["c:0-9"], 3: [row.row_id for row in rows[:500]]})
    assert {row_id for row_id, _ in found} == {"c:0-9", "b:0-9", *(row.row_id for row in rows[:500])}
    assert found[0] == ("c:0-9", pytest.approx(1.0, abs=1e-5))
    assert [similarity for _, similarity in found] == sorted((similarity for _, similarity in found), reverse=True)
    assert all(whole[passage_id] == pytest.approx(own, abs=1e-5) for passage_id, own in found if passage_id in whole)


def test_the_vectors_are_kept_as_they_were_given(place: ServerVectors, segments: Path) -> None:
    (rows,) = place.reader(segments).rows(1, ["b:0-9", "a:0-9", "unknown"])
    assert {row.row_id: tuple(row.vector) for row in rows} == {"a:0-9": EAST, "b:0-9": NORTH}


def test_more_passages_than_one_request_may_have_are_written_and_read(place: ServerVectors, segments: Path) -> None:
    rows = [VectorRow(f"{at:012x}:0-9", (1.0, float(at))) for at in range(700)]
    write_segment(place, segments, 3, *rows)
    reader = place.reader(segments, [3])
    assert len(reader.search((1.0, 1.0), 700)) == server.MOST_FOUND
    assert sum(len(batch) for batch in reader.rows(3, [row.row_id for row in rows])) == 700


def test_a_segment_is_made_in_place_of_one_that_was_not_sealed(place: ServerVectors, segments: Path) -> None:
    place.writer(segments, 3).add([VectorRow("x:0-9", EAST)])
    write_segment(place, segments, 3, VectorRow("d:0-9", NORTH))
    assert [passage_id for passage_id, _ in place.reader(segments, [3]).search(EAST, 9)] == ["d:0-9"]


def test_what_a_catalog_does_not_name_is_a_stray_and_what_it_names_in_vain_is_lost(
    place: ServerVectors, segments: Path
) -> None:
    difference = place.compare(segments, {2: 7, 3: 1})
    assert [name.rpartition("-")[2] for name in difference.strays] == ["1", "2"]
    assert difference.lost == (2, 3)
    place.drop(difference.strays)
    assert own(place, segments.parent) == 0


# An index with its vectors there.


def test_both_legs_find_what_is_asked(index: Index) -> None:
    found = index.search(QUESTION)
    assert found.failure is None
    assert (found.hits[0].lexical_rank, found.hits[0].vector_rank) == (1, 1)


def test_a_refresh_leaves_on_the_server_what_the_catalog_names(
    index: Index, place: ServerVectors, data: Path, folder: Path
) -> None:
    for number in range(10):
        write(folder, f"new/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")
        index.refresh(folder)
    edit(folder)
    index.refresh(folder)
    with index.pin() as pinned:
        segments = len(pinned.segments)
    index.refresh(folder)
    assert own(place, data) == segments <= 9
    assert failure(index) is None


def test_a_question_is_answered_by_words_alone_while_the_server_is_down(
    index: Index, place: ServerVectors, chroma: ChromaServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert not Sanad(index).ask(QUESTION).lexical_only
    chroma.kill()
    answer = Sanad(index).ask(QUESTION)
    assert answer.found
    assert answer.lexical_only
    assert f"Searched by words alone. The Chroma server {chroma.url} cannot be reached." in caplog.messages[0]
    chroma.start()
    assert not Sanad(index).ask(QUESTION).lexical_only


@pytest.fixture(params=[0, 1_000])
def _compared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have passages of filtered articles compared one by one, and, with 0, found among all."""
    monkeypatch.setattr(hybrid, "MOST_COMPARED", request.param)


@pytest.mark.usefixtures("_compared")
def test_filters_hold_whether_the_server_answers_or_not(
    data: Path, tmp_path: Path, place: ServerVectors, chroma: ChromaServer
) -> None:
    for path, day in (("may.txt", "2019-05-14"), ("june.txt", "2019-06-14")):
        write(tmp_path / "dated", path, f"---\ndate: {day}\n---\nالتقى شويغو نظيره التركي في مدينة {path}.")
    with Index.open(data, EMBEDDER, place) as index:
        index.refresh(tmp_path / "dated")
        with index.pin() as pinned:
            within, _ = pinned.narrow(Filters(since="2019-06"))
        whole = index.search(QUESTION, within=within, collapse="story")
        chroma.kill()
        alone = index.search(QUESTION, within=within, collapse="story")
        answer = Sanad(index).ask(QUESTION, filters=Filters(since="2019-06"))
    assert (whole.failure, alone.failure is None, answer.lexical_only) == (None, False, True)
    assert [hit.vector_rank for hit in whole.hits] == [1]
    for found in (whole, alone):
        assert [index.article_by_id(hit.passage.article_id).path for hit in found.hits] == ["june.txt"]
    assert [citation.path for citation in answer.citations] == ["june.txt"]


def test_a_server_that_was_down_is_left_alone_for_a_while(
    index: Index, guard: Guard, data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_failing, "REST_SECONDS", 60.0)
    with Index.open(data, EMBEDDER, ServerVectors(guard.url)) as guarded:
        guarded.refresh(folder)
        guard.status = 503
        first = failure(guarded)
        asked = len(guard.asked)
        assert failure(guarded) == first == f"The Chroma server {guard.url} failed (HTTP 503). Look at its log."
        assert len(guard.asked) == asked


def test_a_server_that_dies_in_a_refresh_leaves_the_words_and_the_next_one_writes_the_vectors(
    data: Path, folder: Path, guard: Guard, chroma: ChromaServer
) -> None:
    place = ServerVectors(guard.url)
    with Index.open(data, EMBEDDER, place) as index:
        index.refresh(folder)
        edit(folder)
        for number in range(100):
            write(folder, f"many/{number}.txt", f"نص رقم {number} عن محصول القمح في سوريا.")

        guard.kills_at = "/upsert"
        report = index.refresh(folder)
        assert "Chroma server" in str(report.failure)
        assert (len(report.new), report.pending, index.catalog.article_count()) == (100, 101, 103)
        guard.kills_at = ""
        assert Sanad(index).ask("محصول القمح").lexical_only
        chroma.start()
        report = index.refresh(folder)
        assert (report.new, report.pending, report.failure) == ((), 0, None)
        assert index.search("محصول القمح").failure is None
        index.refresh(folder)
        with index.pin() as pinned:
            assert own(place, data) == len(pinned.segments)


def test_a_server_that_has_lost_everything_is_filled_again(
    index: Index, chroma: ChromaServer, place: ServerVectors, folder: Path
) -> None:
    chroma.kill()
    shutil.rmtree(chroma.folder)
    chroma.folder.mkdir()
    chroma.start()
    assert failure(index) == (
        f"The Chroma server {chroma.url} has lost vectors of this index. Bring them back: sanad index"
    )
    rebuilt = index.refresh(folder).rebuilt
    assert rebuilt == f"The vectors of 3 passages were missing ({chroma.url}) and are written again."
    assert failure(index) is None
    assert index.refresh(folder).rebuilt is None


def test_a_collection_that_was_emptied_is_noticed(index: Index, place: ServerVectors, folder: Path) -> None:
    with closing(chroma_failing.ChromaServer(place.name, "", "", "")) as opened, opened.use() as connection:
        for name in connection.names():
            collection = connection.collection(name)
            collection.delete(ids=collection.get(include=[])["ids"])
    with Index.open(folder.parent / "data", EMBEDDER, ServerVectors(place.name)) as other:
        assert "were missing" in str(other.refresh(folder).rebuilt)
        assert failure(other) is None


# Several data folders, several places.


def test_two_data_folders_on_one_server_leave_each_other_alone(
    index: Index, place: ServerVectors, data: Path, folder: Path, tmp_path: Path
) -> None:
    others, elsewhere = tmp_path / "others", tmp_path / "elsewhere"
    shutil.copytree(folder, others)
    with Index.open(elsewhere, EMBEDDER, place) as other:
        other.refresh(others)
        edit(others)
        other.refresh(others)
        other.refresh(others)
        assert (own(place, data), own(place, elsewhere)) == (1, 2)
        index.refresh(folder)
        assert failure(index) is failure(other) is None
        assert "شويغو" in index.article("a.txt").text
        assert "القمح" in other.article("a.txt").text


def test_a_copied_data_folder_does_not_take_over_the_collections_of_the_first(
    index: Index, place: ServerVectors, data: Path, folder: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(data, copied)
    with Index.open(copied, EMBEDDER, place) as copy:
        assert "were missing" in str(copy.refresh(folder).rebuilt)
        edit(folder)
        copy.refresh(folder)
        assert failure(index) is failure(copy) is None


def test_two_processes_on_one_data_folder_see_each_generation(
    index: Index, chroma: ChromaServer, data: Path, folder: Path
) -> None:
    with Index.open(data, EMBEDDER, ServerVectors(chroma.url)) as other:
        assert failure(other) is None
        edit(folder)
        index.refresh(folder)
        found = other.search("محصول القمح")
        assert found.failure is None
        assert found.hits[0].vector_rank == 1


def test_another_place_is_another_index_and_says_so(
    index: Index, chroma: ChromaServer, data: Path, folder: Path
) -> None:
    with Index.open(data, EMBEDDER) as embedded:
        assert embedded.refresh(folder).rebuilt == (
            f"The index was made with vectors {chroma.url}, this is vectors embedded: built anew beside the old one."
        )
        assert failure(embedded) is None
    with Index.open(data, EMBEDDER, ServerVectors(chroma.url, database="default_database")) as back:
        rebuilt = str(back.refresh(folder).rebuilt)
        assert f"this is vectors {chroma.url} database default_database: built anew" in rebuilt
        assert failure(back) is None


# What may be wrong with a server.


def problem(url: str, tmp_path: Path, token: str = "", tenant: str = "", database: str = "") -> str:
    place = ServerVectors(url, token, tenant, database)
    with pytest.raises(VectorsError) as raised:
        place.status(tmp_path)
    place.close()
    return str(raised.value)


def test_a_token_opens_what_asks_for_one(guard: Guard, tmp_path: Path) -> None:
    guard.token = "s3cret"
    place = ServerVectors(guard.url, "s3cret")
    assert place.status(tmp_path).version[:2] == "1."
    place.close()


@pytest.mark.parametrize("token", ["", "wr0ng"])
def test_a_token_that_is_missing_or_wrong_is_named_and_never_shown(
    guard: Guard, tmp_path: Path, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guard.token = "s3cret"
    said = problem(guard.url, tmp_path, token)
    refused = "refuses the token" if token else "asks for a token"
    assert said == (
        f"The Chroma server {guard.url} {refused} (HTTP 401). Look at SANAD_CHROMA_TOKEN and at what it may do."
    )
    assert "wr0ng" not in said + caplog.text


@pytest.mark.parametrize(("tenant", "database"), [("nobody", ""), ("", "nothing")])
def test_a_place_that_is_not_there_is_named(chroma: ChromaServer, tmp_path: Path, tenant: str, database: str) -> None:
    what = "tenant" if tenant else "database"
    assert problem(chroma.url, tmp_path, tenant=tenant, database=database) == (
        f"The Chroma server {chroma.url} has no {what} {tenant or database!r}. "
        f"Correct SANAD_CHROMA_{what.upper()}, or make it there."
    )


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>hello</html>", "There is no Chroma server at {url}. Correct SANAD_CHROMA_URL."),
        (200, b"[]", "There is no Chroma server at {url}. Correct SANAD_CHROMA_URL."),
        (404, b"", "There is no Chroma server of version 1 or later at {url}. Correct SANAD_CHROMA_URL."),
        (500, b"", "The Chroma server {url} failed (HTTP 500). Look at its log."),
        (429, b"", "The Chroma server {url} is busy (HTTP 429). Try again in a moment."),
        (403, b"", "The Chroma server {url} asks for a token (HTTP 403). Look at SANAD_CHROMA_TOKEN and at what it"),
    ],
)
def test_what_is_no_server_of_use_is_named(guard: Guard, tmp_path: Path, status: int, body: bytes, said: str) -> None:
    guard.status, guard.body = status, body
    assert said.format(url=guard.url) in problem(guard.url, tmp_path)


def test_a_server_that_does_not_answer_is_named(guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_api, "ANSWERING", 0.05)
    guard.waits = 0.5
    assert problem(guard.url, tmp_path) == (
        f"The Chroma server {guard.url} did not answer in time. Look whether it runs, and at SANAD_CHROMA_URL."
    )


def test_an_old_server_is_refused(guard: Guard, tmp_path: Path) -> None:
    guard.version = "0.6.3"
    assert problem(guard.url, tmp_path) == (
        f"There is a Chroma server of version 0.6.3, and 1.0 is needed at {guard.url}. Correct SANAD_CHROMA_URL."
    )


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert problem(url, tmp_path) == (
        f"The Chroma server {url} cannot be reached. Look whether it runs, and at SANAD_CHROMA_URL."
    )
