"""Citations are verbatim slices, or errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.citing.citations import check_citation, cite
from retrieval.errors import CitationError
from retrieval.types import Article, Span

ARTICLE = Article("aaaaaaaaaaaa", "a.txt", "عنوان\n\nقال: «لا نعم».\n", (Span(7, 20),), title="عنوان")


def test_a_citation_is_the_slice_that_it_names() -> None:
    citation = cite(ARTICLE, 7, 20, number=1, score=0.5)
    assert citation.quote == ARTICLE.text[7:20] == "قال: «لا نعم»"
    assert (citation.path, citation.title, citation.source) == ("a.txt", "عنوان", None)
    assert check_citation(citation, ARTICLE) is citation


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, 99), (5, 7)])
def test_a_slice_that_is_empty_or_outside_is_refused(start: int, end: int) -> None:
    with pytest.raises(CitationError):
        cite(ARTICLE, start, end, number=1, score=0.5)


@pytest.mark.parametrize("change", [{"quote": "قال: «نعم»"}, {"start": 8}, {"end": 19}, {"article_id": "bbbbbbbbbbbb"}])
def test_whatever_differs_from_the_article_is_refused(change: dict[str, object]) -> None:
    citation = replace(cite(ARTICLE, 7, 20, number=1, score=0.5), **change)  # type: ignore[arg-type]
    with pytest.raises(CitationError):
        check_citation(citation, ARTICLE)
