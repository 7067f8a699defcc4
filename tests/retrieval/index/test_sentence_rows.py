"""Vectors of sentences: what gets one, what it is made of, and what a question sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.builders.folder import EMBEDDER, SentenceEmbedder, edit, run, state, state_from_scratch, write

from retrieval.embeddings.hashing import embed
from retrieval.errors import EmbeddingError
from retrieval.index import hybrid, vector_writer
from retrieval.index.index import Index
from retrieval.index.row_embedding import RowEmbedder, SlicedArticle, combined, embedded_texts, slices_of
from retrieval.search.passage_scoring import sentences_of
from retrieval.types import Article, Passage, Span

HEADLINE = "افتتاح سد جديد على النهر"
LONG = "قال وزير الري إن العمل فيه دام عشر سنوات. وأضاف أن كلفته بلغت مليوني دولار. وحضر الحفل سفير اليابان."
QUESTION = "كم بلغت كلفة السد؟"


@pytest.fixture
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


@pytest.fixture
def index(data: Path, folder: Path, embedder: SentenceEmbedder) -> Iterator[Index]:
    write(folder, "dam.txt", f"{HEADLINE}\n\n{LONG}\n")
    with Index.open(data, embedder) as index:
        index.refresh(folder)
        yield index


def sentence_ids(passage: Passage) -> set[str]:
    return {f"{passage.article_id}:{one.start}-{one.end}" for one in sentences_of(passage)}


# What a vector is made of.


def test_each_sentence_of_a_passage_has_a_slice_and_a_passage_is_one_where_the_model_is_of_passages() -> None:
    passages = [Passage("a", 10, 24, "نعم. لا! ربما؟"), Passage("a", 30, 33, "خبر")]
    assert slices_of(passages, "sentence") == [Span(10, 14), Span(15, 18), Span(19, 24), Span(30, 33)]
    assert slices_of(passages, "passage") == [Span(10, 24), Span(30, 33)]


@pytest.mark.parametrize(
    ("text", "title", "texts"),
    [
        ("قال نعم.", None, ("قال نعم.",)),
        ("قال نعم.", "لقاء", ("قال نعم.", "لقاء\nقال نعم.")),
        ("لقاءٌ في سوتشي", "لقاء", ("لقاءٌ في سوتشي",)),
    ],
)
def test_a_sentence_is_embedded_bare_and_below_a_headline_that_it_does_not_say(
    text: str, title: str | None, texts: tuple[str, ...]
) -> None:
    assert embedded_texts(text, title, "sentence") == texts
    assert embedded_texts(text, title, "passage") == (text,)


def test_vectors_of_any_length_count_the_same() -> None:
    one, other = np.array([10.0, 0.0], dtype=np.float32), np.array([0.0, 0.1], dtype=np.float32)
    assert combined([one]) is one
    assert combined([one, other]) == pytest.approx([0.5**0.5, 0.5**0.5])
    assert combined([one * 0, other]) == pytest.approx([0.0, 1.0])


class Counting(SentenceEmbedder):
    """A model that notes what it is given."""

    embed_batch_size = 2

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        self.batches.append(texts)
        return super().get_text_embedding_batch(texts)


def sliced(article_id: str, text: str, title: str | None = None) -> SlicedArticle:
    passage = Passage(article_id, 0, len(text), text)
    article = Article(article_id, "a.txt", text, (Span(0, len(text)),), title)
    return SlicedArticle(article, [passage], slices_of([passage], "sentence"))


def test_what_stands_in_several_articles_is_embedded_once(tmp_path: Path) -> None:
    embedder = Counting()
    rows = RowEmbedder(embedder, tmp_path)
    first = rows.rows([sliced("a", "قال نعم. وغادر.", "لقاء"), sliced("b", "قال نعم. وعاد.", "لقاء")])
    second = rows.rows([sliced("c", "قال نعم.", "وداع")])
    assert [text for batch in embedder.batches for text in batch] == [
        *("قال نعم.", "لقاء\nقال نعم.", "وغادر.", "لقاء\nوغادر.", "وعاد.", "لقاء\nوعاد.", "وداع\nقال نعم."),
    ]
    assert max(map(len, embedder.batches)) == 2
    assert [row.row_id for row in (*first, *second)] == ["a:0-8", "a:9-15", "b:0-8", "b:9-14", "c:0-8"]
    assert np.array_equal(first[0].vector, first[2].vector)
    assert not np.array_equal(first[0].vector, second[0].vector)


def test_no_more_texts_are_remembered_than_there_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.row_embedding.MOST_TEXTS_KEPT", 1)
    embedder = Counting()
    rows = RowEmbedder(embedder, tmp_path)
    for text in ("قال نعم.", "قال لا.", "قال لا.", "قال نعم."):
        rows.rows([sliced("a", text)])
    assert embedder.batches == [["قال نعم."], ["قال لا."], ["قال نعم."]]


# What Chroma holds.


def test_a_row_is_a_sentence_with_its_text_its_headline_in_the_vector_and_the_passage_it_lies_in(
    index: Index, data: Path
) -> None:
    import chromadb

    article = index.article("dam.txt")
    (passage,) = index.catalog.passages_of(article.article_id)
    (segment,) = data.glob("index-*/vectors/*")
    collection = chromadb.PersistentClient(str(segment)).get_collection("passages")
    start = article.text.index("وأضاف")
    sentence = "وأضاف أن كلفته بلغت مليوني دولار."
    found = collection.get(
        [f"{article.article_id}:{start}-{start + len(sentence)}"], include=["embeddings", "documents"]
    )
    assert found["documents"] == [sentence]
    assert found["embeddings"] is not None
    both = embed(sentence), embed(f"{HEADLINE}\n{sentence}")
    assert found["embeddings"][0] == pytest.approx(combined([np.float32(one) for one in both]), abs=1e-6)
    (metadata,) = collection.get(found["ids"], include=["metadatas"])["metadatas"] or []
    assert metadata["title"] == HEADLINE
    assert (metadata["start"], metadata["end"]) == (start, start + len(sentence))
    assert (metadata["passage_start"], metadata["passage_end"]) == (passage.start, passage.end)
    passages = index.catalog.passages_of(article.article_id)
    assert collection.count() == 3 + sum(len(sentence_ids(one)) for one in passages)


# What a question sees.


def test_a_passage_counts_by_its_nearest_sentence(index: Index, embedder: SentenceEmbedder) -> None:
    with index.pin() as pinned:
        found = pinned.hybrid.candidates(pinned.analyse(QUESTION), embedder.get_query_embedding(QUESTION), 9)
    assert len(found.by_vectors) == len({passage_id for passage_id, _ in found.by_vectors}) == 4
    nearest, similarity = found.by_vectors[0]
    assert index.article_by_id(found.passages[nearest].article_id).path == "dam.txt"
    own = sentence_ids(found.passages[nearest])
    assert len(own) == 4
    assert similarity == max(found.similarities[one] for one in own)


@pytest.mark.parametrize("candidates", [1, 30])
def test_every_sentence_of_what_is_found_has_its_similarity(
    index: Index, candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one candidate a leg, most are found by words alone, and so compared afterwards."""
    monkeypatch.setattr(hybrid, "CANDIDATES", candidates)
    monkeypatch.setattr(hybrid, "ROWS_A_PASSAGE", 1)
    found = index.search(f"{QUESTION} لافروف")
    assert found.similarities.keys() == set().union(*(sentence_ids(hit.passage) for hit in found.hits))
    assert len(found.similarities) >= 4
    asked = np.array(embed(f"{QUESTION} لافروف"))
    for hit in found.hits:
        title = index.article_by_id(hit.passage.article_id).title
        for one in sentences_of(hit.passage):
            texts = embedded_texts(one.text, title, "sentence")
            vector = combined([np.array(embed(text), dtype=np.float32) for text in texts])
            similarity = found.similarities[f"{hit.passage.article_id}:{one.start}-{one.end}"]
            assert similarity == pytest.approx(float(vector @ asked / np.linalg.norm(vector)), abs=1e-3)


