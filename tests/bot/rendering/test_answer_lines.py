from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from support.builders.answers import ARRIVED, SAID, declined, found, generated

from bot.rendering import answer_lines
from bot.rendering.texts import notice
from retrieval.types import (
    Answer,
    CoverageSummary,
    Language,
    LLMFailure,
)


def test_arabic_answer_is_its_quotes() -> None:
    assert answer_lines.plain_text(found()) == f"«{ARRIVED}» [1][2]\n«{SAID}» [3]"


def test_english_answer_frames_its_arabic_quotes() -> None:
    assert answer_lines.plain_text(found("en")) == (
        f"From the articles, in their own words:\n«{ARRIVED}» [1][2]\n«{SAID}» [3]"
    )


def test_generated_answer_stands_without_quotation_marks() -> None:
    assert answer_lines.plain_text(generated("en")) == "The minister reached Ankara. [1]"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (generated("en"), "1 of 1 sentences verified."),
        (generated("en", 3), "1 of 3 sentences verified; the others were left out."),
        (generated("ar", 2), "تحققت من 1 من 2 من الجمل، وحذفت ما سواها."),
    ],
)
def test_generated_answer_counts_its_verified_sentences(answer: Answer, line: str) -> None:
    assert answer_lines.tally(answer) == [line]


def test_quotations_need_no_count() -> None:
    assert answer_lines.tally(found()) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("trouble", get_args(LLMFailure))
def test_every_trouble_has_its_line(language: Language, trouble: LLMFailure) -> None:
    assert answer_lines.remarks(generated(language, notice=trouble)) == [notice(language, trouble, verified=True)]
    assert answer_lines.remarks(replace(found(language), notice=trouble)) == [notice(language, trouble, verified=False)]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            declined("ar", ("ترامب", "2031")),
            "لا أجد في المقالات جوابًا عن هذا السؤال.\nلم يرد فيها ذكر «ترامب» ولا «2031».\n"
            "في المجموعة 5 مقالات، وأقربها إلى سؤالك:\n• الوزير في أنقرة\n• خبر آخر",
        ),
        (
            declined("en", ("Trump",)),
            "The articles hold no answer to this question.\nThey do not mention “Trump”.\n"
            "The collection holds 5 articles; nearest to your question:\n• الوزير في أنقرة\n• خبر آخر",
        ),
        (
            declined("en", (), CoverageSummary(0, ())),
            "The articles hold no answer to this question.\nThe collection holds no articles yet.",
        ),
    ],
)
def test_refusal_says_what_is_held(answer: Answer, text: str) -> None:
    assert answer_lines.plain_text(answer) == text
