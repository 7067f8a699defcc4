"""The word index: what is found, what counts when, and what a damaged folder says."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import IndexDamagedError
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.query import analyse
from retrieval.stores.lexical import WordIndex
from retrieval.types import Passage

TEXTS = {
    "a": "التقى وزير الدفاع الروسي سيرغي شويغو نظيره التركي في سوتشي",
    "b": "أعلنت الأمم المتحدة عن خروج 18 منشأة طبية من الخدمة",
    "c": "ضرب زلزال شرق تركيا يوم الجمعة وقدم لافروف التعازي",
}


def passage(article_id: str) -> Passage:
    return Passage(article_id, 0, len(TEXTS[article_id]), TEXTS[article_id])


@pytest.fixture
def index(tmp_path: Path) -> WordIndex:
    index = WordIndex(tmp_path / "words")
    index.add(passage(article_id) for article_id in TEXTS)
    index.commit()
    return index


def found(index: WordIndex, question: str) -> list[str]:
    return [passage_id[0] for passage_id, _ in index.search(analyse(question, index, load_lexicon()), 10)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("من التقى شويغو؟", "a"),
        ("ماذا فعل شويجو؟", "a"),
        ("What did Shoigu do?", "a"),
        ("what did shoygu do?", "a"),
        ("Which medical facilities went out of service?", "b"),
        ("كم منشأه طبيه؟", "b"),
        ("١٨", "b"),
        ("earthquake", "c"),
        ("الزلازل", "c"),
        ("condolences of Lavrov", "c"),
    ],
)
def test_a_question_in_either_language_finds_its_passage_first(index: WordIndex, question: str, first: str) -> None:
    assert found(index, question)[0] == first


@pytest.mark.parametrize("question", ["", "من", "???", "qqqq xxyy"])
def test_a_question_without_a_word_of_the_passages_finds_nothing(index: WordIndex, question: str) -> None:
    assert found(index, question) == []


def test_scores_fall_with_the_rank(index: WordIndex) -> None:
    scores = [score for _, score in index.search(analyse("وزير الدفاع التركي لافروف", index, load_lexicon()), 10)]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_nothing_counts_before_the_commit(index: WordIndex) -> None:
    index.remove(["a"])
    index.add([Passage("d", 0, 4, "بركان")])
    assert found(index, "شويغو") == ["a"]
    assert found(index, "بركان") == []
    index.commit()
    assert found(index, "شويغو") == []
    assert found(index, "بركان") == ["d"]
    assert index.passages == 3


def test_what_is_rolled_back_never_counts(index: WordIndex) -> None:
    index.remove(["a"])
    index.rollback()
    index.commit()
    assert found(index, "شويغو") == ["a"]


def test_an_index_is_there_when_it_is_opened_again(index: WordIndex, tmp_path: Path) -> None:
    index.close()
    assert found(WordIndex(tmp_path / "words"), "شويغو") == ["a"]


def test_a_reader_sees_another_ones_commit_after_it_reloads(index: WordIndex, tmp_path: Path) -> None:
    reader = WordIndex(tmp_path / "words")
    index.remove(["a"])
    index.commit()
    reader.reload()
    assert found(reader, "شويغو") == []


def test_document_frequency_counts_passages(index: WordIndex) -> None:
    assert index.document_frequency("stem", "ترك") == 2
    assert index.document_frequency("stem", "بركان") == 0


def test_a_name_that_differs_by_one_sound_is_near(index: WordIndex) -> None:
    assert "lfrf" in index.fuzzy_keys("lfrfs")
    assert index.fuzzy_keys("lfr") == frozenset()


def test_a_damaged_folder_is_named(index: WordIndex, tmp_path: Path) -> None:
    index.close()
    (tmp_path / "words" / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="words"):
        WordIndex(tmp_path / "words")


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    for number in range(20):
        index = WordIndex(tmp_path / "words")
        index.add([Passage(f"{number}", 0, 9, TEXTS["a"])])
        index.commit()
        index.close()
    assert len(list(tmp_path.glob("words/*.store"))) < 10
    assert WordIndex(tmp_path / "words").passages == 20
