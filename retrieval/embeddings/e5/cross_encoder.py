"""A cross-encoder over the encoder's own layers: it reads a question and a sentence together, as two vectors cannot.

A sentence is read with its headline and with the end of what stands before it. A small head reads the last states: how
near each of the question's tokens comes to one of the sentence's (late interaction, as in "ColBERT", Khattab and
Zaharia, 2020), how near their means are, and a network over both means and that of the tokens likeliest to be of the
answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrieval.embeddings.e5.cross_encoder_graph import STATES_IN, STATES_OUT, lower_graph, upper_graph
from retrieval.embeddings.e5.cross_encoder_weights import CrossEncoderWeights
from retrieval.embeddings.e5.encoder import E5Encoder, LoadedGraph, load_graph
from retrieval.embeddings.e5.texts import PASSAGE, QUERY, readable_text
from retrieval.embeddings.e5.weights import Floats, Weights
from retrieval.reranking import Relevance, SentenceInContext

if TYPE_CHECKING:
    from retrieval.concurrency.threads import DaemonThreads

MOST_OF_QUESTION, MOST_OF_HEADLINE, MOST_BEFORE, MOST_OF_SENTENCE = 40, 14, 16, 58  # tokens, as in training
_LONGEST = 1000  # code points of a text that are cut into tokens; the most that are read are some 400
_QUESTION, _AROUND, _OWN = range(3)  # places in the segments


class _Piece(NamedTuple):
    """The states of a sentence in context, and where its own tokens stand."""

    states: Floats
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """Reads sentences with a question; usable from several threads."""

    encoder: E5Encoder
    learnt: CrossEncoderWeights
    lower: LoadedGraph
    upper: LoadedGraph
    threads: DaemonThreads

    def read(
        self, question: str, sentences: Sequence[SentenceInContext], check: Callable[[], None] = lambda: None
    ) -> list[Relevance]:
        """Return how well each sentence answers a question, as logits.

        `check` is called before each sentence, and ends the work by what it raises.
        """
        asked = self._below(self._ids(QUERY + question)[:MOST_OF_QUESTION])

        def relevance(sentence: SentenceInContext) -> Relevance:
            check()
            return self._relevance(asked, sentence)

        waiting = [self.threads.submit(relevance, one) for one in sentences]
        return [one.result() for one in waiting]

    def _relevance(self, asked: Floats, sentence: SentenceInContext) -> Relevance:
        piece, segments = self._piece(sentence), self.learnt.segments
        joined = np.concatenate([asked + segments[_QUESTION], piece.states + segments[_AROUND]])
        own = slice(len(asked) + piece.start, len(asked) + piece.end)
        joined[own] += segments[_OWN] - segments[_AROUND]
        states = self.upper.run(joined)
        return _head(self.learnt, states[: len(asked)], states[own])

    def _piece(self, sentence: SentenceInContext) -> _Piece:
        ids = self._ids
        headline = [*ids(sentence.headline)[:MOST_OF_HEADLINE], *ids(".")] if sentence.headline else []
        around = [*ids(PASSAGE.strip()), *headline, *ids(sentence.before[-_LONGEST:])[-MOST_BEFORE:]]
        own = ids(sentence.text)[:MOST_OF_SENTENCE]
        start = len(around) + 1  # after the token that begins every text
        return _Piece(self._below([*around, *own]), start, start + max(len(own), 1))

    def _ids(self, text: str) -> list[int]:
        return self.encoder.token_ids(readable_text(text[:_LONGEST]))

    def _below(self, ids: Sequence[int]) -> Floats:
        return self.lower.run(self.encoder.embedded(ids))


def load_cross_encoder(
    encoder: E5Encoder, weights: Weights, learnt: CrossEncoderWeights, largest: int, threads: DaemonThreads
) -> CrossEncoder:
    """Return a cross-encoder over a loaded encoder, its weights and what was learnt."""
    lower = load_graph(lower_graph(weights, learnt.first_joint, largest), STATES_IN, STATES_OUT)
    upper = load_graph(upper_graph(weights, learnt, largest), STATES_IN, STATES_OUT)
    return CrossEncoder(encoder, learnt, lower, upper, threads)


def _head(learnt: CrossEncoderWeights, question: Floats, sentence: Floats) -> Relevance:
    """Return what the last states of a question's and a sentence's tokens say."""
    near = float((_unit(question) @ _unit(sentence).T).max(axis=1).mean())
    asked, said = question.mean(0), sentence.mean(0)
    answer = _softmax(sentence @ learnt.token) @ sentence
    likeness = np.array([near, float(_unit(asked) @ _unit(said))], np.float32)
    given = np.concatenate([asked, said, answer, asked * said, np.abs(asked - said), asked * answer, likeness])
    (hidden, hidden_bias), (output, output_bias) = learnt.hidden, learnt.output
    rank, answers = output @ _gelu(hidden @ given + hidden_bias) + output_bias + learnt.similarity @ likeness
    return Relevance(float(rank), float(answers))


def _softmax(logits: Floats) -> Floats:
    powers: Floats = np.exp(logits - logits.max())
    shares: Floats = powers / powers.sum()
    return shares


def _unit(states: Floats) -> Floats:
    found: Floats = states / np.maximum(np.linalg.norm(states, axis=-1, keepdims=True), 1e-12)
    return found


def _gelu(values: Floats) -> Floats:
    """Return Gaussian error linear units (Hendrycks and Gimpel, 2016), exactly."""
    return values * 0.5 * (1 + np.array([math.erf(value / math.sqrt(2)) for value in values], np.float32))
