"""A word where the text has its opposite."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.opposites import opposed_words, poles_of
from retrieval.nlp.word_lists import read_word_lists

COURT = "برأت المحكمة المتهم من القتل، ورفضت طلب النيابة تمديد حبسه."
PRICES = "ارتفعت أسعار القمح بعد إغلاق ميناء أوديسا."
CALM = "بحث الوزيران سبل خفض التصعيد في الجنوب."
TALKS = "فشلت المحادثات بين الحكومة والمعارضة."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The court acquitted the defendant of murder.", COURT),
        ("The court rejected the request to extend his detention.", COURT),
        ("Wheat prices rose after the port of Odessa was closed.", PRICES),
        ("زادت أسعار القمح بعد إقفال الميناء.", PRICES),
        ("The ministers discussed ways of easing tension in the south.", CALM),
        ("ناقش الوزيران تهدئة الجنوب.", CALM),
        ("The talks between the government and the opposition collapsed.", TALKS),
        ("The talks between the government and the opposition did not succeed.", TALKS),
        ("لم تنجح المحادثات بين الحكومة والمعارضة.", TALKS),
    ],
)
def test_the_same_in_other_words_stands(sentence: str, text: str) -> None:
    assert read_against(opposed_words, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text", "words"),
    [
        ("The court convicted the defendant of murder.", COURT, ["convicted"]),
        ("أدانت المحكمة المتهم بالقتل.", COURT, ["أدانت"]),
        ("The court accepted the request to extend his detention.", COURT, ["accepted"]),
        ("Wheat prices fell after the port was closed.", PRICES, ["fell"]),
        ("انخفضت أسعار القمح.", PRICES, ["انخفضت"]),
        ("Wheat prices rose after the port of Odessa was opened.", PRICES, ["opened"]),
        ("The talks between the government and the opposition succeeded.", TALKS, ["succeeded"]),
        ("نجحت المحادثات بين الحكومة والمعارضة.", TALKS, ["نجحت"]),
    ],
)
def test_an_opposite_is_found(sentence: str, text: str, words: list[str]) -> None:
    assert read_against(opposed_words, sentence, text) == words


@pytest.mark.parametrize("pair", read_word_lists("grounding", "opposites")["pairs"])
def test_no_pair_has_a_word_on_both_sides(pair: str) -> None:
    one, other = (set(side.split()) for side in pair.split("|"))
    assert one
    assert other
    assert not one & other


def test_the_forms_of_a_word_are_on_its_side() -> None:
    assert poles_of("سترتفع") & poles_of("rose") & poles_of("ارتفاع")
