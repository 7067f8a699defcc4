"""A vocabulary of a few texts, for passages that come from elsewhere than an index of ours."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.nlp.analysis import stem, words
from retrieval.nlp.phonetics import keys_in_text, one_apart

ASSUMED_PASSAGES = 1_000  # of the collection that the texts are from
ASSUMED_FREQUENCY = 50  # of each word that they have; with 20 to 80 the questions over seeds/ are judged best
SHORTEST_FUZZY_KEY = 4  # sounds


class TextVocabulary:
    """Knows which words some texts have, and takes all of these for equally rare.

    What a retriever returns for a question is no sample of its collection: all of it speaks of the question's subject,
    and counted among it the subject would be the commonest word of all. A word that none of the texts has weighs more.
    """

    passages = ASSUMED_PASSAGES

    def __init__(self, texts: Iterable[str]) -> None:
        """Read the texts."""
        found = {word for text in texts for word in words(text)}
        self._terms = {
            "stem": frozenset(map(stem, found)),
            "key": frozenset(key for word in found if not word.isascii() for key in keys_in_text(word)),
        }

    def document_frequency(self, field: str, term: str) -> int:
        """Return in how many passages a term is taken to stand."""
        return ASSUMED_FREQUENCY if term in self._terms[field] else 0

    def fuzzy_keys(self, key: str) -> frozenset[str]:
        """Return the phonetic keys of the texts that differ from one by a single sound; of a short key, none."""
        if len(key) < SHORTEST_FUZZY_KEY:
            return frozenset()
        return frozenset(near for near in self._terms["key"] if near[:2] == key[:2] and one_apart(near, key))
