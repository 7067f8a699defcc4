"""The sentences of a text, as spans: cut where a reader of Arabic or English would end them."""

from __future__ import annotations

import re

from retrieval.types import Span

LONGEST_QUOTATION = 600  # code points; inside a longer one sentences are cut all the same

_STOP = re.compile(r"\n+|[.!?؟؛;…]+")
_CLOSERS = "»”\"’')]〉}“"  # “ closes in texts whose quotes were typed right to left
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«“\"])(?:[A-Za-z]|[اأإبتثجحخدذرزسشصضطظعغفقكلمنهوي]|ال[أا]?|أ\.د|ق\.م|ب\.م|[A-Z](?:\.[A-Z])+"
    r"|Mr|Mrs|Ms|Dr|St|vs|etc|No|Jr|Sr|Prof|Gen|Col|Lt|Sen|Rep|Inc|Ltd|e\.g|i\.e)$"
)
# Words of two letters or more on both sides: «صوتا.وقال», and neither «أ.ف.ب» nor «3.5» nor «د.علي».
_TWO_LETTERS = r"[ء-يٱ-ە][\u064b-\u0652ـ]*[ء-يٱ-ە]"
_GLUED_BEFORE = re.compile(rf"{_TWO_LETTERS}[\u064b-\u0652ـ]*[»”“\"’)\]]*$")
_GLUED_AFTER = re.compile(rf"[«“\"(]*(?:و |{_TWO_LETTERS})")
_CONTINUED = re.compile(  # after «؛», as in «قالت الوزارة؛ إن»: more of what was said, and no new sentence
    r"\s*(?:[وبل]?[أإا]ن(?:ه|ها|هم|هما|نا|ني|ّ)?|كون(?:ه|ها|هم)?|إذ|اذ|حيث|مما|بينما|فيما|لكن(?:ه|ها)?|بل)\s"
)
_QUOTATION = re.compile(r"«[^»\n]*»|“[^”\n]*”|”[^“”\n]*“|\"[^\"\n]*\"|\([^()\n]*\)|\[[^\[\]\n]*\]")


def sentences(text: str) -> list[Span]:
    """Return the sentences of a text as spans without outer white space; together they hold all of its ink.

    A sentence ends at ؟ ؛ ! . … or a line's end, but not inside a number, after an abbreviation, inside a quotation or
    brackets that close on the same line, or between «؛» and the «أن» of a clause. A letter that follows at once is of
    the same sentence too, unless the full stop stands between two Arabic words.

    >>> [text[s:e] for text in ["قال د. علي إن 3.5٪ «نعم. لا» وافقوا؟ لا! انتهى."] for s, e in sentences(text)]
    ['قال د. علي إن 3.5٪ «نعم. لا» وافقوا؟', 'لا!', 'انتهى.']
    >>> [text[s:e] for text in ["وافق 71 نائبا.وقال رئيس أ.ف.ب إن 3.5 تكفي."] for s, e in sentences(text)]
    ['وافق 71 نائبا.', 'وقال رئيس أ.ف.ب إن 3.5 تكفي.']
    >>> len(sentences("وصفها الوزير؛ بأنها انتهاك؛ وغادر."))
    2
    """
    quotations = [q.span() for q in _QUOTATION.finditer(_closable(text)) if q.end() - q.start() <= LONGEST_QUOTATION]
    spans, start, inside = [], 0, 0
    for stop in _STOP.finditer(text):
        while inside < len(quotations) and quotations[inside][1] <= stop.start():
            inside += 1
        in_quotation = inside < len(quotations) and quotations[inside][0] < stop.start()
        end = _sentence_end(text, stop.start(), stop.end(), in_quotation)
        if end is None:
            continue
        spans.append((start, end))
        start = end
    spans.append((start, len(text)))
    return [stripped for span in spans if (stripped := strip(text, *span))]


def _closable(text: str) -> str:
    """Return a text with blanks for the marks that open a quotation and that none closes before the line's end.

    Whoever looks for the end of each of them reads the rest of the line each time.

    >>> _closable("«أ» «ب «ج")
    '«أ»  ب  ج'
    >>> _closable("“أ” ”ب“ “ج “د")
    '“أ” ”ب“  ج  د'
    """
    if text.count("«") > 1:
        parted = (line.rpartition("»") for line in text.split("\n"))
        text = "\n".join(f"{before}{closer}{rest.replace('«', ' ')}" for before, closer, rest in parted)
    if text.count("“") > 1:
        parted = (line.rpartition("”") for line in text.split("\n"))
        text = "\n".join(f"{before}{closer}{_but_first(rest)}" for before, closer, rest in parted)
    return text


def _but_first(rest: str) -> str:
    """Return what follows the last ” of a line with its first “ alone, which may close what that one opens."""
    before, mark, after = rest.partition("“")
    return f"{before}{mark}{after.replace('“', ' ')}"


def _sentence_end(text: str, start: int, end: int, in_quotation: bool) -> int | None:
    """Return where the sentence that stops here ends, or None where this is no end of a sentence."""
    if text[start] == "\n":
        return end
    if in_quotation:
        return None
    if text[start:end] == "؛" and _CONTINUED.match(text, end):
        return None
    if text[start:end] == ".":
        before = text[max(0, start - 12) : start]
        is_glued = text[end : end + 1].isalnum() and not (
            _GLUED_BEFORE.search(before) and _GLUED_AFTER.match(text, end)
        )
        if is_glued or _ABBREVIATED.search(before):
            return None
    while end < len(text) and text[end] in _CLOSERS and not text[end - 1].isspace():
        end += 1
    return end


def strip(text: str, start: int, end: int) -> Span | None:
    """Return the span without the white space at its ends, or None where nothing is left.

    >>> strip(" أ ", 0, 3), strip("   ", 0, 3)
    (Span(start=1, end=2), None)
    """
    ink = text[start:end].strip()
    if not ink:
        return None
    start += text[start:end].index(ink)
    return Span(start, start + len(ink))
