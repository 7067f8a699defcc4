"""Answers with the reranker, without it, and where it cannot be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from support.builders.e5 import needs_e5

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from retrieval.embeddings.e5.embedder import E5Embedder
from retrieval.embeddings.e5.weights_file import packaged_file
from retrieval.index.index import Index
from retrieval.types import Answer

pytestmark = needs_e5
ARTICLES = {
    "bridge.txt": "انهيار جسر السدرة\n\nقال الدفاع المدني إن تسعة أشخاص قتلوا حين انهار جسر السدرة. "
    "وانهار الجسر فجر الثلاثاء 14 تشرين الثاني. وكانت عليه شاحنة محملة بالإسمنت. وبلغت كلفة بنائه 12 مليون دولار.\n",
    "dinar.txt": "سعر الدينار\n\nبلغ سعر صرف الدينار أدنى مستوى له أمس. وقال المصرف المركزي إنه سيتدخل في السوق.\n",
    "school.txt": "إضراب المدارس\n\nأضرب معلمو المدارس الخاصة يومين. وطالبوا بصرف رواتبهم المتأخرة.\n",
}
QUESTION = "How much was paid for the Sidra bridge?"
KILLED = "قال الدفاع المدني إن تسعة أشخاص قتلوا حين انهار جسر السدرة."
COST = "وبلغت كلفة بنائه 12 مليون دولار."


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def opened(data: Path, reranker: Literal["e5", "none"]) -> Index:
    return open_index(Settings(data_dir=data, embedding="e5", reranker=reranker))


def answer_from(index: Index, articles: Path) -> Answer:
    with index:
        index.refresh(articles)
        return replace(make_sanad(index).ask(QUESTION), seconds=0.0)


@pytest.mark.parametrize(("reranker", "first"), [("e5", COST), ("none", KILLED)])
def test_the_sentence_that_answers_comes_first_where_sentences_are_read(
    reranker: Literal["e5", "none"], first: str, articles: Path, tmp_path: Path
) -> None:
    answer = answer_from(opened(tmp_path / "data", reranker), articles)
    assert answer.outcome == "answered"
    assert answer.citations[0].quote == first


@pytest.mark.parametrize("reranker", ["e5", "none"])
def test_a_setting_leaves_it_out(reranker: Literal["e5", "none"], articles: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "data", reranker) as index:
        index.refresh(articles)
        with index.pin() as source:
            assert (source.reranker is None) == (reranker == "none")


def test_without_its_file_answers_are_as_without_it(
    articles: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = E5Embedder(packaged_file() or Path(), learnt=tmp_path / "gone.npz")
    answer = answer_from(Index.open(tmp_path / "data", embedder), articles)
    assert answer == answer_from(opened(tmp_path / "data", "none"), articles)
    assert "The reranker cannot be loaded (FileNotFoundError: " in caplog.text
