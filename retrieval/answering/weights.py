"""The weights of an answer's length and of follow-ups, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """How far below the best a sentence is still said, and whether a follow-up takes the last turn's topic over."""

    worth_saying: float = 6.0  # log odds; so much less likely to answer than the best, and a sentence is left unsaid

    # Follow-ups; chosen, held by tests/retrieval/answering/test_followups.py.
    own_said: float = 0.5  # of a follow-up's own words, by idf; with less it need not be one of that turn
    own_hinted: float = 0.3  # the same, where the question alone finds nothing
    topic_said: float = 0.5  # of the last turn's words, by idf; with less, a passage is not on its topic
    on_subject: float = 0.6  # of the best coverage; with less, a sentence is not of a follow-up's subject
    elsewhere: float = 0.75  # the same, of an article that was not quoted on it before
    by_model: float = 0.5  # a search word that a model gave, beside the question's own


ANSWER_WEIGHTS = AnswerWeights()
