"""The weights of an answer's sentences and of follow-ups, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from retrieval.nlp.asking import Asks


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """What decides which sentences answer, and whether a follow-up takes the last turn's topic over."""

    # What a sentence's features add to the log odds that it holds the answer. Learnt on one half of XQuAD's questions
    # in both languages, checked on the other (bench/answers.py; listwise logistic regression), then rounded.
    after: float = 3.0  # coverage, with the sentence before as context
    before: float = 3.3  # coverage, with the sentence that follows
    best: float = 0.9  # no sentence of its passage covers more
    passage: float = 6.5  # the passage's score, as a share of the best passage's
    pairs: float = 1.0  # share of the question's word pairs
    bare: float = -2.0  # the sentence says next to nothing but the question's own words
    says: Mapping[Asks, float] = field(  # that it says something of the kind that is asked for
        default_factory=lambda: MappingProxyType(
            {
                **dict.fromkeys(("where", "how", "which", "what", "yes_no"), 0.0),
                **dict.fromkeys(("how many", "how much", "how long"), 1.6),
                "who": 0.2,
                "when": 2.1,
                "why": 1.1,
            }
        )
    )
    worth_saying: float = 4.0  # log odds; so much less likely to answer than the best, and a sentence is left unsaid

    # Follow-ups; chosen, held by tests/retrieval/answering/test_followups.py.
    own_said: float = 0.5  # of a follow-up's own words, by idf; with less it need not be one of that turn
    own_hinted: float = 0.2  # the same, where the question alone finds nothing
    surely: float = 1.0  # the score of answerability from which even a single word has an answer of its own
    on_subject: float = 0.6  # of the best coverage; with less, a sentence is not of a follow-up's subject
    elsewhere: float = 0.75  # the same, of an article that was not quoted on it before
    by_model: float = 0.5  # a search word that a model gave, beside the question's own


ANSWER_WEIGHTS = AnswerWeights()
