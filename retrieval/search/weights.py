"""The weights of search and of answerability, each with where it comes from.

Those without a source of their own were chosen and not learnt: the golden set holds them
(tests/retrieval/answering/golden.toml), and bench/retrieval.py and bench/answers.py show what a change costs. What is
learnt of sentences and of answerability stands in data/learnt_weights.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each leg and each reading counts for a passage; embedders differ in how far they can be trusted.

    Words, coverage and sentence were learnt on the even half of XQuAD and checked on the odd one (bench/retrieval.py).
    """

    words: float = 1.0
    vectors: float = 0.0
    coverage: float = 0.3
    sentence: float = 0.2
    above_lowest: bool = False  # the vectors' scores count from the lowest that was found
    mean: float = 0.0  # of a passage's sentences, beside the nearest of them


FUSION_WEIGHTS: Mapping[str, FusionWeights] = {"hashing-1": FusionWeights(vectors=0.02)}  # bench/retrieval.py
# Learnt with e5 on the even half of XQuAD (bench/retrieval.py); other models are not measured.
FUSION_WITH_A_MODEL = FusionWeights(vectors=2.0, sentence=0.5, above_lowest=True, mean=0.5)


def fusion_weights(model_name: str) -> FusionWeights:
    """Return the weights that go with an embedder."""
    return FUSION_WEIGHTS.get(model_name, FUSION_WITH_A_MODEL)


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How surely words say a term, sentences make one statement, and passages cover a question."""

    # The ways in which a text may say a term.
    spelt_out: float = 0.9  # a number in words where digits were asked, and the other way round
    synonym: float = 0.4  # an Arabic word that shares an English headword with the word asked
    dialect: float = 0.85  # what newspapers write for a word of a dialect; chosen between two spellings and a synonym
    by_key: float = 0.9  # two spellings of one name
    by_fuzzy_key: float = 0.6  # names that are one sound apart
    by_inflection: float = 0.9  # another form of the same verb or noun: «وبحثا» where «بحث» was asked
    parted: float = 0.9  # two words where one without a space was asked: «أبو هنية» for «ابوهنية»
    mistyped: float = 0.6  # a word of the collection that is one slip of a finger away, as for a name one sound apart
    by_grams: float = 0.9  # a word that shares most of the term's 4-grams, by the share
    least_shared: float = 0.5  # of a term's grams; less is no likeness
    said: float = 0.4  # the score from which a term counts as said
    own_word: float = 0.8  # the weight above which an alternative is the question's own word, which cannot answer it

    # Passages and their sentences.
    context: float = 0.7  # what a term counts that stands in the neighbouring sentence
    same_statement: float = 0.75  # of the shorter sentence's stems, shared
    repeated: float = 0.85  # the factor on a passage whose best sentence a better passage has said

    # Answerability, beside what is learnt; weighed on the golden set.
    subject: float = 0.55  # of a question's idf; what makes up so much and is nowhere said: no answer
    mostly: float = 0.55  # of a question's idf, nowhere said: no answer; of the newsroom's answerable ones .5 %
    subject_said: float = 0.5  # how strongly it must be said: a far synonym is another subject


WEIGHTS = SearchWeights()
