"""HTML, read by trafilatura: the article without the page around it, and what its head states."""

from __future__ import annotations

import re

from retrieval.errors import ArticleError
from retrieval.readers.document import SourceDocument, facts_of, with_headline
from retrieval.readers.encodings import decode

LEAST_WORDS = 6  # of a sentence; an article has one, and a page of links and headlines none
HEAD = 4096  # bytes in which a page says what its encoding is

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_END = re.compile(r"[.!?؟…][\s»”\"'’)\]]*$")


def read_html(data: bytes) -> SourceDocument:
    """Return the article of a page: text, title, author, date, and the site as its source.

    Raises:
        ArticleError: nothing on the page is an article.
    """
    import trafilatura
    from lxml.etree import LxmlError

    declared = _CHARSET.search(data[:HEAD])
    page, encoding = decode(data, declared[1].decode("ascii", "replace") if declared else None)
    if not page.strip():
        raise ArticleError("is empty")
    try:
        found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    except (LxmlError, RecursionError, ValueError) as error:
        raise ArticleError(f"cannot be read as HTML ({error})") from error
    if found is None or isinstance(found, dict) or not _has_sentence(found.text or ""):
        raise ArticleError("holds no article, only menus and links; save the page of one article")
    facts = facts_of(
        {
            "title": found.title,
            "author": found.author,
            "published": found.date,
            "source": found.sitename or found.hostname,
        }
    )
    paragraphs = "\n\n".join(line.strip() for line in (found.text or "").splitlines() if line.strip())
    return SourceDocument(with_headline(paragraphs, facts.get("title")), "html", encoding, facts)


def _has_sentence(text: str) -> bool:
    return any(len(line.split()) >= LEAST_WORDS and _END.search(line) for line in text.splitlines())
