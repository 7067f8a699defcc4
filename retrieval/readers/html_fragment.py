"""Pieces of HTML, as rows and feeds hold them: whether a text is one, and the text that it shows."""

from __future__ import annotations

import re

from retrieval.readers.html_tree import lower_raised

_BLOCKS = (
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p"
    " pre section table tr ul"
)
_BREAKS = {**dict.fromkeys(_BLOCKS.split(), "\n\n"), "br": "\n"}
_UNSEEN = ("script", "style", "template")

_INLINE = "br a abbr b big center cite em font i img small span strong sub sup u body html td"
_NAMES = f"{_BLOCKS} {_INLINE}".replace(" ", "|")
_TAG = re.compile(rf"</(?:{_NAMES})\s*>|<(?:{_NAMES})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"<(?:{_BLOCKS.replace(' ', '|')}|br)\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|quot|apos|nbsp|lt|gt|laquo|raquo|ldquo|rdquo|lsquo|rsquo|hellip|ndash|mdash|bull|middot|zwnj|zwj|rlm|lrm"
    r"|#\d{2,6}|#x[\da-f]{2,5});",
    re.IGNORECASE,
)
_LINE_END, _GAP = re.compile(r"\n"), re.compile(r"\n[^\S\n]*\n")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")


def is_html(text: str) -> bool:
    """Tell whether a text is a piece of HTML: it holds a tag or an entity, as no other text does.

    >>> [is_html(text) for text in ("<p>قال", "قال &quot;نعم&quot;", "3 < 5 و7 > 6", "AT&T; <أحمد>")]
    [True, True, False, False]
    """
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def text_of_html(fragment: str, *, has_lines: bool = False) -> str:
    r"""Return the text of a piece of HTML, its paragraphs set apart by empty lines.

    Where no tag parts its paragraphs, empty lines do, and each line of a text that has lines. HTML that was escaped
    once too often is read all the same.

    >>> text_of_html("<p>قال&nbsp;<b>لافروف</b></p><script>x()</script><p>إن<br>الوضع &lt; خطير</p>")
    'قال لافروف\n\nإن\nالوضع < خطير'
    >>> text_of_html("<![CDATA[<p>قال</p>]]>"), text_of_html("قال <b>لا</b>\n\nثم &quot;نعم&quot;")
    ('قال', 'قال لا\n\nثم "نعم"')
    >>> text_of_html("&lt;p&gt;قال&lt;/p&gt;&lt;p&gt;لا&lt;/p&gt;")
    'قال\n\nلا'
    """
    text = _shown(fragment, has_lines)
    return _shown(text, has_lines) if _BLOCK_TAG.search(text) and not _BLOCK_TAG.search(fragment) else text


def _shown(fragment: str, has_lines: bool) -> str:
    from lxml import etree, html

    fragment = _CDATA.sub("", fragment)
    if not _BLOCK_TAG.search(fragment):
        fragment = (_LINE_END if has_lines else _GAP).sub("<br><br>", fragment)
    data = f"<div>{fragment}</div>".encode("utf-8", "replace")
    # Not Python's own parser: one unclosed tag after another takes it minutes.
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    lower_raised(root)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""  # a comment has none
        if event == "start":
            parts += [_BREAKS.get(tag, ""), "" if tag in _UNSEEN or not tag else _flowing(element.text)]
        else:
            parts += [_BREAKS.get(tag, "") if tag != "br" else "", _flowing(element.tail)]
    return tidy_lines("".join(parts))


def _flowing(text: str | None) -> str:
    """Return a text as HTML lays it out: a line's end is a space."""
    return re.sub(r"\s+", " ", text or "")


def tidy_lines(text: str) -> str:
    """Return a text without control characters; its lines stripped, at most one empty line together."""
    lines = (
        " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "", line).split()) for line in text.splitlines()
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
