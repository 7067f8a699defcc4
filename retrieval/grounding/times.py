"""Times that no number says: parts of the day, last and next, yesterday and tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.grounding.comparison import Comparison
from retrieval.grounding.phrases import Phrases
from retrieval.nlp.word_lists import read_word_lists

_TIMES = {
    kind: {time: Phrases(listed) for time, listed in times.items()}
    for kind, times in read_word_lists("grounding", "times").items()
}


def other_times(compared: Comparison) -> Iterator[str]:
    """Yield the times of a sentence where the texts have another of the kind, and not that one."""
    for times in _TIMES.values():
        there = {time for time, phrases in times.items() for text in compared.near if any(phrases.find(text.tokens))}
        for time, phrases in times.items():
            if there and time not in there:
                yield from (compared.words(*found) for found in phrases.find(compared.own.tokens))
