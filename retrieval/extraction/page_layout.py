"""How an article stands on its page: front matter, kicker, headline, byline, paragraphs, source, links.

The text itself is never changed: what is not the article's own is left out by offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from retrieval.extraction.boilerplate import is_boilerplate, links_below
from retrieval.extraction.bylines import byline_of
from retrieval.extraction.front_matter import read_front_matter
from retrieval.extraction.lines import Line, lines_of
from retrieval.extraction.metadata import (
    Facts,
    StatedFact,
    clean,
    merge_facts,
    statement_of,
    tags_of,
    value_start,
)
from retrieval.nlp.analysis import bare, normalise
from retrieval.types import Span

_LONGEST_HEADLINE = 200  # code points
LONGEST_KICKER = 3  # words: «الشأن السوري» stands above a headline, which has more
HEAD_LINES, TAIL_LINES = 8, 5  # where lines can be about the article instead of in it
LINES_BELOW = 3  # how far below a line its paragraph is looked for
LEAST_REPEATED = 4  # words; a shorter line, as «نعم.» in an interview, may be said twice

_HEADING_MARK = re.compile(r"#\s+")  # of Markdown
_NO_HEADLINE_END = re.compile(r"(?:(?<!\.)\.|[؛،:,;])[»”“\"'’)\]\s]*$")


class Layout(NamedTuple):
    """What a text states about itself, and the spans of its own headline and paragraphs, in order."""

    facts: Facts
    body: tuple[Span, ...]


def read_layout(text: str) -> Layout:
    r"""Return the layout of a text; front matter has the last word about the facts.

    >>> text = "روسيا وتركيا تبحثان الوضع\n\nموسكو - رويترز\n\nقال الوزير إن الطرفين سيلتقيان قريبا.\nتعليقات"
    >>> facts, body = read_layout(text)
    >>> facts
    {'title': 'روسيا وتركيا تبحثان الوضع', 'source': 'رويترز'}
    >>> [text[start:end] for start, end in body]
    ['روسيا وتركيا تبحثان الوضع', 'قال الوزير إن الطرفين سيلتقيان قريبا.']
    """
    stated, start = read_front_matter(text)
    headed, headline, lines = _read_head(_own_lines(lines_of(text, start)))
    closing, lines = _read_tail(lines)
    tagged = tags_of(lines[0].text, lines[-1].text) if lines else {}
    own = _once([headline, *lines] if headline else lines)
    return Layout(merge_facts(stated, headed, closing, tagged), tuple(Span(line.start, line.end) for line in own))


def _own_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without boilerplate; a gap stands where some was."""
    own: list[Line] = []
    links_end = 0
    for at, line in enumerate(lines):
        if is_boilerplate(line.text):
            links_end = max(links_end, at + 1 + links_below(lines, at))
        elif at >= links_end or statement_of(line.text):
            own.append(line)
            continue
        if own:
            own[-1] = own[-1]._replace(gap=True)
    return own


def _read_head(lines: list[Line]) -> tuple[Facts, Line | None, list[Line]]:
    """Return what the lines above the first paragraph state, the headline, and the lines from that paragraph on."""
    facts: Facts = {}
    headline: Line | None = None
    for at, line in enumerate(lines[:HEAD_LINES]):
        below = lines[at + 1 : at + 2 + LINES_BELOW]
        if headline is None and (start := _headline_start(line, below)) is not None:
            headline = line._replace(start=line.start + start, text=line.text[start:])
            facts["title"] = clean(headline.text)
        elif statement := _statement_at_head(line, below):
            _take(facts, statement)
        elif headline or not _is_kicker(line, below):
            return facts, headline, lines[at:]
    return facts, headline, lines[HEAD_LINES:]


def _read_tail(lines: list[Line]) -> tuple[Facts, list[Line]]:
    """Return what the lines below the last paragraph state, and the lines down to that paragraph."""
    facts: Facts = {}
    for count in range(min(TAIL_LINES, len(lines))):
        statement = statement_of(lines[-1 - count].text)
        if not statement or statement.field == "title":
            return facts, lines[: len(lines) - count]
        _take(facts, statement)
    return facts, lines[: max(0, len(lines) - TAIL_LINES)]


def _take(facts: Facts, statement: StatedFact) -> None:
    """Add what a line states to what was stated before it, which stays."""
    if statement.value:
        facts.setdefault(statement.field, statement.value)
    if statement.beside:
        _take(facts, statement.beside)


def _headline_start(line: Line, below: Sequence[Line]) -> int | None:
    """Return where in a line its headline begins, after a label or a heading's mark; None where it is none.

    A headline that nothing marks is a short line, longer than a kicker, that does not end as a sentence
    does; it is set apart from the paragraph below it by a gap, by a byline, or by being much the shorter.
    """
    if len(line.text) > _LONGEST_HEADLINE:
        return None
    if marked := _HEADING_MARK.match(line.text):
        return marked.end()
    if statement := _statement_at_head(line, below):
        return value_start(line.text) if statement.field == "title" and statement.value else None
    if not below or _NO_HEADLINE_END.search(line.text):
        return None
    if len(bare(line.text).split()) <= LONGEST_KICKER:
        return None
    if line.gap or _statement_at_head(below[0], below[1:]):
        apart = any(next_line.is_closed and len(next_line.text) > len(line.text) for next_line in below)
    else:
        apart = below[0].is_closed and len(below[0].text) > 2 * len(line.text)
    return 0 if apart else None


def _is_kicker(line: Line, below: Sequence[Line]) -> bool:
    """Return whether a line is the section's name above a headline."""
    if not below or line.is_closed or len(bare(line.text).split()) > LONGEST_KICKER:
        return False
    return len(below[0].text) > len(line.text) and _headline_start(below[0], below[1:]) is not None


def _statement_at_head(line: Line, below: Sequence[Line]) -> StatedFact | None:
    """Return what a line states, or a bare byline; the name of one whom the text goes on to speak of is none."""
    if statement := statement_of(line.text):
        return statement
    author = byline_of(line.text)
    if author and not any(bare(author).split()[-1] in normalise(next_line.text) for next_line in below):
        return StatedFact("author", clean(author))
    return None


def _once(lines: Iterable[Line]) -> list[Line]:
    """Return the lines without those that say again, white space and spelling aside, what one before them said."""
    kept: list[Line] = []
    seen: set[str] = set()
    for line in lines:
        words = normalise(line.text).split()
        said = " ".join(words)
        if said in seen and len(words) >= LEAST_REPEATED:
            continue
        seen.add(said)
        kept.append(line)
    return kept
