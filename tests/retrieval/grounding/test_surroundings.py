"""Names that stand around a passage."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import Counts

from retrieval.grounding.grounding import check_support
from retrieval.nlp.lexicon import load_lexicon
from retrieval.types import Article, Passage, Span

FIRST = "التقى أنطونيو غوتيريش مزارعي الغور في مدينة إربد. وقال غوتيريش إن الموسم جيد."
SECOND = "وأضاف أن الوزارة ستدعم تسويق البندورة وستفتح أسواقا جديدة أمام المزارعين."
TEXT = f"{FIRST}\n{SECOND}"
ARTICLE = Article("a1", "a1.txt", TEXT, (Span(0, len(TEXT)),), title="موسم الغور", source="وكالة سنابل")
PASSAGE = Passage("a1", len(FIRST) + 1, len(TEXT), SECOND)


def problems(sentence: str, articles: tuple[Article, ...] = (ARTICLE,)) -> list[tuple[str, str]]:
    support = check_support(sentence, [PASSAGE], Counts(), load_lexicon(), articles)
    return [(problem.kind, problem.words) for problem in support.problems]


@pytest.mark.parametrize(
    "sentence",
    [
        "أضاف غوتيريش أن الوزارة ستدعم تسويق البندورة.",
        "Guterres added that the ministry would support the marketing of tomatoes.",
        "ذكرت وكالة سنابل أن الوزارة ستدعم تسويق البندورة أمام المزارعين.",
    ],
)
def test_a_speaker_and_a_source_are_known_from_around(sentence: str) -> None:
    assert problems(sentence) == []


def test_without_the_article_the_speaker_is_not_known() -> None:
    assert ("name", "غوتيريش") in problems("أضاف غوتيريش أن الوزارة ستدعم تسويق البندورة.", ())


@pytest.mark.parametrize(
    "sentence",
    ["ستدعم الوزارة تسويق البندورة في مدينة إربد.", "أضاف لافروف أن الوزارة ستدعم تسويق البندورة."],
)
def test_what_stands_elsewhere_says_not_where_it_happened(sentence: str) -> None:
    assert "name" in {kind for kind, _ in problems(sentence)}
