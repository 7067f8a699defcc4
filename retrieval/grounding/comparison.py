"""What a reading compares: a sentence aligned with itself, and the passages, whole and where they are nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from retrieval.grounding.alignment import AlignedText, Claim

_ENDS = frozenset(".!?؟\n")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim, the same as an aligned text, the passages' windows, the passages, and their articles' texts."""

    claim: Claim
    own: AlignedText
    near: tuple[AlignedText, ...]
    whole: tuple[AlignedText, ...] = ()
    articles: tuple[str, ...] = ()

    def words(self, first: int, last: int) -> str:
        """Return the sentence's own words from one token to another."""
        return self.own.text[self.own.tokens[first].start : self.own.tokens[last].end]


ClaimReading = Callable[[Comparison], Iterable[str]]  # the words of the sentence that the texts do not say so


def sentence_tokens(text: AlignedText) -> Iterator[range]:
    """Yield the tokens of each sentence of a text; a quotation's sentences are parted too."""
    start = 0
    for at in range(1, len(text.tokens) + 1):
        gap = text.text[text.tokens[at - 1].end : text.tokens[at].start] if at < len(text.tokens) else "."
        if any(mark in _ENDS for mark in gap):
            yield range(start, at)
            start = at
