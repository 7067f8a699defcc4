"""From when on an expression is certain enough to be marked, by its kind.

Chosen on the even halves of XQuAD, ARCD's training part and TyDi QA and checked on the odd ones, so that more than
95 % of the marks are right over the quotes that Sanad gives, right or wrong (bench/expressions.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from retrieval.types import ExpressionKind


@dataclass(frozen=True, slots=True)
class ExpressionLimits:
    """The least that must hold of a quote and of an expression in it; each 0 to 1 but `said`, which counts words."""

    coverage: float = 0.6  # of the question by the quote
    name: float = 0.4  # how strongly the quote says each name of the question
    weakest: float = 0.0  # the same of each word
    predicate: float = 0.4  # the same of what is asked
    anchor: float = 0.2  # how near what is asked is said of the expression
    nearness: float = 0.3  # of the question's words; enough by itself for amounts
    margin: float = 0.1  # over the next expression
    said: int = 1  # words of the question that the quote says, but for what is counted


_AMOUNTS = ExpressionLimits()
LIMITS: Mapping[ExpressionKind, ExpressionLimits] = MappingProxyType(
    {
        **dict.fromkeys(("number", "money", "measure", "duration", "age"), _AMOUNTS),
        "percentage": ExpressionLimits(margin=0.3),
        "date": ExpressionLimits(nearness=0.0, said=2),
        "place": ExpressionLimits(coverage=0.7, weakest=0.4, nearness=0.3, said=2),
        "person": ExpressionLimits(coverage=0.7, weakest=0.4, nearness=0.3, said=2),
    }
)
