"""The timeline of a subject: by the days that its sentences speak of, each statement once, every quote verbatim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.schema import NodeWithScore, TextNode

from bot.config.settings import Settings
from bot.config.wiring import open_index
from retrieval.answering.retriever_source import NodeCollection
from retrieval.archive.timeline import timeline
from retrieval.index.index import Index
from retrieval.timelines import Timeline

COLLAPSE = "انهار سد الوادي الأخضر في محافظة الساحل صباح أمس الثلاثاء بعد أمطار غزيرة استمرت أربعة أيام متتالية."
ARTICLES = {
    "1.txt": f"المرصد اليومي\nالأربعاء 15 أيار 2019\n\n{COLLAPSE}\n\nوكان سد الوادي الأخضر قد افتتح عام 1979.\n",
    "2.txt": f"ضفاف\nالخميس 16 أيار 2019\n\n{COLLAPSE}\n\nووعد الوزير بإصلاح سد الوادي الأخضر الشهر المقبل.\n",
    "wire.txt": f"وكالة\nالأربعاء 15 أيار 2019\n\nالساحل (سوريا)، 15 أيار/مايو 2019 (الوكالة) - {COLLAPSE}\n",
    "3.txt": (
        "منبر الجنوب\nالسبت 1 حزيران 2019\n\nيبقى سد الوادي الأخضر حديث الناس في القرى المجاورة.\n\n"
        "وزار وفد من البنك سد الوادي الأخضر قبل يومين.\n\nوتفقد المدير سد الكرامة أمس.\n"
    ),
}


@pytest.fixture(scope="module")
def dam(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_index(Settings(data_dir=tmp_path_factory.mktemp("data"), embedding="hashing")) as index:
        index.refresh(folder)
        yield index


def told(index: Index, subject: str = "سد الوادي الأخضر", **bounds: int) -> Timeline:
    with index.pin() as source:
        return timeline(source, source.analyse(subject), **bounds)


def test_statements_stand_in_the_order_of_the_days_that_they_speak_of(dam: Index) -> None:
    days = [(one.day.first, one.day.precision) for one in told(dam).entries if one.day]
    assert days == [("1979-01-01", "year"), ("2019-05-14", "day"), ("2019-05-30", "day"), ("2019-06-01", "month")]


def test_a_statement_that_names_no_day_stands_apart(dam: Index) -> None:
    (undated,) = told(dam).undated
    assert undated.day is None
    assert "حديث الناس" in undated.citation.quote


def test_a_copy_is_told_once_with_the_day_that_the_earliest_means(dam: Index) -> None:
    (collapse,) = [one for one in told(dam).entries if "انهار" in one.citation.quote]
    assert collapse.citation.published == "2019-05-15"
    assert collapse.day is not None
    assert collapse.day.first == "2019-05-14"  # «أمس» of the copy would be the 15th
    copies = [dam.article_by_id(one).path for one in collapse.citation.also_in]
    assert {collapse.citation.path, *copies} == {"1.txt", "2.txt", "wire.txt"}


def test_every_quote_is_a_slice_of_its_article_and_names_the_subject_and_its_day(dam: Index) -> None:
    found = told(dam)
    citations = [one.citation for one in (*found.entries, *found.undated)]
    assert [one.number for one in citations] == list(range(1, len(citations) + 1))
    for one in citations:
        assert dam.article_by_id(one.article_id).text[one.start : one.end] == one.quote
        assert "سد الوادي الأخضر" in one.quote
    words = [one.citation.quote[one.day.words.start : one.day.words.end] for one in found.entries if one.day]
    assert words == ["عام 1979", "صباح أمس الثلاثاء", "قبل يومين", "الشهر المقبل"]


def test_only_the_articles_that_count_are_read(dam: Index) -> None:
    with dam.pin() as source:
        third = next(one.article_id for one in source.held if one.published == "2019-06-01")
        found = timeline(source, source.analyse("سد الوادي الأخضر"), frozenset([third]))
    assert {one.citation.article_id for one in (*found.entries, *found.undated)} == {third}
    assert (found.articles, found.left_out) == (1, 0)


def test_what_is_left_out_of_a_common_subject_is_the_older_articles_and_is_counted(dam: Index) -> None:
    found = told(dam, most=1)
    assert (found.articles, found.left_out) == (1, 3)
    assert {one.citation.published for one in (*found.entries, *found.undated)} == {"2019-06-01"}


def test_articles_that_state_no_day_are_counted_and_place_no_yesterday(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "x.txt").write_text("حادث\n\nانهار سد الوادي الأخضر أمس بعد المطر.\n", encoding="utf-8")
    (folder / "y.txt").write_text("سد\n\nافتتح سد الوادي الأخضر عام 1979.\n", encoding="utf-8")
    with open_index(Settings(data_dir=tmp_path / "data", embedding="hashing")) as index:
        index.refresh(folder)
        found = told(index)
    assert found.without_day == 2
    assert [one.day.first for one in found.entries if one.day] == ["1979-01-01"]
    assert [one.citation.quote for one in found.undated] == ["انهار سد الوادي الأخضر أمس بعد المطر."]


def test_what_nothing_names_has_no_timeline(dam: Index) -> None:
    assert told(dam, "زرقوطيا") == Timeline("زرقوطيا")


class Retriever:
    """What gives the same node for every question, as a retriever of LlamaIndex."""

    def retrieve(self, _: object) -> list[NodeWithScore]:
        return [NodeWithScore(node=TextNode(text=COLLAPSE), score=1.0)]


def test_a_retriever_knows_no_archive_and_gives_no_timeline() -> None:
    with NodeCollection(Retriever()).pin() as source:
        assert source.archive is None
        assert timeline(source, source.analyse("سد الوادي الأخضر")) == Timeline("سد الوادي الأخضر")