def test_a_model_of_passages_gives_no_similarities_of_sentences(data: Path, folder: Path) -> None:
    run(data, folder)
    with Index.open(data, EMBEDDER) as index:
        assert index.search("شويغو").similarities == {}


def test_while_vectors_are_missing_a_search_says_of_how_many_articles(
    index: Index, data: Path, folder: Path, embedder: SentenceEmbedder
) -> None:
    assert index.search(QUESTION).pending == 0.0
    edit(folder)
    report = index.refresh(folder, extent="none")
    assert (report.changed, report.pending, report.failure) == (("a.txt",), 1, None)
    found = index.search("محصول القمح")
    assert index.article_by_id(found.hits[0].passage.article_id).path == "a.txt"
    assert (found.hits[0].lexical_rank, found.hits[0].vector_rank, found.pending) == (1, None, 0.25)
    assert index.refresh(folder).pending == 0
    assert state(data, embedder) == state_from_scratch(folder, embedder)


def test_segments_are_shown_one_by_one_and_merged(
    data: Path, folder: Path, embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_writer, "EMBEDDED_ROWS", 1)
    monkeypatch.setattr(vector_writer, "SEALED_SECONDS", 0.0)
    monkeypatch.setattr(vector_writer, "MOST_SMALL", 2)
    monkeypatch.setattr(vector_writer, "SMALL_LEFT", 1)
    for number in range(4):
        write(folder, f"more/{number}.txt", f"خبر رقم {number}. وهذه تفاصيل الخبر رقم {number} كما جاءت.")
    with Index.open(data, embedder) as index:
        pending = [index.refresh(folder, extent="segment").pending for _ in range(7)]
        assert pending == [6, 5, 4, 3, 2, 1, 0]
        with index.pin() as pinned:
            assert len(pinned.segments) == 2
    assert state(data, embedder) == state_from_scratch(folder, embedder)


