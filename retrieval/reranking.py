"""What a reranker is asked, and says: how a question and a sentence go together, read as one text.

Search finds sentences by vectors and words that were made apart; a reranker reads the few best with the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class SentenceInContext:
    """A sentence with what is read beside it."""

    text: str
    headline: str = ""
    before: str = ""  # the sentence before it


class Relevance(NamedTuple):
    """What a reranker says of a sentence, as logits."""

    rank: float  # only differences between the sentences of a question count
    answers: float  # that it answers; above 0 where the model takes it for an answer


class Reranker(Protocol):
    """A cross-encoder, usable from several threads."""

    def read(self, question: str, sentences: Sequence[SentenceInContext]) -> list[Relevance]:
        """Return what is said of each sentence, in their order.

        Raises:
            EmbeddingError: the model cannot be loaded.
            EndedError: it was told to end.
        """
        ...


@runtime_checkable
class Reranking(Protocol):
    """An embedding model that can read a question and a sentence together, too."""

    @property
    def reranker(self) -> Reranker | None:
        """Return what reads them; None where that is left out."""
        ...
