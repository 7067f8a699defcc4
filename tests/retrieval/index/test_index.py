"""The index as readers meet it: what it finds and shows, while others write it, and when it is damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.embeddings.factory import make_embedder
from retrieval.errors import EmptyIndexError, IndexDamagedError, UnknownArticleError
from retrieval.index.index import Index
from retrieval.stores.catalog import resolve_reference

ROOT = Path(__file__).parents[3]
EMBEDDER = make_embedder("hashing")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def index(data: Path, articles: Path) -> Iterator[Index]:
    with Index.open(data, EMBEDDER) as index:
        index.refresh(articles)
        yield index


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_text(text, encoding="utf-8")


def found(index: Index, query: str) -> list[str]:
    return [index.article_by_id(hit.passage.article_id).path for hit in index.search(query).hits]


def refresh_elsewhere(data: Path, folder: Path) -> None:
    """Refresh in another process."""
    program = (
        "import sys; from pathlib import Path; from retrieval.embeddings.factory import make_embedder\n"
        "from retrieval.index.index import Index\n"
        "Index.open(Path(sys.argv[1]), make_embedder('hashing')).refresh(Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", program, data, folder], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("من التقى لافروف؟", "talks/sochi.txt"),
        ("Who met Lavrov?", "talks/sochi.txt"),
        ("كم بلغت كلفة الجسر؟", "bridge.txt"),
        ("Why did the wheat harvest decline?", "harvest.txt"),
    ],
)
def test_a_question_in_either_language_finds_its_article_first(index: Index, query: str, first: str) -> None:
    assert found(index, query)[0] == first


def test_hits_are_best_first_and_at_most_as_many_as_asked(index: Index) -> None:
    hits = index.search("وزير الخارجية الروسي", limit=2).hits
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


@pytest.mark.parametrize("query", ["", " ", "؟", "😀", "\x00\x1b", "x", "س", "سلام " * 3000])
def test_any_query_is_answered(index: Index, query: str) -> None:
    assert len(index.search(query).hits) <= 10


def test_every_passage_is_a_slice_of_its_article(index: Index) -> None:
    catalog = index.catalog
    passages = [passage for article in catalog.articles() for passage in catalog.passages_of(article.article_id)]
    assert len(passages) == catalog.passage_count()
    for passage in passages:
        assert index.article_by_id(passage.article_id).text[passage.start : passage.end] == passage.text
    assert index.catalog.passages([passage.passage_id for passage in passages]) == {
        passage.passage_id: passage for passage in passages
    }


def test_opening_writes_nothing(data: Path) -> None:
    with Index.open(data, EMBEDDER) as index:
        assert index.catalog.is_empty
        assert (index.catalog.articles(), index.catalog.article_count(), index.catalog.passage_count()) == ([], 0, 0)
        with pytest.raises(EmptyIndexError, match="sanad index"):
            index.search("سلام")
    assert not data.exists()


def test_an_index_can_be_opened_again_and_used_after_it_was_closed(index: Index, data: Path) -> None:
    before = index.search("لافروف")
    index.close()
    assert index.search("لافروف") == before
    with Index.open(data, EMBEDDER) as other:
        assert other.search("لافروف") == before


def test_a_reader_sees_what_its_own_process_wrote(index: Index, articles: Path) -> None:
    assert found(index, "زلزال")[:1] != ["new.txt"]
    write(articles, "new.txt", "ضرب زلزال قوي شرق تركيا.")
    index.refresh(articles)
    assert found(index, "زلزال")[0] == "new.txt"


def test_a_reader_sees_what_another_process_wrote(index: Index, data: Path, articles: Path) -> None:
    index.search("زلزال")
    index.article("bridge.txt")
    write(articles, "new.txt", "ضرب زلزال قوي شرق تركيا.")
    (articles / "bridge.txt").rename(articles / "jisr.txt")
    (articles / "harvest.txt").unlink()
    refresh_elsewhere(data, articles)
    assert found(index, "زلزال")[0] == "new.txt"
    with index.pin() as pinned:
        question, vector = pinned.analyse("زلزال"), EMBEDDER.get_query_embedding("زلزال")
        vectors = pinned.hybrid.candidates(question, vector, 9).by_vectors
    assert vectors[0][0] == index.catalog.passages_of(index.article("new.txt").article_id)[0].passage_id
    assert [article.path for article in index.catalog.articles()] == ["jisr.txt", "new.txt", "talks/sochi.txt"]


def test_a_reader_goes_over_to_a_data_folder_that_was_deleted_and_made_again(
    index: Index, data: Path, articles: Path
) -> None:
    assert found(index, "لافروف")
    shutil.rmtree(data)
    assert index.catalog.is_empty
    write(articles, "new.txt", "ضرب زلزال قوي شرق تركيا.")
    refresh_elsewhere(data, articles)
    assert found(index, "زلزال")[0] == "new.txt"


def test_readers_see_the_old_state_or_the_new_one_while_it_is_written(index: Index, articles: Path) -> None:
    """One file says one of two things, and each search finds the one or the other: never none, never both."""
    texts = [f"زلزال قوي ضرب {place} في ساعة مبكرة." for place in ("تركيا", "اليابان")]
    write(articles, "quake.txt", texts[0])
    index.refresh(articles)
    stop = threading.Event()

    def rewrite() -> None:
        for at in range(1, 9):
            write(articles, "quake.txt", texts[at % 2])
            index.refresh(articles)
        stop.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    seen = []
    while not stop.is_set():
        with index.pin() as pinned:
            question, vector = pinned.analyse("زلزال"), EMBEDDER.get_query_embedding("زلزال")
            passages = pinned.hybrid.candidates(question, vector, 30).passages.values()
        seen.append([passage.text for passage in passages if "زلزال" in passage.text])
    writer.join()
    assert seen
    assert all(texts_seen in ([texts[0]], [texts[1]]) for texts_seen in seen)


def test_several_threads_search_at_once(index: Index) -> None:
    expected = index.search("لافروف")
    wrong: list[object] = []

    def search() -> None:
        wrong.extend(hits for _ in range(10) if (hits := index.search("لافروف")) != expected)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# Articles by reference.


def test_an_article_goes_by_its_number_id_path_and_file_name(index: Index) -> None:
    articles = index.catalog.articles()
    assert [article.path for article in articles] == ["bridge.txt", "harvest.txt", "talks/sochi.txt"]
    sochi = articles[2]
    for reference in ("3", "٣", sochi.article_id, sochi.article_id[:6].upper(), "talks/sochi.txt", "sochi.txt"):
        assert index.article(reference) == sochi


PATHS = [("a/x.txt", "aaaa11111111"), ("b/x.txt", "aaaa22222222"), ("1234", "bbbb33333333"), ("c.txt", "aaaa11111111")]


@pytest.mark.parametrize(
    ("reference", "article_id"),
    [("1", PATHS[0][1]), ("2", PATHS[1][1]), ("1234", PATHS[2][1]), ("aaaa1", PATHS[0][1]), ("c.txt", PATHS[0][1])],
)
def test_a_reference_names_one_article(reference: str, article_id: str) -> None:
    assert resolve_reference(reference, PATHS) == article_id


@pytest.mark.parametrize("reference", ["", "0", "4", "-1", "9" * 5000, "bbb", "d.txt", "a", "\x00"])
def test_a_reference_that_names_none_says_how_to_list_them(reference: str) -> None:
    with pytest.raises(UnknownArticleError, match=r"(?s)No article goes by .* sanad articles"):
        resolve_reference(reference, PATHS)


@pytest.mark.parametrize("reference", ["aaaa", "x.txt"])
def test_a_reference_that_names_several_says_so(reference: str) -> None:
    with pytest.raises(UnknownArticleError, match="2 articles go by"):
        resolve_reference(reference, PATHS)


def test_an_id_that_no_article_has_is_an_error(index: Index) -> None:
    with pytest.raises(UnknownArticleError, match="sanad articles"):
        index.article_by_id("000000000000")


# Damage.


def spoil(*patterns: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        files = [file for pattern in patterns for file in folder.glob(pattern) if file.is_file()]
        assert files
        for file in files:
            file.write_bytes(b"garbage")

    return harm


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: shutil.rmtree(folder / name)


@pytest.mark.parametrize(
    "harm",
    [
        spoil("catalog.sqlite"),
        spoil("words/*"),
        spoil("words/meta.json"),
        spoil("words/*.store"),
        spoil("words/*.idx", "words/*.term"),
        spoil("words/.managed.json"),
        spoil("vectors/*/*"),
        spoil("vectors/*/*/*"),
        remove("words"),
        remove("vectors"),
    ],
)
def test_a_damaged_index_says_what_to_delete_and_what_to_run(
    data: Path, articles: Path, harm: Callable[[Path], None]
) -> None:
    with Index.open(data, EMBEDDER) as index:
        index.refresh(articles)
    (folder,) = data.glob("index-*")
    harm(folder)
    with pytest.raises(IndexDamagedError, match=f"Delete the folder {folder} and run: sanad index$"):
        Index.open(data, EMBEDDER).search("لافروف")


def test_deleting_the_damaged_folder_and_indexing_again_is_the_way_out(data: Path, articles: Path) -> None:
    with Index.open(data, EMBEDDER) as index:
        index.refresh(articles)
    (folder,) = data.glob("index-*")
    spoil("catalog.sqlite")(folder)
    with pytest.raises(IndexDamagedError):
        Index.open(data, EMBEDDER)
    shutil.rmtree(folder)
    with Index.open(data, EMBEDDER) as index:
        assert len(index.refresh(articles).new) == 3
        assert found(index, "لافروف")