def test_what_a_model_gave_before_it_failed_is_kept(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_writer, "EMBEDDED_ROWS", 1)

    class Refusing(Counting):
        """A model that takes all texts but one."""

        def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
            if any("زلزال" in text for text in texts):
                raise EmbeddingError("The embedding model refuses a text.")
            return super().get_text_embedding_batch(texts)

    with Index.open(data, Refusing()) as index:
        report = index.refresh(folder)
        assert (report.failure, report.pending) == ("The embedding model refuses a text.", 1)
        assert index.search("شويغو").pending == 1 / 3
        assert index.refresh(folder).pending == 1
    assert run(data, folder, SentenceEmbedder()).pending == 0
    assert state(data, SentenceEmbedder()) == state_from_scratch(folder, SentenceEmbedder())


def test_articles_come_and_go_while_vectors_are_made(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_writer, "EMBEDDED_ROWS", 1)
    shown: list[object] = []

    class Meanwhile(Counting):
        """A model that takes its time, while another process takes in what has changed."""

        def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
            if len(self.batches) == 1:
                edit(folder)
                (folder / "b.txt").unlink()
                (folder / "deep" / "c.txt").rename(folder / "moved.txt")
                write(folder, "new.txt", "خبر جديد عن مدينة من المدن.")
                with Index.open(data, SentenceEmbedder()) as other:
                    report = other.refresh(folder, wait=0, extent="segment")
                    shown.append((report.changed, report.deleted, report.new, report.pending, report.failure))
                    shown.append(
                        [other.article_by_id(hit.passage.article_id).path for hit in other.search("القمح").hits]
                    )
            return super().get_text_embedding_batch(texts)

    with Index.open(data, Meanwhile()) as index:
        report = index.refresh(folder)
    assert shown == [(("a.txt",), ("b.txt",), ("new.txt",), 3, None), ["a.txt"]]
    assert (report.new, report.pending) == (("a.txt", "b.txt", "deep/c.txt"), 0)
    assert state(data, SentenceEmbedder()) == state_from_scratch(folder, SentenceEmbedder())
