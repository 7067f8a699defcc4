"""A name's sheet over a small archive: every count as by reading all of it, every row a quote that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.archive.name_mentions import asked_name, name_mentions
from retrieval.archive.name_sheet import MOST_ARTICLES_READ, days_of, name_hits, name_sheet
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.index.snapshot import Snapshot
from retrieval.name_sheets import NameCount, NameSheet

ARTICLES = {
    "a.txt": (
        "شويغو يزور القاعدة\nالمصدر: رويترز\n3 مايو 2019\n\n"
        "زار سيرغي شويغو قاعدة حميميم قرب اللاذقية والتقى فلاديمير بوتين. وقال شويغو إن القوات باقية. "
        "وأضاف أن الانسحاب لم يبدأ.\n"
    ),
    "b.txt": (
        "لقاء في أنقرة\nالمصدر: الأناضول\n10 يونيو 2019\n\n"
        "التقى خلوصي آكار في أنقرة بشويجو، بحسب بيان. ورحب مولود جاويش أوغلو باللقاء.\n"
    ),
    "c.txt": "Talks\nSource: Reuters\n12 July 2019\n\nSergei Shoigu met the Turkish minister in Moscow on Friday.\n",
    "d.txt": "رأي بلا تاريخ\n\nلا يتحدث أحد عن شويغو هنا ولا هناك، ولا عن غيره من الوزراء في هذه الأيام.\n",
    "e.txt": (
        "بشار الأسد وماهر الأسد\nالمصدر: سانا\n1 يناير 2020\n\n"
        "استقبل بشار الأسد وفدا برلمانيا في دمشق. وقال الأسد إن الحوار مستمر.\n\n"
        "ووصل ماهر الأسد إلى حلب. وأكد الأسد أن الطريق مفتوح أمام الناس جميعا.\n"
    ),
    "f.txt": "حادث\nالمصدر: سانا\n2 يناير 2020\n\nأصيب محمد الأسد، وهو سائق من حمص، في حادث سير على الطريق الدولي.\n",
    "h.txt": "زيارة\n3 يناير 2020\n\nزار عبدالفتاح البرهاوي المصنع الجديد. وقال عبد العزيز الزهراوي إن العمل بدأ.\n",
    "i.txt": "زيارة أخرى\n4 يناير 2020\n\nزار عبد الفتاح البرهاوي الميناء، والتقى محمد علي عبدالعزيز في مكتبه هناك.\n",
    "g.txt": "حديقة\n5 يناير 2020\n\nهرب أسد من حديقة الحيوان في المدينة القديمة، وأعاده الحراس بعد ساعتين من البحث.\n",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder, data = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("data")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Index.open(data, make_embedder("hashing")) as index:
        index.refresh(folder)
        with index.pin() as pinned:
            yield pinned


def counts(rows: tuple[NameCount, ...]) -> dict[str, tuple[int, int]]:
    return {row.text: (row.articles, row.mentions) for row in rows}


def quote(sheet: NameSheet, number: int | None) -> str:
    return next(one.quote for one in sheet.citations if one.number == number)


@pytest.mark.parametrize("asked", ["شويغو", "شويجو", "Shoigu", "الوزير شويغو"])
def test_spellings_in_both_scripts_are_counted_whatever_is_typed(source: Snapshot, asked: str) -> None:
    sheet = name_sheet(source, source, asked)
    assert counts(sheet.spellings) == {"شويغو": (2, 4), "شويجو": (1, 1), "Shoigu": (1, 1)}
    assert (sheet.articles, sheet.mentions, sheet.undated, sheet.outlets, sheet.unsourced) == (4, 6, 1, 2, 1)
    assert counts(sheet.full_names) == {"سيرغي شويغو": (1, 1), "Sergei Shoigu": (1, 1)}


def test_first_and_last_mention_are_of_the_earliest_and_the_latest_day(source: Snapshot) -> None:
    sheet = name_sheet(source, source, "شويغو")
    first, last = (next(one for one in sheet.citations if one.number == at) for at in (sheet.first, sheet.last))
    assert (first.published, first.source) == ("2019-05-03", "رويترز")
    assert (last.published, last.source) == ("2019-07-12", "Reuters")
    assert "Shoigu" in last.quote


def test_people_and_places_beside_a_name_stand_apart_and_it_is_not_beside_itself(source: Snapshot) -> None:
    sheet = name_sheet(source, source, "شويغو")
    assert counts(sheet.people) == {"فلاديمير بوتين": (1, 1)}
    assert counts(sheet.places) == {"اللاذقية": (1, 1), "أنقرة": (1, 1)}
    for row in (*sheet.spellings, *sheet.people, *sheet.places):
        assert row.text in quote(sheet, row.citation)


def test_what_a_name_said_goes_on_into_the_next_sentence(source: Snapshot) -> None:
    sheet = name_sheet(source, source, "شويغو")
    assert [quote(sheet, number) for number in sheet.said] == [
        "وقال شويغو إن القوات باقية.",
        "وأضاف أن الانسحاب لم يبدأ.",
    ]


def test_every_row_is_a_verbatim_slice_of_its_article(source: Snapshot) -> None:
    for asked in ("شويغو", "الأسد", "بوتين"):
        sheet = name_sheet(source, source, asked)
        assert [one.number for one in sheet.citations] == list(range(1, len(sheet.citations) + 1))
        for one in sheet.citations:
            assert source.article_by_id(one.article_id).text[one.start : one.end] == one.quote


def test_a_bare_last_name_covers_all_who_bear_it_and_lists_their_full_names(source: Snapshot) -> None:
    sheet = name_sheet(source, source, "الأسد")
    assert counts(sheet.full_names) == {"بشار الأسد": (1, 2), "ماهر الأسد": (1, 2), "محمد الأسد": (1, 1)}
    assert sheet.articles == 2  # and no lion


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("بشار الأسد", ["وقال الأسد إن الحوار مستمر."]),
        ("ماهر الأسد", ["وأكد الأسد أن الطريق مفتوح أمام الناس جميعا."]),
        ("Bashar al-Assad", ["وقال الأسد إن الحوار مستمر."]),
        ("محمد الأسد", []),
    ],
)
def test_people_of_one_last_name_are_not_taken_for_each_other(source: Snapshot, asked: str, told: list[str]) -> None:
    sheet = name_sheet(source, source, asked)
    assert sheet.articles == 1
    assert [quote(sheet, number) for number in sheet.said] == told


def test_a_name_that_no_article_writes_and_one_without_a_letter_have_an_empty_sheet(source: Snapshot) -> None:
    for asked in ("سليم الأسد", "قرضوطيا", "", "؟", "12"):
        sheet = name_sheet(source, source, asked)
        assert (sheet.articles, sheet.mentions, sheet.citations) == (0, 0, ())


@pytest.mark.parametrize("typed", ["ال", "ال ال", "al", "؟"])
def test_an_article_alone_is_no_name(typed: str) -> None:
    assert asked_name(typed) is None


def test_only_the_articles_that_count_are_read(source: Snapshot) -> None:
    (some,) = [one.article_id for one in source.held if one.published == "2019-06-10"]
    assert counts(name_sheet(source, source, "شويغو", frozenset({some})).spellings) == {"شويجو": (1, 1)}


def test_mentions_are_those_that_reading_every_article_finds(source: Snapshot) -> None:
    name = asked_name("شويغو")
    assert name
    written = re.compile("شويغو|شويجو|Shoigu")
    held = [source.article_by_id(one.article_id) for one in source.held]
    passages = {one.article_id: [passage.text for passage in source.passages_of(one.article_id)] for one in held}
    expected = {key: len(written.findall("\n".join(texts))) for key, texts in passages.items()}
    found = {article_id: len(mentions) for article_id, mentions in name_mentions(source, name)}
    assert found == {key: count for key, count in expected.items() if count}


def test_hits_are_all_sentences_that_write_a_name_by_day(source: Snapshot) -> None:
    hits = list(name_hits(source, source, "شويغو", days_of(source)))
    assert [hit.spelling for hit in hits] == ["شويغو", "شويغو", "شويغو", "شويجو", "Shoigu", "شويغو"]
    assert [hit.citation.published for hit in hits][-1] is None
    assert [hit.citation.number for hit in hits] == [1, 2, 3, 4, 5, 6]


def test_of_a_name_in_many_articles_all_are_counted_and_some_are_read(tmp_path: Path) -> None:
    folder, many = tmp_path / "articles", MOST_ARTICLES_READ + 15
    folder.mkdir()
    for number in range(many):
        text = f"خبر رقم {number}\n{number % 28 + 1} مايو 2019\n\nزار سيرغي شويغو المدينة رقم {number} صباح اليوم.\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    with Index.open(tmp_path / "data", make_embedder("hashing")) as index:
        index.refresh(folder)
        with index.pin() as pinned:
            sheet = name_sheet(pinned, pinned, "شويغو")
    assert (sheet.articles, sheet.mentions, sheet.read) == (many, many, MOST_ARTICLES_READ)


@pytest.mark.parametrize(
    ("asked", "articles"),
    [
        ("عبد الفتاح البرهاوي", 2),
        ("عبدالفتاح البرهاوي", 2),
        ("محمد البرهاوي", 0),
        ("عبد العزيز", 2),
        ("عبدالعزيز", 2),
    ],
)
def test_a_name_of_two_words_is_the_one_that_is_written_in_one(source: Snapshot, asked: str, articles: int) -> None:
    assert name_sheet(source, source, asked).articles == articles


def test_a_fathers_name_is_not_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("لقاء\n\nالتقى خالد محمد الزرقاطي الوفد في المدينة صباح اليوم.\n", encoding="utf-8")
    with Index.open(tmp_path / "data", make_embedder("hashing")) as index:
        index.refresh(folder)
        with index.pin() as pinned:
            found = [name_sheet(pinned, pinned, asked).articles for asked in ("خالد الزرقاطي", "محمد الزرقاطي")]
    assert found == [1, 0]
