"""How an article stands on its page: front matter, kicker, headline, byline, paragraphs, source, links.

The text itself is never changed: what is not the article's own is left out by offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from retrieval.extraction.boilerplate import is_boilerplate, links_below
from retrieval.extraction.bylines import byline_of
from retrieval.extraction.datelines import dateline_of, masthead_parts, tags_of
from retrieval.extraction.front_matter import read_front_matter
from retrieval.extraction.lines import Line, lines_of
from retrieval.extraction.metadata import (
    Facts,
    Field,
    StatedFact,
    labelled_anywhere,
    merge_facts,
    outlet_of,
    statement_of,
    value_start,
)
from retrieval.nlp.analysis import bare, normalise
from retrieval.nlp.dates import WEEKDAY_OF
from retrieval.nlp.display import clean
from retrieval.types import Span

_LONGEST_HEADLINE = 200  # code points
LONGEST_KICKER = 3  # words: «الشأن السوري» stands above a headline, which has more
LONGEST_HEAD_LINE = 140  # code points; what is longer is a paragraph, though nothing ends it
HEAD_LINES, TAIL_LINES = 8, 5  # where lines can be about the article instead of in it
LINES_BELOW = 3  # how far below a line its paragraph is looked for
LEAST_REPEATED = 4  # words; a shorter line, as «نعم.» in an interview, may be said twice

_QUOTED = re.compile(r"[«“\"]([^«»“”\"\n]{2,40})[»”\"]")
_BULLET = re.compile(r"[-–—*•●■▪◼]\s")
_HEADING_MARK = re.compile(r"#\s+")  # of Markdown
# «نائبا. وقال», or a mark at the end that no headline has; «..» and «؟» may end one.
_SENTENCE_END = re.compile(r"[^\W\d_]{2}\.\s|(?:(?<!\.)\.|[؛،:,;])[»”“\"'’)\]\s]*$")


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
    headed, lines = _read_head(_own_lines(lines_of(text, start)))
    closing, lines = _read_tail(lines)
    first = next((line for line in lines if _is_prose(line)), None)
    tagged = tags_of(first.text, lines[-1].text) if first else {}
    facts = merge_facts(stated, headed, closing, tagged, _labelled_in(lines))
    return Layout(facts, tuple(Span(line.start, line.end) for line in _once(lines)))


def _own_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without boilerplate; a gap stands where some was."""
    own: list[Line] = []
    links_end = 0
    for at, line in enumerate(lines):
        stated = statement_of(line.text)
        if is_boilerplate(line.text) and not (stated and stated.value):
            links_end = max(links_end, at + 1 + links_below(lines, at))
        elif at >= links_end or stated:
            own.append(line)
            continue
        if own:
            own[-1] = own[-1]._replace(gap=True)
    return own


def _read_head(lines: list[Line]) -> tuple[Facts, list[Line]]:
    """Return what the lines above the first paragraph state, and the lines that are the article's own."""
    head = next((at for at, line in enumerate(lines[:HEAD_LINES]) if _is_prose(line)), min(HEAD_LINES, len(lines)))
    at_headline = _headline_at(lines, head)
    facts: Facts = {}
    own: list[Line] = []
    mastheads: list[str] = []
    for at, line in enumerate(lines[:head]):
        below = lines[at + 1 : at + 2 + LINES_BELOW]
        if at == at_headline:
            start = _marked_start(line)
            headline = line._replace(start=line.start + start, text=line.text[start:])
            facts["title"] = clean(headline.text)
            own.append(headline)
        elif statement := _statement_at_head(line, below) or _dateline(line, at_headline >= 0):
            _take(facts, statement)
        elif at_headline >= 0 and (parts := masthead_parts(line.text)):
            mastheads += parts
        elif at_headline < 0 or at > at_headline or not _is_kicker(line):
            own.append(line)
    if mastheads and (outlet := _quoted_of(mastheads, lines)):
        facts.setdefault("source", clean(outlet))
    return facts, own + lines[head:]


def _quoted_of(names: Sequence[str], lines: Iterable[Line]) -> str | None:
    """Return the name that the text has in quotation marks, as an outlet speaks of itself: «في تصريح لـ«ضفاف»»."""
    quoted = {bare(found) for line in lines for found in _QUOTED.findall(line.text)}
    spoken = [name for name in names if bare(name) in quoted]
    return spoken[0] if len(spoken) == 1 else None


