"""What front matter states about an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.extraction.front_matter import read_front_matter
from retrieval.extraction.metadata import Facts
from retrieval.nlp.dates import date_of
from retrieval.nlp.display import LONGEST_VALUE


@pytest.mark.parametrize(
    ("block", "facts"),
    [
        ("title: عنوان\nsource: سانا", {"title": "عنوان", "source": "سانا"}),
        ("Title: 2019\nauthor: no", {"title": "2019", "author": "no"}),
        ("title: >\n  سطر\n  وسطر", {"title": "سطر وسطر"}),
        ("authors: [رائد جبر, كمال شيخو]", {"author": "رائد جبر, كمال شيخو"}),
        ("date: 2019-05-14T10:00:00+03:00", {"published": "2019-05-14"}),
        ("published: أمس", {}),
        ("title: روسيا: اتفاق\nsource: سانا", {"title": "روسيا: اتفاق", "source": "سانا"}),
        ('title: "نصف', {"title": "نصف"}),
        ("title: " + "{" * 3000, {"title": "{" * (LONGEST_VALUE - 1) + "…"}),
        ('title: "\\ud800\\u202e\\0عنوان"', {"title": "عنوان"}),
        ("title: &a [*a]\nsource: سانا", {"title": "&a [*a]", "source": "سانا"}),
        ("title: {a: b}\nsource: سانا", {"source": "سانا"}),
        ("title:\nsource: سانا", {"source": "سانا"}),
    ],
)
def test_front_matter_is_read_kindly(block: str, facts: Facts) -> None:
    text = f"---\r\n{block}\n---\nقال الوزير."
    stated, start = read_front_matter(text)
    assert stated == facts
    assert text[start:] == "قال الوزير."


@pytest.mark.parametrize(
    "text", ["---\nقال\n---\n", "---\ntitle: x\n", "----\ntitle: x\n---\n", "قال\n---\ntitle: x\n---\n", "---\n\n---\n"]
)
def test_lines_that_are_no_front_matter_stay_text(text: str) -> None:
    assert read_front_matter(text) == ({}, 0)


@given(st.text())
def test_front_matter_never_fails(block: str) -> None:
    stated, _ = read_front_matter(f"---\ntitle: x\n{block}\n---\n")
    assert stated.get("published") is None or date_of(stated["published"]) == stated["published"]
