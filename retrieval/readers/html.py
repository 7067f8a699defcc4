"""HTML, read by trafilatura: the article without the page around it, and what the page states of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from retrieval.errors import ArticleError
from retrieval.extraction.boilerplate import is_boilerplate
from retrieval.extraction.metadata import statement_of
from retrieval.nlp.analysis import normalise
from retrieval.readers.document import SourceDocument, with_headline
from retrieval.readers.encodings import decode
from retrieval.readers.html_facts import Page
from retrieval.readers.html_tree import (
    TextBlock,
    is_caption,
    is_paragraph,
    is_sentence,
    parse_page,
    simplify,
    text_blocks,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEAD = 4096  # bytes in which a page says what its encoding is

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def read_html(data: bytes) -> SourceDocument:
    """Return the article of a page: text, title, author, date, and the site as its source.

    Raises:
        ArticleError: nothing on the page is an article.
    """
    from lxml.etree import LxmlError

    declared = _CHARSET.search(data[:HEAD])
    page, encoding = decode(data, declared[1].decode("ascii", "replace") if declared else None)
    if not page.strip():
        raise ArticleError("is empty")
    try:
        root = parse_page(page)
        stated = Page(root)
        facts = stated.facts()
        paragraphs = _paragraphs(root, facts.get("title", ""))
        if not paragraphs and not stated.is_teaser:  # a page may hold its text in JSON alone
            paragraphs = _extract(parse_page(page))
    except (LxmlError, RecursionError, ValueError) as error:
        raise ArticleError(f"cannot be read as HTML ({error})") from error
    if not any(is_sentence(line) for line in paragraphs):
        raise ArticleError("holds no article, only menus and links; save the page of one article")
    text = with_headline("\n\n".join(paragraphs), facts.get("title"))
    return SourceDocument(text, "html", encoding, facts, stated.address)


def _paragraphs(root: HtmlElement, title: str) -> list[str]:
    """Return the paragraphs of a page's article, with those that trafilatura leaves out above and between them."""
    simplify(root)
    blocks = list(text_blocks(root))
    extracted = _extract(root)
    at_block = {block.text: at for at, block in reversed([*enumerate(blocks)])}
    found = sorted({at_block[line] for line in extracted if line in at_block})
    heading = next((at for at, block in enumerate(blocks) if normalise(block.text) == normalise(title)), -1)
    if not found:  # what it gave is a page's text in one piece, or nothing
        return [block.text for block in blocks[heading + 1 :] if is_paragraph(block.element)]
    placed = [(at, block.text) for at, block in _left_out(blocks, found, heading)]
    last = 0
    for line in extracted:
        last = at_block.get(line, last)  # what is in no block, as a row of a table, goes with the line before it
        placed.append((last, line))
    # A day above the headline or, where there is none, above the first paragraph may be that of the visit.
    first = next((at for at in found if is_paragraph(blocks[at].element)), found[0])
    begins = heading if found[0] <= heading < found[-1] else -1 if heading >= 0 else first - 1
    return [line for at, line in sorted(placed, key=lambda one: one[0]) if at > begins]


def _left_out(blocks: list[TextBlock], found: list[int], heading: int) -> Iterator[tuple[int, TextBlock]]:
    """Yield the paragraphs below the headline and above or beside what was extracted, that were left out of it."""
    holders = {blocks[at].element.getparent() for at in found}
    taken = {blocks[at].text for at in found}
    for at in range(heading + 1 if 0 <= heading < found[0] else found[0], found[-1]):
        block = blocks[at]
        is_lead = at < found[0]
        if block.text in taken or is_boilerplate(block.text) or statement_of(block.text):
            continue
        is_read = is_caption(block.element) or (is_lead and is_sentence(block.text)) or is_paragraph(block.element)
        if is_read and (is_lead or is_caption(block.element) or block.element.getparent() in holders):
            taken.add(block.text)
            yield at, block


def _extract(root: HtmlElement) -> list[str]:
    """Return the lines of the article that trafilatura finds on a page."""
    import trafilatura

    found = trafilatura.bare_extraction(deepcopy(root), include_comments=False)
    text = found.text if found is not None and not isinstance(found, dict) else None
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]
