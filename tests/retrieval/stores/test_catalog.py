"""The catalog: what readers are shown, and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.corpus.articles import article_id_of
from retrieval.corpus.scan import File, Stamp
from retrieval.errors import IndexDamagedError
from retrieval.index.catalog_writer import CatalogWriter, Segment
from retrieval.index.row_embedding import SlicedArticle
from retrieval.stores.catalog import Catalog
from retrieval.stores.database import FILE_NAME
from retrieval.types import Article, Failure, Passage, Span

MADE = {"embedding": "hashing-1", "analysis": "1"}
STAMP = Stamp(10, 1_000, 2_000)


def article(text: str, path: str = "a.txt", title: str | None = None) -> Article:
    return Article(article_id_of(text), path, text, (Span(0, len(text)),), title, sha256="digest")


def passage(text: str) -> Passage:
    return Passage(article_id_of(text), 0, len(text), text)


def file(path: str, text: str, title: str | None = None) -> File:
    return File(path, STAMP, 3_000, "digest", article_id_of(text), title=title)


def stage(catalog: CatalogWriter, *texts: str) -> None:
    catalog.stage([SlicedArticle(article(text), [passage(text)], [Span(0, len(text))]) for text in texts])


def seal(catalog: CatalogWriter, *texts: str) -> None:
    catalog.seal(catalog.new_segment(), len(texts), [article_id_of(text) for text in texts], 3)


def show(catalog: CatalogWriter, *files: tuple[str, str]) -> None:
    """Index texts under paths, as a whole refresh does."""
    texts = [text for _, text in files if not catalog.holds(article_id_of(text))]
    stage(catalog, *dict.fromkeys(texts))
    catalog.publish([file(path, text) for path, text in files], [], "")
    if texts:
        seal(catalog, *dict.fromkeys(texts))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[CatalogWriter]:
    catalog = CatalogWriter.create(tmp_path / "index", MADE)
    yield catalog
    catalog.close()


def test_a_new_catalog_shows_nothing_and_says_how_it_is_made(catalog: CatalogWriter) -> None:
    assert catalog.build_config == MADE
    assert catalog.generation == 0
    assert catalog.articles() == []
    assert catalog.is_tidy()


def test_what_is_staged_is_not_shown(catalog: CatalogWriter) -> None:
    stage(catalog, "سلام")
    assert catalog.holds(article_id_of("سلام"))
    assert catalog.articles() == []
    assert catalog.passages([passage("سلام").passage_id]) == {}
    assert catalog.passages_of(article_id_of("سلام")) == []
    assert (catalog.article_count(), catalog.passage_count(), catalog.generation) == (0, 0, 0)


def test_publishing_shows_articles_as_they_were_staged(catalog: CatalogWriter) -> None:
    text = "عنوان\n\nنص «المقال» هنا 😀"
    stage(catalog, text)
    catalog.publish([file("خبر/a b.txt", text, title="عنوان")], [], "")
    assert catalog.articles() == [article(text, "خبر/a b.txt", "عنوان")]
    assert catalog.article(article_id_of(text)) == article(text, "خبر/a b.txt", "عنوان")
    assert catalog.passages_of(article_id_of(text)) == [passage(text)]
    assert catalog.passages([passage(text).passage_id, "unknown:0-1"]) == {passage(text).passage_id: passage(text)}
    assert (catalog.article_count(), catalog.passage_count(), catalog.generation) == (1, 1, 1)


def test_another_connection_sees_it_too(catalog: CatalogWriter) -> None:
    reader = Catalog(catalog.folder)
    show(catalog, ("a.txt", "سلام"))
    assert reader.generation == 2
    assert [found.path for found in reader.articles()] == ["a.txt"]
    reader.close()


def test_a_text_of_which_no_file_is_left_is_hidden_at_once_and_forgotten_later(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"), ("b.txt", "حرب"))
    catalog.publish([file("a.txt", "حرب")], ["b.txt"], "")
    assert [(found.path, found.text) for found in catalog.articles()] == [("a.txt", "حرب")]
    assert catalog.orphans() == [article_id_of("سلام")]
    assert not catalog.is_tidy()
    catalog.delete_orphans()
    assert catalog.orphans() == []
    assert catalog.is_tidy()


def test_a_move_is_only_a_new_path(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    catalog.publish([file("b.txt", "سلام")], ["a.txt"], "")
    assert [found.path for found in catalog.articles()] == ["b.txt"]
    assert catalog.is_tidy()


def test_of_one_text_in_several_files_the_first_path_counts_until_it_goes(catalog: CatalogWriter) -> None:
    show(catalog, ("b.txt", "سلام"), ("c.txt", "سلام"), ("a.txt", "سلام"))
    assert [found.path for found in catalog.articles()] == ["a.txt"]
    catalog.publish([], ["a.txt"], "")
    assert [found.path for found in catalog.articles()] == ["b.txt"]


def test_files_are_remembered_with_their_failures(catalog: CatalogWriter) -> None:
    bad = File("bad.txt", STAMP, 3_000, None, reason="is empty")
    show(catalog, ("a.txt", "سلام"))
    catalog.publish([bad], [], "")
    assert catalog.files() == {"a.txt": file("a.txt", "سلام"), "bad.txt": bad}
    assert catalog.failures() == [Failure("bad.txt", "is empty")]
    assert catalog.article_count() == 1


def test_touching_a_file_changes_nothing_for_readers(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    touched, generation = replace(file("a.txt", "سلام"), read_ns=9_000), catalog.generation
    catalog.record_unchanged([touched])
    assert catalog.files() == {"a.txt": touched}
    assert catalog.generation == generation


def test_a_refresh_that_died_leaves_orphans_which_can_be_deleted(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    stage(catalog, "حرب")
    assert not catalog.is_tidy()
    assert catalog.orphans() == [article_id_of("حرب")]
    catalog.delete_orphans()
    assert catalog.is_tidy()
    assert catalog.sealed() == [1]
    assert [found.text for found in catalog.articles()] == ["سلام"]


def test_a_step_that_fails_leaves_nothing_behind(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    with pytest.raises(sqlite3.IntegrityError):  # there is no such article
        catalog.publish([file("b.txt", "حرب")], ["a.txt"], "")
    assert [found.path for found in catalog.articles()] == ["a.txt"]
    assert catalog.generation == 2


def test_segments_count_what_is_left_of_them(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"), ("b.txt", "حرب"))
    show(catalog, ("c.txt", "نهر"))
    catalog.publish([], ["b.txt"], "")
    catalog.delete_orphans()
    assert catalog.segments() == [Segment(1, 2, 1), Segment(2, 1, 1)]


def test_a_segment_that_holds_nothing_more_goes_with_its_last_article(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    show(catalog, ("b.txt", "حرب"))
    catalog.publish([], ["a.txt"], "")
    assert catalog.sealed() == [2]


def test_an_article_is_pending_from_when_it_is_shown_until_its_vectors_are(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    stage(catalog, "حرب", "نهر")
    assert (catalog.pending(), catalog.pending_count()) == ({}, 0)
    catalog.publish([file("b.txt", "حرب"), file("c.txt", "نهر")], [], "")
    assert catalog.is_tidy()
    assert catalog.pending() == {article_id_of("حرب"): 1, article_id_of("نهر"): 1}
    seal(catalog, "حرب")
    assert catalog.pending() == {article_id_of("نهر"): 1}
    assert catalog.segments() == [Segment(1, 1, 1), Segment(2, 1, 1)]
    catalog.publish([], ["c.txt"], "")
    assert (catalog.pending(), catalog.orphans()) == ({}, [article_id_of("نهر")])


def test_the_articles_of_a_segment_that_was_lost_are_pending_again(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"), ("b.txt", "حرب"))
    show(catalog, ("c.txt", "نهر"))
    generation = catalog.generation
    assert catalog.lose([1]) == 2
    assert catalog.pending() == {article_id_of("سلام"): 1, article_id_of("حرب"): 1}
    assert catalog.segments() == [Segment(2, 1, 1)]
    assert catalog.generation == generation + 1


def test_a_slice_is_found_in_the_passage_that_holds_it(catalog: CatalogWriter) -> None:
    text = "جملة أولى. جملة ثانية.\n\nجملة ثالثة."
    own, last = article_id_of(text), text.rindex("جملة")
    passages = [Passage(own, 0, 22, text[:22]), Passage(own, last, len(text), text[last:])]
    slices = [Span(0, 10), Span(11, 22), Span(last, len(text))]
    catalog.stage([SlicedArticle(article(text), passages, slices)])
    ids = [f"{own}:{start}-{end}" for start, end in slices]
    assert catalog.passages_holding(ids) == {}
    catalog.publish([file("a.txt", text)], [], "")
    assert catalog.passages_holding([*ids, "unknown:0-1"]) == dict(zip(ids, [passages[0], *passages], strict=True))
    assert catalog.rows_of([own]) == {}
    catalog.seal(catalog.new_segment(), 3, [own], 3)
    assert catalog.rows_of([own, "unknown"]) == {1: ids}
    assert catalog.sliced([own]) == [SlicedArticle(article(text), passages, tuple(slices))]
    assert (catalog.row_count(), catalog.dimensions) == (3, 3)


def test_a_merged_segment_takes_the_place_of_others(catalog: CatalogWriter) -> None:
    show(catalog, ("a.txt", "سلام"))
    show(catalog, ("b.txt", "حرب"))
    catalog.merge([1, 2], catalog.new_segment(), 2)
    assert catalog.segments() == [Segment(3, 2, 2)]
    assert catalog.held_in(3) == {article_id_of("سلام"): 1, article_id_of("حرب"): 1}
    assert catalog.generation == 5
    assert catalog.is_tidy()


def test_the_number_of_a_segment_is_never_given_twice(catalog: CatalogWriter) -> None:
    assert catalog.new_segment() == 1
    catalog.drop_unsealed()
    assert catalog.new_segment() == 2


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def beheaded(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


@pytest.mark.parametrize("harm", [emptied, replaced, halved, beheaded])
def test_a_damaged_catalog_says_what_to_delete_and_what_to_run(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    folder = tmp_path / "index"
    catalog = CatalogWriter.create(folder, MADE)
    show(catalog, *((f"{at}.txt", f"سلام {at}") for at in range(200)))
    catalog.close()
    harm(folder / FILE_NAME)
    with pytest.raises(IndexDamagedError, match=f"Delete the folder {folder} and run: sanad index"):
        Catalog(folder).articles()
