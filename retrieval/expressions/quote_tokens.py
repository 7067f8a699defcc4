"""A quote's words with their places, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.nlp.analysis import Token, normalise, tokens
from retrieval.types import Span

_PARTING = re.compile(r"[،,؛;:.؟?!\n]")  # between two words that do not belong together
_CLAUSE_END = re.compile(r"[،,؛;:.؟?!\n()«»\"“”]")


class QuoteTokens:
    """A quote's words, and what stands between them."""

    def __init__(self, text: str) -> None:
        """Read a text."""
        self.text = text
        self.tokens: Sequence[Token] = tokens(text)
        self.words = [token.text for token in self.tokens]

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.words)

    def gap(self, before: int) -> str:
        """Return what stands between a token and the next, or the text's end."""
        after = self.tokens[before + 1].start if before + 1 < len(self) else len(self.text)
        return self.text[self.tokens[before].end : after]

    def are_joined(self, first: int, last: int) -> bool:
        """Tell whether there are both tokens, and no punctuation parts them."""
        return first >= 0 and last < len(self) and not any(_PARTING.search(self.gap(at)) for at in range(first, last))

    def are_in_one_clause(self, first: int, last: int) -> bool:
        """Tell whether neither punctuation nor a bracket nor a quotation mark stands between two tokens."""
        return not any(_CLAUSE_END.search(self.gap(at)) for at in range(first, last))

    def span(self, first: int, last: int) -> Span:
        """Return the slice of the text from a first token to a last one, with the marks on its last letter."""
        end = self.tokens[last].end
        while end < len(self.text) and not normalise(self.text[end]):
            end += 1
        return Span(self.tokens[first].start, end)

    def inside(self, start: int, end: int) -> range:
        """Return the tokens that stand whole in a slice of the text."""
        within = [at for at, token in enumerate(self.tokens) if start <= token.start and token.end <= end]
        return range(within[0], within[-1] + 1) if within else range(0)
