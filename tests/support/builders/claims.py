"""A sentence aligned with a text, as each reading of the grounding check meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from support.builders.vocabulary import Counts

from retrieval.grounding.alignment import Claim
from retrieval.grounding.comparison import ClaimReading, Comparison
from retrieval.grounding.roles import Scene, scene_of
from retrieval.nlp.lexicon import load_lexicon


def read_against(reading: ClaimReading, sentence: str, text: str) -> list[str]:
    """Return the words that a reading finds in a sentence and not in a text."""
    claim = Claim(sentence, Counts(), load_lexicon())
    aligned = claim.align(text)
    return list(reading(Comparison(claim, claim.align(sentence), (aligned,), (aligned,))))


def read_scene(reading: Callable[[Scene], Iterable[str]], sentence: str, text: str) -> list[str]:
    """Return the words that a reading of who does what finds in a sentence and not in a text."""
    return read_against(lambda compared: reading(scene_of(compared)), sentence, text)
