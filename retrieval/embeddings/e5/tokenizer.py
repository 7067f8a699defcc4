"""From a text to the ids of its pieces: the Unigram model of SentencePiece (Kudo, 2018), word by word.

No piece of this vocabulary reaches over a space, so that the best pieces of a text are the best of each of its words;
and the words of a language repeat, so that most are looked up and not cut again.
"""

from __future__ import annotations

from itertools import chain

from retrieval.embeddings.e5.weights import PieceVocabulary

SPACE = "\u2581"  # what SentencePiece writes for a space, before the word
MOST_REMEMBERED = 50_000  # words; with their ids, some 15 MB
LONGEST_REMEMBERED = 40  # letters; what is longer is hardly a word and seldom comes again
_UNKNOWN_PENALTY = 10.0  # below the least score, as SentencePiece has it


class UnigramTokenizer:
    """Cuts texts into the likeliest pieces; usable from several threads."""

    def __init__(self, vocabulary: PieceVocabulary) -> None:
        pieces = vocabulary.pieces
        self._ids = dict(zip(pieces, range(len(pieces)), strict=True))
        for control in vocabulary.controls:  # an article that writes "</s>" ends no sequence
            del self._ids[pieces[control]]
        self._scores = vocabulary.scores
        self._rewritten = vocabulary.rewritten
        self._unknown = vocabulary.unknown
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, pieces))
        self._remembered: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> list[int]:
        """Return the ids of a text's pieces, without those that begin and end a sequence."""
        words = text.translate(self._rewritten).replace(SPACE, " ").split(" ")
        return list(chain.from_iterable(map(self._word, filter(None, words))))

    def _word(self, word: str) -> tuple[int, ...]:
        known = self._remembered.get(word)
        if known is None:
            known = self._cut(SPACE + word)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            if len(word) <= LONGEST_REMEMBERED:
                self._remembered[word] = known
        return known

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the likeliest pieces of a word (Viterbi); what no piece has is unknown, and a run of it one piece."""
        best = [0.0] + [float("-inf")] * len(word)
        steps = [(self._unknown, 0)] * (len(word) + 1)  # to each place: the piece that ends there, and its beginning
        for start in range(len(word)):
            reached = best[start]
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                piece = self._ids.get(word[start:end])
                if piece is not None and reached + self._scores[piece] > best[end]:
                    best[end], steps[end] = reached + self._scores[piece], (piece, start)
            if reached + self._unknown_score > best[start + 1]:
                best[start + 1], steps[start + 1] = reached + self._unknown_score, (self._unknown, start)
        found: list[int] = []
        at = len(word)
        while at:
            piece, at = steps[at]
            if not (found and piece == found[-1] == self._unknown):
                found.append(piece)
        return tuple(reversed(found))
