"""A message as a small tree of our own, and the only place where it becomes Telegram's HTML.

A message is a list of blocks, a block a list of runs: nothing can nest that Telegram does not nest, and whatever a
user, an article or a model wrote is text in a run, escaped here, never markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from bot.telegram.messages.bidi import MARKS, begins_well
from retrieval.nlp.sentences import sentences
from retrieval.types import Language

Style = Literal["plain", "bold", "italic"]
Kind = Literal["text", "quote", "folded"]  # a folded quote shows its first lines until it is tapped

MOST_POINTS = 4096  # code points of a message once its HTML is parsed
_MOST_BYTES = 32_768  # of the HTML, in UTF-8
MOST_ENTITIES = 80  # Telegram keeps 100; the links and names that it finds by itself count too
SHORTEST_PIECE = 500  # code points; where less fits, a long block begins in the next message
BEYOND = 200  # code points after a cut that tell whether a sentence ends there

TIE = "\u00a0"  # a space at which neither a line nor a message breaks
_TAGS: dict[Style, tuple[str, str]] = {"plain": ("", ""), "bold": ("<b>", "</b>"), "italic": ("<i>", "</i>")}
_QUOTES: dict[Kind, tuple[str, str]] = {
    "text": ("", ""),
    "quote": ("<blockquote>", "</blockquote>"),
    "folded": ("<blockquote expandable>", "</blockquote>"),
}
_SPACE = re.compile(r"[ \n]+")
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_JOINING = "\u200d\ufe0e\ufe0f"  # a hard cut beside one of them would take a sign apart


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; with an address it is a link."""

    text: str
    style: Style = "plain"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a quotation: one or several lines that begin on a line of their own."""

    runs: tuple[Run, ...]
    language: Language  # of the direction in which its lines are laid out
    kind: Kind = "text"
    gap: bool = False  # an empty line stands before it
    kept: bool = False  # it stays with the block that follows, where both fit one message
    tail: int = 0  # code points at its end that are never left alone, such as a sentence's marker

    @property
    def text(self) -> str:
        """Return what the block says."""
        return "".join(run.text for run in self.runs)


def begun(block: Block) -> Block:
    r"""Return the block with a direction mark before each line whose first strong letter is none of its language.

    Telegram Desktop takes a line's direction from its first strong letter, within an isolate too.

    >>> begun(Block((Run("GPT-4 قال"),), "ar")).text, begun(Block((Run("قال GPT-4"),), "ar")).text
    ('\u200fGPT-4 قال', 'قال GPT-4')
    """
    runs, text, at = list(block.runs), block.text, 0
    inserted: list[int] = []
    for line in text.split("\n"):
        if line.strip() and not begins_well(line, block.language):
            inserted.append(at)
        at += len(line) + 1
    for place in reversed(inserted):
        runs = _with_mark(runs, place, MARKS[block.language])
    return replace(block, runs=tuple(runs))


def _with_mark(runs: Sequence[Run], place: int, mark: str) -> list[Run]:
    """Return the runs with a mark put in at a place, instead of a mark that stands there."""
    before, after = _slice(runs, 0, place), _slice(runs, place, sum(len(run.text) for run in runs))
    if after and after[0].text[0] in MARKS.values():
        after = _slice(after, 1, sum(len(run.text) for run in after))
    if after and after[0].style == "plain" and after[0].url is None:
        return [*before, replace(after[0], text=mark + after[0].text), *after[1:]]
    return [*before, Run(mark), *after]


def _slice(runs: Iterable[Run], start: int, end: int) -> tuple[Run, ...]:
    """Return what of the runs stands between two places."""
    found, at = [], 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            found.append(replace(run, text=text))
        at += len(run.text)
    return tuple(found)


def html_of(blocks: Sequence[Block]) -> str:
    """Return blocks as Telegram's HTML."""
    return _joined(blocks, _block_html)


def plain_of(blocks: Sequence[Block]) -> str:
    """Return what Telegram shows of blocks, without the styles."""
    return _joined(blocks, lambda block: block.text)


def _joined(blocks: Sequence[Block], form: Callable[[Block], str]) -> str:
    first, *others = blocks
    return form(first) + "".join(("\n\n" if block.gap else "\n") + form(block) for block in others)


def _block_html(block: Block) -> str:
    opening, closing = _QUOTES[block.kind]
    return opening + "".join(map(_run_html, block.runs)) + closing


