"""Listed phrases in a text: where they stand, whatever particle is written onto an Arabic one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from retrieval.nlp.analysis import Token, words

_JOINED = "وف"  # and, so: written onto the word that follows


class Found(NamedTuple):
    """A listed phrase in a text, by its first and last token."""

    first: int
    last: int


class Phrases:
    """A list of phrases, parted by commas or lines, that is looked for in tokens."""

    def __init__(self, listed: str) -> None:
        """Read a list as the TOML files of this room hold it."""
        by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in listed.replace("\n", ",").replace("،", ",").split(","):
            if found := tuple(words(phrase)):
                by_first[found[0]].append(found)
        self._by_first: Mapping[str, list[tuple[str, ...]]] = {
            first: sorted(phrases, key=len, reverse=True) for first, phrases in by_first.items()
        }

    def at(self, tokens: Sequence[Token], at: int) -> Found | None:
        """Return the longest phrase that begins at a token."""
        word = tokens[at].text
        for first in (word, word[1:]) if word[0] in _JOINED else (word,):
            for phrase in self._by_first.get(first, ()):
                following = tuple(token.text for token in tokens[at + 1 : at + len(phrase)])
                if following == phrase[1:]:
                    return Found(at, at + len(phrase) - 1)
        return None

    def find(self, tokens: Sequence[Token]) -> Iterator[Found]:
        """Yield the phrases in a text, from left to right, none inside another.

        >>> from retrieval.nlp.analysis import tokens
        >>> list(Phrases("at least, least, على الأقل").find(tokens("at least 7, وعلى الأقل 3")))
        [Found(first=0, last=1), Found(first=3, last=4)]
        """
        after = 0
        for at in range(len(tokens)):
            if at >= after and (found := self.at(tokens, at)):
                yield found
                after = found.last + 1

    def __contains__(self, word: str) -> bool:
        """Tell whether a normalised word alone is listed."""
        return (word,) in self._by_first.get(word, ())
