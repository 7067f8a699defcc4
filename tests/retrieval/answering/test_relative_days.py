"""A day that a passage only means stands in a sentence as its passage says it, and no other day does."""

from __future__ import annotations

import pytest

from retrieval.answering.relative_days import with_relative_days
from retrieval.types import Article, Language, Passage

TEXT = "قالت وزارة الزراعة أمس إن المحصول بلغ 3.2 مليون طن، وتجتمع اللجنة غدا، وكان الوزير قد استقال يوم الخميس."


def said(sentence: str, language: Language, published: str | None = "2018-03-12", text: str = TEXT) -> str:
    article = Article("cafe", "a.txt", text, (), published=published)  # the 12th was a Monday
    return with_relative_days(sentence, language, [Passage("cafe", 0, len(text), text)], [article])


@pytest.mark.parametrize(
    ("sentence", "language", "as_the_passage_has_it"),
    [
        ("The ministry said on 11 March 2018 it was 3.2.", "en", "The ministry said yesterday it was 3.2."),
        ("The ministry said on March 11, 2018 it was 3.2.", "en", "The ministry said yesterday it was 3.2."),
        ("The ministry said on 11 March it was 3.2.", "en", "The ministry said yesterday it was 3.2."),
        ("The committee meets on 13 March 2018.", "en", "The committee meets tomorrow."),
        ("The minister resigned on 8 March 2018.", "en", "The minister resigned on Thursday."),
        ("قالت الوزارة في 11 مارس 2018 إن المحصول كبير.", "ar", "قالت الوزارة أمس إن المحصول كبير."),
        ("قالت الوزارة يوم 11 آذار/مارس 2018 إن المحصول كبير.", "ar", "قالت الوزارة أمس إن المحصول كبير."),
        ("استقال الوزير في 8 مارس 2018.", "ar", "استقال الوزير يوم الخميس."),
    ],
)
def test_day_that_the_passage_means_stands_as_it_has_it(
    sentence: str, language: Language, as_the_passage_has_it: str
) -> None:
    assert said(sentence, language) == as_the_passage_has_it


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry said on 12 March 2018 it was 3.2.",
        "The ministry said on 11 March 2019 it was 3.2.",
        "The ministry said in March 2018 it was 3.2.",
        "The minister resigned on 15 March 2018.",
        "The ministry said it was 3.2 million.",
    ],
)
def test_any_other_day_stays(sentence: str) -> None:
    assert said(sentence, "en") == sentence


def test_nothing_is_worked_out_where_the_article_has_no_day() -> None:
    sentence = "The ministry said on 11 March 2018 it was 3.2."
    assert said(sentence, "en", published=None) == sentence
