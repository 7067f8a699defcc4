"""The tree of a page, made plain: a block for each paragraph, its text in one piece, footnotes' marks left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from retrieval.nlp.word_lists import read_word_lists

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAMES: dict[str, str] = read_word_lists("readers", "html")
LONGEST_CELL = 300  # code points of a table of facts; a table with a longer one is the layout of a page
LONGEST_INLINE = 100  # code points of an element in a sentence; a longer one with line breaks holds paragraphs
LINK_SHARE = 0.5  # of a block's letters; one with more is a list of links, which trafilatura knows by them
LEAST_WORDS = 6  # of a sentence; an article has one, and a page of links and headlines none
MANY_WORDS = 20  # of a paragraph, though nothing ends it
_SENTENCE_END = re.compile(r"[.!?؟…][\s»”\"'’)\]]*$")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_INLINE, _UNSEEN, _APART, _APART_WORDS, _CAPTION_WORDS = (
    frozenset(NAMES[kind].split()) for kind in ("inline", "unseen", "apart", "apart_words", "caption_words")
)
_HOLDERS = ("div", "section", "article", "main", "center", "header", "body", "form", "fieldset", "details")
# Classes that say of an article what it has or where it belongs, and not what the element is.
_OF_STATE = re.compile(r"(?:has|no|with|category|tag|topic|section)-|.*-(?:open|closed|on|off|enabled|disabled)$")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"\s*[\[(]?\s*[\d٠-٩۰-۹*†‡]{1,3}(?:\s*[,،-]\s*[\d٠-٩۰-۹]{1,3})*\s*[\])]?\s*")
_UNIT = re.compile(r"(?:^|[\s\d٠-٩(])(?:م|كم|سم|ملم|متر|كيلومتر|m|km|cm|mm|ft|mi)\s?$")
_POWERS = {"2": "²", "٢": "²", "3": "³", "٣": "³"}


class TextBlock(NamedTuple):
    """A paragraph, a heading or another block without blocks in it, and its text on one line."""

    element: HtmlElement
    text: str


def parse_page(page: str) -> HtmlElement:
    """Return the tree of a page.

    Raises:
        LxmlError: it is none.
    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root: HtmlElement = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    return root


def simplify(root: HtmlElement) -> None:
    """Make a tree plain: nothing unseen, no footnotes' marks, each text that flows in a block of its own."""
    for element in [element for element in root.iter() if _is_unseen(element)]:
        if element.getparent() is not None:
            element.drop_tree()
    lower_raised(root)
    for table in list(root.iter("table")):
        if any(len(cell.text_content()) > LONGEST_CELL for cell in table.iterdescendants("td")):
            _unfold(table)
    for line_break in list(root.iter("br")):
        _open_around(line_break)
    for holder in list(root.iter(*_HOLDERS)):
        _wrap_text(holder)
    for block in [element for element in root.iter() if element.tag not in _INLINE and has_no_block(element)]:
        _flatten(block)


def lower_raised(root: HtmlElement) -> None:
    """Leave out the raised marks of footnotes in a tree, so that none joins a figure; «م²» and raised words stay."""
    for raised in list(root.iter("sup")):
        _lower(raised)


def text_blocks(root: HtmlElement) -> Iterator[TextBlock]:
    """Yield the blocks of a plain tree that hold text, outside the parts of a page that are not the article."""
    body = root.find(".//body")
    stack = [body] if body is not None else []
    while stack:
        element = stack.pop()
        if is_apart(element):
            continue
        if has_no_block(element):
            if text := text_of_element(element):
                yield TextBlock(element, text)
            continue
        stack += reversed([child for child in element if child.tag not in _INLINE])


def text_of_element(element: HtmlElement) -> str:
    """Return the text of an element as it flows, on one line."""
    return " ".join(element.text_content().split())


def has_no_block(element: HtmlElement) -> bool:
    """Tell whether an element holds text that flows, and no blocks."""
    return all(child.tag in _INLINE or child.tag == "br" for child in element.iterdescendants())


