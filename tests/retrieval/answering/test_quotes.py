"""A quote is the text's own words, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.quotes import find_quote, quoted_passage
from retrieval.types import Passage

TEXT = "قال الوزير [في بيان] إنّ «المحصول»  بلغ\n3.2 مليـون طن. ونفى الاتحاد ذلك. وأضاف أنه لم يرتفع! وانتهى الموسم."


@pytest.mark.parametrize(
    ("quote", "slice_"),
    [
        ("قال الوزير [في بيان] إنّ", "قال الوزير [في بيان] إنّ"),
        ("إن المحصول", None),
        ("إن «المحصول» بلغ 3.2 مليون طن.", "إنّ «المحصول»  بلغ\n3.2 مليـون طن"),
        ('إن "المحصول" بلغ', "إنّ «المحصول»  بلغ"),
        ("(في بيان)", "[في بيان]"),
        ("«ونفى الاتحاد ذلك»", "ونفى الاتحاد ذلك"),
        ("بلغ 3.2 … ونفى الاتحاد", None),
        ("بلغ 3.2 ونفى الاتحاد", None),
        ("بلغ 3.3 مليون طن", None),
        ("نفى الاتحاد", None),
        ("لم يرتفع الموسم", None),
        ("...", None),
        ("", None),
    ],
)
def test_quote_is_found_as_the_text_s_own_slice(quote: str, slice_: str | None) -> None:
    found = find_quote(quote, TEXT)
    assert (TEXT[found.start : found.end] if found else None) == slice_


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_every_run_of_whole_words_is_found(start: int, end: int) -> None:
    words = TEXT.split()
    run = " ".join(words[start % len(words) : end % len(words) + 1])
    found = find_quote(run, TEXT)
    assert bool(found) == any(letter.isalnum() for letter in run)


@pytest.mark.parametrize(
    ("quote", "sentences"),
    [
        ("بلغ 3.2 مليون", "قال الوزير [في بيان] إنّ «المحصول»  بلغ\n3.2 مليـون طن."),
        ("طن. ونفى", "3.2 مليـون طن. ونفى الاتحاد ذلك."),
        (TEXT, None),
        ("باع", None),
    ],
)
def test_quote_stands_with_its_whole_sentences(quote: str, sentences: str | None) -> None:
    found = quoted_passage(quote, Passage("cafe", 100, 100 + len(TEXT), TEXT))
    assert (found and found.text) == sentences
    assert found is None or TEXT[found.start - 100 : found.end - 100] == found.text
