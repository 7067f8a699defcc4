"""Where the archive names a subject: the same articles as by reading all of them, in either script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.config.wiring import open_index
from retrieval.archive.mentions import mentioning_articles
from retrieval.archive.subjects import subject_of_archive
from retrieval.index.index import Index

SEEDS = Path(__file__).parents[3] / "seeds"
SPELLINGS = {  # as the seeds' texts write them, seen by eye; particles may stand before a name
    "شويغو": "شويغو|شويجو|شويكو",
    "Shoigu": "شويغو|شويجو|شويكو",
    "إدلب": "[إا]دلب",
    "Idlib": "[إا]دلب",
    "لافروف": "لافروف",
    "Lavrov": "لافروف",
}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    data = tmp_path_factory.mktemp("data")
    with open_index(Settings(data_dir=data, embedding="hashing")) as index:
        index.refresh(SEEDS)
        yield index


@pytest.mark.parametrize("subject", SPELLINGS)
def test_the_articles_that_name_a_subject_are_those_whose_text_writes_it(seeds: Index, subject: str) -> None:
    written = re.compile(rf"(?<!\w)[وفبلك]*({SPELLINGS[subject]})(?!\w)")
    with seeds.pin() as source:
        expected = {one.article_id for one in seeds.catalog.articles() if written.search(one.text)}
        found = mentioning_articles(source, subject_of_archive(subject, source))
        assert found.keys() == expected
        assert expected
        for passages in source.passages(list(found.values())).values():
            assert written.search(passages[0].text)


def test_only_the_articles_that_count_are_given_and_a_subject_that_is_none_names_none(seeds: Index) -> None:
    with seeds.pin() as source:
        subject = subject_of_archive("إدلب", source)
        every = mentioning_articles(source, subject)
        some = frozenset(sorted(every)[:2])
        assert mentioning_articles(source, subject, some).keys() == some
        assert not mentioning_articles(source, subject, frozenset())
        for nothing in ("", "؟", "في من", "زرقوطيا"):
            assert not mentioning_articles(source, subject_of_archive(nothing, source))


def test_a_name_is_mentioned_neither_by_a_word_inside_it_nor_by_a_far_synonym(index: Index, articles: Path) -> None:
    (articles / "kosti.txt").write_text("وصلت القافلة إلى كوستي ومعها ستة أطباء.", encoding="utf-8")
    (articles / "six.txt").write_text("قال ستة شهود إن حجرا وقع، وأصيب ستون.", encoding="utf-8")
    index.refresh(articles)
    with index.pin() as source:
        found = mentioning_articles(source, subject_of_archive("كوستي", source))
        assert [source.article_by_id(one).path for one in found] == ["kosti.txt"]
