"""Numbers as texts state them, in digits and in words, and how Arabic writes them out."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import words
from retrieval.nlp.quantities import MOST_SPELLINGS, numbers_said, quantities_in, spellings_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("مليار و900 مليون دينار", [1.9e9]),
        ("1,9 مليار دينار", [1.9e9]),
        ("مليار وتسعمئة مليون", [1.9e9]),
        ("مليونين و300 ألف", [2.3e6]),
        ("مليون و200 ألف شخص", [1.2e6]),
        ("ألف مليون", [1e9]),
        ("ثلاثة آلاف وخمسمئة", [3500.0]),
        ("مئتان وخمسون ألفا", [250e3]),
        ("ثلاثمئة وعشرين", [320.0]),
        ("خمسة وعشرون", [25.0]),
        ("خمسة عشر", [15.0]),
        ("الحادي عشر", [11.0]),
        ("الخامسة والعشرين", [25.0]),
        ("two hundred", [200.0]),
        ("twenty-first", [21.0]),
        ("one million two hundred thousand", [1.2e6]),
        ("ألف و2019", [1000.0, 2019.0]),
        ("مليون في 2019", [1e6, 2019.0]),
        ("5 آلاف و2019", [5000.0, 2019.0]),
    ],
)
def test_numbers_are_read(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities_in(text)] == values


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (200.0, "مئتان"),
        (320.0, "ثلاثمئة وعشرون"),
        (18e3, "18 ألف"),
        (250e3, "مئتان وخمسون ألف"),
        (1.2e6, "1.2 مليون"),
        (2.3e6, "2.3 مليون"),
        (1.9e9, "1,9 مليار"),
    ],
)
def test_a_number_is_written_out_as_articles_write_it(value: float, written: str) -> None:
    spellings = spellings_of(value)
    assert len(spellings) <= MOST_SPELLINGS
    assert {word.removeprefix("و") for word in words(written)} in [set(spelling) for spelling in spellings]
    assert value in numbers_said(words(written))


@pytest.mark.parametrize("value", [0.0, 25.0, 99.5, 1e15, -5.0])
def test_other_numbers_are_not_written_out(value: float) -> None:
    assert spellings_of(value) == ()
