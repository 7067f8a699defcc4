"""What a model is given of the articles: within its budget, with the day, and with what a passage leans on."""

from __future__ import annotations

import re

import pytest

from retrieval.answering.prompt_passages import (
    CHARACTERS_PER_TOKEN,
    as_data,
    header_of,
    prompt_passages,
    with_antecedent,
)
from retrieval.types import Article, Language, Passage, Span

FIRST = "أعلن الوزير سامر العلي خطة جديدة. وتشمل الخطة أربعة جسور."
SECOND = "وأضاف أن الأعمال تبدأ أمس."
TEXT = f"{FIRST}\n\n{SECOND}\n\nتابعونا على تويتر\n\n{SECOND}"
LAST = TEXT.rindex(SECOND)
ARTICLE = Article(
    "cafe",
    "a.txt",
    TEXT,
    (Span(0, len(FIRST)), Span(len(FIRST) + 2, len(FIRST) + 2 + len(SECOND)), Span(LAST, len(TEXT))),
    title="خطة الجسور",
    source="وكالة السهل",
    published="2018-03-12",
)


def passage(start: int, end: int) -> Passage:
    return Passage("cafe", start, end, TEXT[start:end])


def test_passage_that_goes_on_comes_with_the_sentence_before_it() -> None:
    start = len(FIRST) + 2
    whole = with_antecedent(passage(start, start + len(SECOND)), ARTICLE)
    assert whole.text == f"وتشمل الخطة أربعة جسور.\n\n{SECOND}" == TEXT[whole.start : whole.end]


@pytest.mark.parametrize("own", [passage(0, len(FIRST)), passage(LAST, len(TEXT))])
def test_passage_stays_as_it_is_where_it_leans_on_nothing_or_something_stands_between(own: Passage) -> None:
    assert with_antecedent(own, ARTICLE) == own


@pytest.mark.parametrize(("language", "day"), [("en", "2018-03-12 (Monday)"), ("ar", "2018-03-12 (الاثنين)")])
def test_header_has_the_day_from_which_yesterday_counts(language: Language, day: str) -> None:
    assert header_of(ARTICLE, language) == f"خطة الجسور, وكالة السهل, {day}"


@pytest.mark.parametrize("tokens", [200, 1000, 5000])
def test_passages_stay_within_their_budget(tokens: int) -> None:
    text = "كلمة " * 80
    article = Article("cafe", "a.txt", text, (Span(0, len(text)),), title="عنوان")
    shown = prompt_passages([(Passage("cafe", 0, len(text), text), article)] * 50, tokens)
    assert 1 <= len(shown) <= 20
    assert len(as_data(shown, "ar")) / CHARACTERS_PER_TOKEN <= max(tokens, 400)


def test_one_passage_is_shown_whatever_its_length() -> None:
    long = Passage("cafe", 0, 10_000, "ا" * 10_000)
    assert [own.passage for own in prompt_passages([(long, ARTICLE), (long, ARTICLE)], 200)] == [long]


def test_ids_are_never_those_of_the_prompts_own_examples() -> None:
    drawn = {own.passage_id for _ in range(200) for own in prompt_passages([(passage(0, 30), ARTICLE)] * 20, 5000)}
    assert len(drawn) == 88
    assert all(re.fullmatch(r"[1-9]\d", own) for own in drawn)
    assert not drawn & {"41", "57"}
