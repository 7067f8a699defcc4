"""From when on an expression is certain enough to be marked, by its kind.

Chosen by hand, looking at the marks on XQuAD, on ARCD's training part, on TyDi QA and on a made newsroom: none of these
was held back. bench/expressions.py shows what a change costs.
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
    nearness: float = 0.3  # of the question's words
    covered_alone: float = 0.6  # of the question by the quote, where nearness alone speaks for an amount or a date
    margin: float = 0.1  # over the next expression
    said: int = 1  # words of the question that the quote says, but for what is counted


_AMOUNTS = ExpressionLimits(margin=0.3)
_RARE_KINDS = ExpressionLimits(coverage=0.5, nearness=0.1, covered_alone=0.5)  # few quotes have one that is not meant
LIMITS: Mapping[ExpressionKind, ExpressionLimits] = MappingProxyType(
    {
        **dict.fromkeys(("number", "age"), _AMOUNTS),
        "measure": ExpressionLimits(margin=0.4),
        **dict.fromkeys(("money", "duration"), _RARE_KINDS),
        "percentage": ExpressionLimits(margin=0.3),
        "date": ExpressionLimits(predicate=0.5, anchor=0.1, nearness=0.2, said=2),
        "place": ExpressionLimits(coverage=0.7, nearness=0.5, said=2, covered_alone=0.8),
        "person": ExpressionLimits(coverage=0.7, weakest=0.4, said=2, covered_alone=1.1),
    }
)
