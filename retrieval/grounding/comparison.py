"""What a reading compares: a sentence aligned with itself, and the sentences of the passages that are nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retrieval.grounding.alignment import AlignedText, Claim


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim, the same as an aligned text, and the windows of the passages cited."""

    claim: Claim
    own: AlignedText
    near: tuple[AlignedText, ...]

    def words(self, first: int, last: int) -> str:
        """Return the sentence's own words from one token to another."""
        return self.own.text[self.own.tokens[first].start : self.own.tokens[last].end]


ClaimReading = Callable[[Comparison], Iterable[str]]  # the words of the sentence that the texts do not say so