def _run_html(run: Run) -> str:
    opening, closing = _TAGS[run.style]
    if run.url is not None:
        opening, closing = f'<a href="{escape(run.url)}">{opening}', f"{closing}</a>"
    return opening + escape(run.text, quote=False) + closing


def fits(blocks: Sequence[Block]) -> bool:
    """Tell whether blocks fit one message, counted as Telegram counts."""
    styled = sum((run.style != "plain") + (run.url is not None) for block in blocks for run in block.runs)
    quotes = sum(block.kind != "text" for block in blocks)
    return (
        len(plain_of(blocks)) <= MOST_POINTS
        and styled + quotes <= MOST_ENTITIES
        and len(html_of(blocks).encode()) <= _MOST_BYTES
    )


def split_message(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Return blocks as messages that Telegram takes: cut between blocks, else at a sentence's end, else at a word."""
    parts: list[tuple[Block, ...]] = []
    current: tuple[Block, ...] = ()
    for group in _groups([begun(_stripped(block)) for block in blocks if block.text.strip()]):
        if fits((*current, *group)):
            current = (*current, *group)
            continue
        if current:
            parts.append(current)
        *full, current = _filled(group)
        parts += full
    return [*parts, current] if current else parts


def _stripped(block: Block) -> Block:
    """Return the block without white space at its ends, which Telegram takes away, but not always."""
    text = block.text
    start = len(text) - len(text.lstrip())
    return replace(block, runs=_slice(block.runs, start, len(text.rstrip())))


def _groups(blocks: Iterable[Block]) -> Iterable[tuple[Block, ...]]:
    """Yield blocks with those that stay together."""
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.kept:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _filled(group: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Return the messages of blocks that stay together, if they fit one; else cut, each message as full as may be."""
    parts: list[tuple[Block, ...]] = [()]
    waiting = list(reversed(group))
    while waiting:
        block = waiting.pop()
        if fits((*parts[-1], block)) and not _leaves_alone(waiting[-1:], (*parts[-1], block)):
            parts[-1] = (*parts[-1], block)
        elif parts[-1] and (fits((block,)) or not _roomy(parts[-1], block)):
            parts.append(())
            waiting.append(block)
        else:
            head, rest = _cut(block, parts[-1])
            parts[-1] = (*parts[-1], head)
            parts.append(())
            waiting.append(begun(rest))
    return parts


def _leaves_alone(following: Sequence[Block], before: Sequence[Block]) -> bool:
    """Tell whether a quotation would stand in one message, and the line that names its source in the next."""
    return bool(following) and before[-1].kind != "text" and not fits((*before, *following))


def _roomy(before: Sequence[Block], block: Block) -> bool:
    """Tell whether a good piece of a block has room after some others."""
    return fits((*before, replace(block, runs=_slice(block.runs, 0, SHORTEST_PIECE))))


def _cut(block: Block, before: Sequence[Block]) -> tuple[Block, Block]:
    """Return a block that is too long in two, the first as long as fits after some others."""
    text = block.text
    least, most = 1, len(text) - max(block.tail, 1)
    while least < most:  # the longest head that fits; what fits, fits shorter too
        middle = (least + most + 1) // 2
        if fits((*before, replace(block, runs=_slice(block.runs, 0, middle)))):
            least = middle
        else:
            most = middle - 1
    end, start = _place_to_cut(text, least)
    head = replace(block, runs=_slice(block.runs, 0, end), tail=0, kept=False)
    return head, replace(block, runs=_slice(block.runs, start, len(text)), gap=False)


def _place_to_cut(text: str, most: int) -> tuple[int, int]:
    """Return where a head of at most so many code points ends, and where the rest begins."""
    depth, words = 0, []
    for space in re.finditer(rf"[{_OPENING}{_CLOSING}]|{_SPACE.pattern}", text[: most + 1]):
        if space.group() in _OPENING:
            depth += 1
        elif space.group() == _CLOSING:
            depth = max(depth - 1, 0)
        elif depth == 0 and space.start() > 0:
            words.append(space.start())
    stops = {span.end for span in sentences(text[: most + BEYOND])}
    good = [place for place in words if place in stops and text[:place].strip()]
    usable = good or [place for place in words if text[:place].strip()]
    if usable:
        space_here = _SPACE.match(text, usable[-1])
        return usable[-1], space_here.end() if space_here else usable[-1]
    while most > 1 and (unicodedata.combining(text[most]) or {text[most], text[most - 1]} & {*_JOINING}):
        most -= 1
    return most, most
