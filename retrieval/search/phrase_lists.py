"""Lists of phrases, as the TOML files of this room hold them: a phrase a line, with alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from retrieval.nlp.analysis import normalise

_CONTRACTED = frozenset("s m re t".split())  # written with the word before: "what is|s" is "what is" and "whats"


def expand(lines: str) -> Iterator[tuple[str, ...]]:
    """Yield each phrase of a list as its normalised words, once for each choice among «a|b» and «a?».

    >>> sorted(expand("what is|s up?"))
    [('what', 'is'), ('what', 'is', 'up'), ('whats',), ('whats', 'up')]
    """
    for line in normalise(lines).splitlines():
        for choice in product(*map(_choices, line.split())):
            if _CONTRACTED.isdisjoint(choice):
                yield tuple(filter(None, choice))
            else:
                yield _contracted(choice)


def _contracted(choice: Sequence[str]) -> tuple[str, ...]:
    phrase: list[str] = []
    for word in filter(None, choice):
        if word in _CONTRACTED and phrase:
            phrase[-1] += word
        else:
            phrase.append(word)
    return tuple(phrase)


def _choices(word: str) -> list[str]:
    return [*word.removesuffix("?").split("|"), *([""] if word.endswith("?") else [])]
