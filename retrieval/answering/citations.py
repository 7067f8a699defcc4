"""Citations: the one place where a quotation is made, and checked against its article."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.errors import CitationError
from retrieval.types import Article, Citation, Span


def cite(
    article: Article,
    start: int,
    end: int,
    *,
    number: int,
    score: float,
    also_in: tuple[str, ...] = (),
    outlets: tuple[str | None, ...] = (),
    matched: Callable[[str], tuple[Span, ...]] = lambda _: (),
) -> Citation:
    """Return the citation of a slice of an article; `matched` finds the question's words in the quote.

    Raises:
        CitationError: the slice is empty or not inside the article.
    """
    quote = article.text[start:end]
    if not 0 <= start < end <= len(article.text) or not quote.strip():
        raise CitationError(
            f"{article.path}[{start}:{end}] is no slice of the article, which has {len(article.text)} characters."
        )
    return Citation(
        number=number,
        article_id=article.article_id,
        path=article.path,
        title=article.title,
        source=article.source,
        published=article.published,
        quote=quote,
        start=start,
        end=end,
        score=score,
        also_in=also_in,
        outlets=outlets,
        matched=matched(quote),
        dated=article.dated,
    )


def check_citation(citation: Citation, article: Article) -> Citation:
    """Return a citation that is the verbatim slice it says to be.

    Raises:
        CitationError: the article is another one, or its text at the offsets is not the quote.
    """
    if citation.article_id != article.article_id or article.text[citation.start : citation.end] != citation.quote:
        raise CitationError(f"Citation {citation.number} is not what {article.path} says at {citation.start}.")
    return citation
