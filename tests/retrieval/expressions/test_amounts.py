"""The amounts of quotes: what each is, where it stands, and which are left out."""

from __future__ import annotations

import pytest

from retrieval.expressions.amounts import amounts_in
from retrieval.expressions.quote_tokens import QuoteTokens


def stated(text: str) -> list[tuple[str, float | None, str | None]]:
    """Return the amounts of a text that may be meant: the words, the value and the unit."""
    quote = QuoteTokens(text)
    return [
        (text[slice(*quote.span(one.start, one.end))], one.value, one.unit.plural if one.unit else None)
        for one in amounts_in(quote)
        if not one.is_excluded
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بكلفة 1,9 مليار دينار (نحو 1,45 مليون دولار)", [("1,9 مليار دينار", 1.9e9, "dinars")]),
        ("دين قدره مليونان و300 ألف دينار", [("مليونان و300 ألف دينار", 2.3e6, "dinars")]),
        ("بـ150 ألف دينار للشاحنة الواحدة", [("150 ألف دينار", 150_000.0, "dinars")]),
        ("وتبلغ مساحتها 7,000,000 كيلومتراً مربّعاً", [("7,000,000 كيلومتراً مربّعاً", 7e6, "square kilometres")]),
        ("أكثر من 37 مليون راكب", [("أكثر من 37 مليون", 37e6, None)]),
        ("من 1500 إلى 4000 جنيه", [("1500 إلى 4000 جنيه", None, "pounds")]),
        ("بقي يومين في المدينة", [("يومين", 2.0, "days")]),
        ("١٣,٤ في المئة من قيمته", [("١٣,٤ في المئة", 13.4, None)]),
        ("سجلت (84) حالة", [("84", 84.0, None)]),
    ],
)
def test_an_amount_is_its_number_with_its_unit(text: str, expected: list[tuple[str, float | None, str | None]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "طريق D-400 الساحلي",
        "في القرن الثالث عشر",
        "تغطي 30،528 كيلومترا",
    ],
)
def test_numbers_of_names_and_broken_ones_are_no_amounts(text: str) -> None:
    assert all("400" not in words and "528" not in words and "الثالث" not in words for words, *_ in stated(text))


def test_a_number_that_is_said_to_be_another_is_left_out() -> None:
    assert [words for words, *_ in stated("استقبل 26 جريحا لا 23، و41 مدرسة من أصل 58")] == ["26", "41"]
