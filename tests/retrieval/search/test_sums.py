from __future__ import annotations

import pytest

from retrieval.search.sums import is_sum


@pytest.mark.parametrize(
    "text",
    [
        *("12*7", "١٢×٧", "5+5=?", "(3+4)*2", "2 plus 2", "what is 12 * 7?", "How much is 100 / 4", "7 - 5 ="),
        *("what's 20% of 50", "square root of 16", "calculate 12/5 - 3", "five times six"),
        *("كم يساوي 5+5", "كم يساوي خمسة زائد خمسة؟", "احسب 15 ضرب 3", "ما هو ناتج 8 × 9", "كم حاصل ضرب 17 في 23"),
    ],
)
def test_a_sum_is_known_in_figures_and_in_words(text: str) -> None:
    assert is_sum(text)


@pytest.mark.parametrize(
    "text",
    [
        *("340", "9/11", "2019-05-14", "2019-2020", "what is 9/11?", "12 + 7 killed", "24/7", "5 killed", "F-16"),
        *(
            "كم يساوي الدولار؟",
            "كم قتيل في 2019",
            "ضرب زلزال تركيا",
            "3 في حلب",
            "القرار 2254",
            "ما حاصل المحادثات",
            "",
        ),
    ],
)
def test_dates_and_figures_of_the_news_are_none(text: str) -> None:
    assert not is_sum(text)
