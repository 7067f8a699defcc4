"""Reading a passage against a question."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.search.passage_scoring import read, same_statement
from retrieval.search.term_matcher import Matcher
from retrieval.types import Passage

TEXT = "التقى لافروف بومبيو في سوتشي. وبحثا القرار 2254. ثم غادر بومبيو."


def test_the_sentences_of_a_reading_stand_in_the_article_where_they_say() -> None:
    article = "عنوان\n\n" + TEXT
    reading = read(Matcher(analysed("لافروف")), Passage("aaaaaaaaaaaa", 7, len(article), TEXT))
    assert [article[s.start : s.end] for s in reading.sentences] == [s.text for s in reading.sentences]
    assert len(reading.sentences) == 3


def test_a_sentence_is_helped_by_its_neighbours_and_a_passage_by_all_its_sentences() -> None:
    reading = read(Matcher(analysed("بحث لافروف القرار 2254")), Passage("aaaaaaaaaaaa", 0, len(TEXT), TEXT))
    first, second, third = reading.sentences
    assert second.coverage < second.after < reading.coverage
    assert first.coverage < first.before
    assert third.coverage == 0.0 < third.after


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "قال بومبيو: “بحثنا تخفيض التصعيد في إدلب بشمال سوريا”.",
            "وأكد «بحثنا تخفيض التصعيد في إدلب بشمال سوريا».",
            True,
        ),
        ("قتل 4 مدنيين في قصف على مدينة كفرزيتا", "قتل 7 مدنيين في قصف على مدينة كفرزيتا", False),
        ("وافق الوزير على نشر القوات في شمال البلاد", "لم يوافق الوزير على نشر القوات في شمال البلاد", False),
        ("نعم", "نعم", True),
        ("نعم", "لا", False),
        ("التقى لافروف بومبيو في سوتشي أمس الثلاثاء", "التقى شويغو أكار في أنقرة يوم الاثنين", False),
    ],
)
def test_the_same_statement_has_the_same_words_numbers_and_negation(one: str, other: str, same: bool) -> None:
    assert same_statement(one, other) is same_statement(other, one) is same
