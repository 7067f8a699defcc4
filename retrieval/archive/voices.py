"""Whose voice an article is: its outlet's, also where the article names it only in passing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.types import Article

_HEAD, _TAIL = 300, 200  # code points in which a paper names itself


def voice_of(article: Article, sources: Sequence[str]) -> str:
    """Return an article's outlet; else one of `sources` that its first or last lines set apart; else the article's id.

    Set apart is a name in brackets, between dashes or strokes, or alone on a line: «الناصرية (الرافد) 14-11-2023».
    """
    if article.source:
        return article.source
    edges = f"{article.text[:_HEAD]}\n{article.text[-_TAIL:]}"
    named = [source for source in sources if source in edges and _is_set_apart(source, edges)]
    return max(named, key=len, default=article.article_id)


def _is_set_apart(source: str, text: str) -> bool:
    name = re.escape(source)
    opening, closing = r"(?:^|[(/|:]|\s[-–—])", r"(?:$|[)/|:]|\s?[-–—])"
    return re.search(rf"{opening}[ ]*{name}[ ]*{closing}", text, re.MULTILINE) is not None
