"""Passages read against a question, sentence by sentence; and when two sentences make one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.nlp.analysis import normalise, stem, words
from retrieval.nlp.sentences import sentences
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Passage

SHORTEST_STATEMENT = 6  # stems; shorter sentences are the same only to the letter
_MOST_KEPT = 1024  # passages kept analysed
_MOST_READ = 256  # readings kept: those of a question are asked for by the search and again by the answer


@dataclass(frozen=True, slots=True)
class PassageSentence:
    """A sentence of a passage: its place in the article and its normalised words."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with how strongly it says each term of a question, and the share of the question it covers.

    `after` counts the sentence before it as context, `before` the sentence after it.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    term_scores: tuple[float, ...]
    coverage: float
    after: float
    before: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage's sentences, read; and the same figures for the passage as a whole."""

    sentences: tuple[ReadSentence, ...]
    term_scores: tuple[float, ...]
    coverage: float


@lru_cache(maxsize=_MOST_KEPT)
def sentences_of(passage: Passage) -> tuple[PassageSentence, ...]:
    """Return the sentences of a passage, analysed once."""
    return tuple(
        PassageSentence(passage.start + start, passage.start + end, text, tuple(words(text)))
        for start, end in sentences(passage.text)
        if (text := passage.text[start:end])
    )


@lru_cache(maxsize=_MOST_READ)
def read(matcher: Matcher, passage: Passage) -> Reading:
    """Return a passage read against a question."""
    found = sentences_of(passage)
    term_scores = [matcher.term_scores(sentence.words) for sentence in found]
    nothing = (0.0,) * len(matcher.idfs)
    read_sentences = tuple(
        ReadSentence(
            sentence.start,
            sentence.end,
            sentence.text,
            sentence.words,
            tuple(own),
            matcher.coverage(own),
            matcher.coverage(_beside(own, previous)),
            matcher.coverage(_beside(own, following)),
        )
        for sentence, own, previous, following in zip(
            found, term_scores, [nothing, *term_scores], [*term_scores[1:], nothing], strict=False
        )
    )
    whole = tuple(max(column) for column in zip(*term_scores, strict=True)) if term_scores else nothing
    return Reading(read_sentences, whole, matcher.coverage(whole))


def _beside(own: Sequence[float], neighbour: Sequence[float]) -> list[float]:
    return [max(strength, WEIGHTS.context * other) for strength, other in zip(own, neighbour, strict=True)]


@lru_cache(maxsize=_MOST_KEPT * 4)
def _statement(text: str) -> frozenset[str]:
    """Return what identifies a statement whoever reports it: its stems."""
    return frozenset(stem(word) for word in words(text))


def same_statement(first: str, second: str) -> bool:
    """Tell whether two sentences say the same thing in nearly the same words, with the same numbers.

    >>> same_statement("قال: «تحدثنا عن تنفيذ قرار مجلس الأمن 2254»", "وأكد: “تحدثنا عن تنفيذ قرار مجلس الأمن 2254”")
    True
    >>> same_statement("قتل 4 مدنيين في قصف على مدينة كفرزيتا", "قتل 7 مدنيين في قصف على مدينة كفرزيتا")
    False
    """
    one, other = _statement(first), _statement(second)
    if min(len(one), len(other)) < SHORTEST_STATEMENT:
        return one == other
    if len(one & other) < WEIGHTS.same_statement * min(len(one), len(other)):
        return False
    return not any(word.isdigit() or word in _NEGATIONS for word in one ^ other)


_NEGATIONS = frozenset(stem(normalise(word)) for word in ("لم", "لن", "ليس", "ليست", "لا", "دون", "نفى", "نفي", "رفض"))
