"""Pieces of HTML: told from other texts, and read as far as they go."""

from __future__ import annotations

import pytest

from retrieval.readers.html_fragment import is_html, text_of_html


@pytest.mark.parametrize("fragment", ["<p", "</p></p></div>", "<!--", "<script>", "&#xD800;&#0;", "<![a]>", "\x1b"])
def test_broken_fragment_is_read_as_far_as_it_goes(fragment: str) -> None:
    assert text_of_html(f"<p>أول</p>{fragment}").startswith("أول")


@pytest.mark.parametrize(
    "text", ["<p>قال</p>", "قال<br/>نعم", "قال &laquo;نعم&raquo;", "<DIV class='x'>قال", "&#8220;"]
)
def test_a_tag_or_an_entity_tells_html(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize("text", ["قال الوزير", "3 < 5 > 2", "AT&T", "<أحمد> قال", "a <- b -> c", "x&y;z", "<3"])
def test_other_signs_tell_none(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>بلغ 350<sup>2</sup> مليونا، ومساحته 60 م<sup>2</sup></p>", "بلغ 350 مليونا، ومساحته 60 م²"),
        ("أول <b>سطر</b>\nيتبع\n\nثان", "أول سطر يتبع\n\nثان"),
        ("<p>أول\nيتبع</p>", "أول يتبع"),
    ],
)
def test_a_piece_is_read_as_it_shows(fragment: str, text: str) -> None:
    assert text_of_html(fragment) == text


def test_lines_of_a_text_that_has_lines_stay_apart() -> None:
    assert text_of_html("أول &amp; ثان\nثالث", has_lines=True) == "أول & ثان\n\nثالث"