def _headline_at(lines: Sequence[Line], head: int) -> int:
    """Return which line of a head is the headline: a marked one, else the first that stands as one; -1 for none.

    A headline that nothing marks is longer than a kicker, does not end as a sentence does, and is set apart from the
    paragraph below it. Where there is none, a shorter line is one directly above what is stated of the article.
    """
    unmarked: list[int] = []
    dated: list[int] = []
    short: list[int] = []
    for at, line in enumerate(lines[:head]):
        below = lines[at + 1 : head + LINES_BELOW]
        if _marked_start(line):
            return at
        if (
            _BULLET.match(line.text)
            or _statement_at_head(line, below)
            or masthead_parts(line.text)
            or len(line.text) > _LONGEST_HEADLINE
        ):
            continue
        words = len(bare(line.text).split())
        if words > LONGEST_KICKER and _is_apart(line, below):
            if not _dateline(line, False):
                (dated if dateline_of(line.text) else unmarked).append(at)
        elif words > 1 and _states(below, 0):
            short.append(at)
    return next(iter([*unmarked, *dated, *short]), -1)


def _marked_start(line: Line) -> int:
    """Return where in a line its headline begins, after a label or a heading's mark; 0 where neither marks one."""
    if len(line.text) > _LONGEST_HEADLINE:
        return 0
    if marked := _HEADING_MARK.match(line.text):
        return marked.end()
    statement = statement_of(line.text)
    return value_start(line.text) if statement and statement.field == "title" and statement.value else 0


def _is_prose(line: Line) -> bool:
    """Tell whether a line is of a paragraph: it ends as a sentence does, holds the end of one, or is long."""
    if _marked_start(line) or statement_of(line.text):
        return False
    return len(line.text) > LONGEST_HEAD_LINE or bool(_SENTENCE_END.search(line.text))


def _is_apart(line: Line, below: Sequence[Line]) -> bool:
    """Tell whether lines, or a gap, part a line from a longer paragraph below it, or it is much the shorter."""
    if not below:
        return False
    if _is_prose(below[0]) and not line.gap:
        return len(below[0].text) > 2 * len(line.text)
    if not line.gap and not _states(
        below, 0
    ):  # below a deck of the headline is a gap, or what is stated of the article
        last = next((at for at, one in enumerate(below) if one.gap or _is_prose(one) or _states(below, at + 1)), -1)
        below = () if last < 0 or _is_prose(below[last]) else below[last + 1 :]
    return any(_is_prose(next_line) and len(next_line.text) > len(line.text) for next_line in below)


def _states(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the line at an index states something about the article."""
    if at >= len(lines):
        return False
    return (_statement_at_head(lines[at], lines[at + 1 :]) or _dateline(lines[at], True)) is not None


def _is_kicker(line: Line) -> bool:
    """Tell whether a line above a headline is the section's name."""
    return not line.is_closed and len(bare(line.text).split()) <= LONGEST_KICKER


def _dateline(line: Line, is_beside_headline: bool) -> StatedFact | None:
    """Return what a dateline states; where there is no headline beside it, a day of the week must show that it is one.

    «زلزال تركيا المدمر - 6 فبراير 2023» may be a headline.
    """
    stated = dateline_of(line.text)
    return stated if is_beside_headline or not WEEKDAY_OF.keys().isdisjoint(bare(line.text).split()) else None


def _read_tail(lines: list[Line]) -> tuple[Facts, list[Line]]:
    """Return what the lines below the last paragraph state, and the lines down to that paragraph."""
    facts: Facts = {}
    for count in range(min(TAIL_LINES, len(lines))):
        text = lines[-1 - count].text
        statement = statement_of(text) or dateline_of(text) or outlet_of(text)
        if not statement or statement.field == "title":
            return facts, lines[: len(lines) - count]
        _take(facts, statement)
    return facts, lines[: max(0, len(lines) - TAIL_LINES)]


def _labelled_in(lines: Sequence[Line]) -> Facts:
    """Return what lines in the midst of a text state by a label, where all that do agree."""
    values: dict[Field, set[str]] = {}
    for line in lines:
        if (stated := labelled_anywhere(line.text)) and stated.value:
            values.setdefault(stated.field, set()).add(stated.value)
    return {field: found.pop() for field, found in values.items() if len(found) == 1}


def _take(facts: Facts, statement: StatedFact) -> None:
    """Add what a line states to what was stated before it, which stays."""
    if statement.value:
        facts.setdefault(statement.field, statement.value)
    if statement.beside:
        _take(facts, statement.beside)


def _statement_at_head(line: Line, below: Sequence[Line]) -> StatedFact | None:
    """Return what a line states, or a bare byline; the name of one whom the text goes on to speak of is none."""
    if statement := statement_of(line.text):
        return statement
    if outlet := outlet_of(line.text):
        return outlet
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