def is_paragraph(element: HtmlElement) -> bool:
    """Tell whether an element is a paragraph of prose: several words that end as a sentence does, or many."""
    if element.tag in (*_INLINE, *HEADINGS) or not has_no_block(element):
        return False
    text = text_of_element(element)
    return len(text.split()) >= MANY_WORDS or is_sentence(text)


def is_caption(element: HtmlElement) -> bool:
    """Tell whether an element is the caption of a picture."""
    return element.tag == "figcaption" or not _CAPTION_WORDS.isdisjoint(words_of(element))


def is_sentence(text: str) -> bool:
    """Tell whether a text is, or ends with, a sentence of several words."""
    return len(text.split()) >= LEAST_WORDS and _SENTENCE_END.search(text) is not None


def is_apart(element: HtmlElement) -> bool:
    """Tell whether an element is a part of a page that is not the article: a menu, a footer, related links."""
    if element.tag in _APART:
        return True
    if not element.attrib or element.tag in ("html", "body", "main", "article", *HEADINGS):
        return False
    is_called = not _APART_WORDS.isdisjoint(words_of(element)) or element.get("role") in ("navigation", "complementary")
    return is_called and next(element.iter("h1"), None) is None


def words_of(element: HtmlElement) -> set[str]:
    """Return the words of an element's classes and its id, whole and in their parts."""
    if not element.attrib:
        return set()
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return {*named, *(part for name in named if not _OF_STATE.match(name) for part in re.split(r"[-_]+", name))}


def _is_unseen(element: HtmlElement) -> bool:
    return (
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or (element.tag not in ("html", "body") and bool(_HIDDEN.search(element.get("style") or "")))
    )


def _unfold(table: HtmlElement) -> None:
    """Make blocks of a table that a page is laid out with."""
    for element in list(table.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th")):
        element.tag = "div"


def _open_around(line_break: HtmlElement) -> None:
    """Make blocks of the paragraph, and of the long inline elements, that a line break parts."""
    parent = line_break.getparent()
    while parent is not None and parent.tag in _INLINE and len(parent.text_content()) > LONGEST_INLINE:
        parent.tag = "div"
        parent = parent.getparent()
    if parent is not None and parent.tag == "p":
        parent.tag = "div"


def _lower(raised: HtmlElement) -> None:
    text = raised.text_content()
    if not _MARK.fullmatch(text):
        raised.drop_tag()
        return
    before = raised.getprevious()
    beside = (before.tail if before is not None else raised.getparent().text) or ""
    power = _POWERS.get(text.strip()) if _UNIT.search(beside) else None
    raised.tail = f"{power or ''}{raised.tail or ''}"
    raised.text = None
    raised.drop_tree()


def _wrap_text(holder: HtmlElement) -> None:
    """Put each text of a holder that stands beside its blocks, or between line breaks, into a paragraph."""
    from lxml.html import Element

    wrapped: list[HtmlElement] = []
    flowing: HtmlElement | None = None  # the paragraph that the next text goes on with

    def flow(text: str | None, inline: HtmlElement | None = None) -> None:
        nonlocal flowing
        if flowing is None and (inline is not None or (text and text.strip())):
            flowing = Element("p")
            wrapped.append(flowing)
        if flowing is None:
            return
        if inline is not None:
            flowing.append(inline)
            inline.tail = text
        elif len(flowing):
            flowing[-1].tail = (flowing[-1].tail or "") + (text or "")
        else:
            flowing.text = (flowing.text or "") + (text or "")

    flow(holder.text)
    holder.text = None
    for child in list(holder):
        tail, child.tail = child.tail, None
        if child.tag in _INLINE and has_no_block(child):
            flow(tail, child)
            continue
        flowing = None
        if child.tag != "br":
            wrapped.append(child)
        flow(tail)
    holder[:] = wrapped


def _flatten(block: HtmlElement) -> None:
    """Take the inline elements of a block apart, unless it is a list of links."""
    links = sum(len(link.text_content()) for link in block.iterdescendants("a"))
    is_list = links > LINK_SHARE * len(block.text_content())
    for element in list(block.iterdescendants()):
        if element.tag == "br":
            element.tail = f" {element.tail or ''}"
        if element.tag != "a" or not is_list:
            element.drop_tag()
