"""The lines of a text that hold words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.extraction.lines import Line, lines_of
from retrieval.nlp.analysis import bare


@given(st.text(alphabet=st.sampled_from("اب .\r\n\u00a0\u2028*\t")), st.integers(0, 5))
def test_every_letter_is_in_one_line_at_its_offset(text: str, start: int) -> None:
    lines = lines_of(text, start)
    assert all(text[line.start : line.end] == line.text == line.text.strip() for line in lines)
    assert sum(map(str.isalnum, "".join(line.text for line in lines))) == sum(map(str.isalnum, text[start:]))


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("قال نعم.", True),
        ("قال: “نعم.”", True),
        ("هل قال (نعم؟)", True),
        ("قال نعم…", True),
        ("حول إدلب", False),
        ("قال:", False),
        ("في «سوتشي»", False),
        ("»", False),
    ],
)
def test_a_line_is_closed_as_a_sentence_is(text: str, closed: bool) -> None:
    assert Line(0, len(text), text, gap=True).is_closed is closed


def test_a_bare_line_has_no_decoration() -> None:
    assert bare("▪️ \u200fالمصـدر : ") == "المصدر"
