"""From an article to the passages that are searched: exact slices of its text, cut where a reader would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retrieval.nlp.sentences import sentences
from retrieval.types import Article, Passage, Span

CHUNKING_VERSION = 2  # of the passages that a text gives; another one makes an index rebuild itself

LONGEST_PASSAGE = 1600  # code points; a paragraph up to here stays whole
LONGEST_JOINED = 700  # code points; neighbouring paragraphs are joined up to here
_LONGEST_HEADLINE = 200  # code points
LONGEST_HEADED = 2000  # code points; a headline and the paragraph below it are joined up to here

_INK = re.compile(r"\S")
_LAST_GAP = re.compile(r"\s\S*\Z")
_SENTENCE_END = re.compile(r"[.!?؟…][»”“\"'’)\]]*\Z")


def split_passages(article: Article) -> list[Passage]:
    """Return the article's passages, in order: together they hold all of its body, each part of it once.

    Only white space parts the paragraphs of one passage, so that nothing left out of the body is in one.
    """
    pieces = (piece for paragraph in article.body for piece in _cut(article.text, paragraph))
    return [
        Passage(article.article_id, start, end, article.text[start:end]) for start, end in _join(article.text, pieces)
    ]


def _cut(text: str, paragraph: Span) -> Iterator[Span]:
    """Yield a paragraph whole, or a long one in parts of about equal length that end where sentences end."""
    length = paragraph.end - paragraph.start
    if length <= LONGEST_PASSAGE:
        yield paragraph
        return
    enough = length / -(-length // LONGEST_PASSAGE)
    part: Span | None = None
    for sentence in _sentences(text, paragraph):
        if part and part.end - part.start < enough and sentence.end - part.start <= LONGEST_PASSAGE:
            part = Span(part.start, sentence.end)
            continue
        if part:
            yield part
        part = sentence
    if part:
        yield part


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    """Yield a paragraph's sentences; one too long for a passage in parts, cut between words where it has any."""
    for sentence in sentences(text[paragraph.start : paragraph.end]):
        start, end = paragraph.start + sentence.start, paragraph.start + sentence.end
        while end - start > LONGEST_PASSAGE:
            gap = _LAST_GAP.search(text, start, start + LONGEST_PASSAGE + 1)
            stop = gap.start() if gap else start + LONGEST_PASSAGE
            yield Span(start, start + len(text[start:stop].rstrip()))
            ink = _INK.search(text, stop, end)
            start = ink.start() if ink else end
        if end > start:
            yield Span(start, end)


def _join(text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    """Yield the pieces, short neighbours joined, and the headline with what it stands above."""
    passage: Span | None = None
    at_head = True
    for piece in pieces:
        if passage and not text[passage.end : piece.start].strip():
            bound = LONGEST_HEADED if at_head and _is_headline(text, passage) else LONGEST_JOINED
            if piece.end - passage.start <= bound:
                passage = Span(passage.start, piece.end)
                continue
        if passage:
            yield passage
            at_head = False
        passage = piece
    if passage:
        yield passage


def _is_headline(text: str, piece: Span) -> bool:
    """Return whether what opens the body is a headline: short, on one line, not ending as a sentence does."""
    if piece.end - piece.start > _LONGEST_HEADLINE:
        return False
    words = text[piece.start : piece.end]
    return len(words.splitlines()) == 1 and not _SENTENCE_END.search(words)
