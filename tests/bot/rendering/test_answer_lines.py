from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from support.builders.answers import (
    ARRIVED,
    SAID,
    declined,
    found,
    generated,
    nearest,
    replied,
    with_expression,
)

from bot.rendering import answer_lines
from bot.rendering.texts import notice
from retrieval.answering.conversation import combined_answer, renumbered
from retrieval.nlp.analysis import language_of
from retrieval.types import (
    Answer,
    CoverageSummary,
    Explanation,
    Language,
    LLMFailure,
    Sentence,
    SentenceReading,
    SmallTalk,
)


def test_what_answers_is_said_in_english_to_who_asks_in_english_alone() -> None:
    answer = with_expression(found("en"), 1, "أنقرة", english="Ankara", kind="place")
    assert answer_lines.plain_text(answer).startswith("The first quote says: Ankara\n")
    assert "Ankara" not in answer_lines.plain_text(replace(answer, language="ar"))
    assert "Ankara" not in answer_lines.plain_text(replace(answer, found=False))


def test_arabic_answer_is_its_quotes() -> None:
    assert answer_lines.plain_text(found()) == f"«{ARRIVED}» [1][2]\n«{SAID}» [3]"


def test_english_answer_frames_its_arabic_quotes() -> None:
    assert answer_lines.plain_text(found("en")) == (
        f"From the articles, in their own words:\n«{ARRIVED}» [1][2]\n«{SAID}» [3]"
    )


def test_generated_answer_stands_without_quotation_marks() -> None:
    assert answer_lines.plain_text(generated("en")) == (
        f"The minister reached Ankara. [1] (numbers and names compared)\n«{ARRIVED}» [1]"
    )


def test_each_sentence_of_a_model_says_what_was_done_with_it() -> None:
    readings: list[tuple[SentenceReading, ...]] = [("quoted",), ("compared",), ("compared", "read_twice")]
    said = tuple(Sentence(ARRIVED, (1,), passed) for passed in readings)
    shown = answer_lines.plain_text(replace(generated("en"), sentences=said)).split("\n")
    assert shown == [
        f"«{ARRIVED}» [1] (quoted word for word)",
        *(f"{ARRIVED} [1] (numbers and names compared)", f"«{ARRIVED}» [1]"),
        *(f"{ARRIVED} [1] (numbers and names compared, read twice)", f"«{ARRIVED}» [1]"),
    ]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (generated("en", 3), "1 of 3 sentences passed the check; the others were left out."),
        (generated("ar", 2), "اجتازت الفحص 1 من 2 من الجمل، وحُذف ما سواها."),
    ],
)
def test_what_was_left_out_of_a_model_s_answer_is_counted(answer: Answer, line: str) -> None:
    assert answer_lines.tally(answer) == [line]


@pytest.mark.parametrize("answer", [found(), generated("en", 1), replace(found(), written=3)])
def test_what_is_whole_and_what_is_quoted_has_no_count(answer: Answer) -> None:
    assert answer_lines.tally(answer) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("trouble", get_args(LLMFailure))
def test_every_trouble_has_its_line(language: Language, trouble: LLMFailure) -> None:
    assert answer_lines.remarks(generated(language, notice=trouble)) == [notice(language, trouble, written=True)]
    assert answer_lines.remarks(replace(found(language), notice=trouble)) == [notice(language, trouble, written=False)]


def test_what_the_model_s_server_said_stands_in_the_notice_in_one_line_and_not_for_ever() -> None:
    said = replace(found("en"), notice="too_long", server_words="request (3031 tokens)\nis too long " + "ever " * 90)
    (line,) = answer_lines.remarks(said)
    assert line.startswith(
        "The passages are too long for the language model (its server: “request (3031 tokens) is too long ever"
    )
    assert line.endswith("ever…”); this is quoted from the articles instead.")
    assert len(line) < 400


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            declined("ar", ("ترامب", "2031")),
            "لا أجد في المقالات جوابًا عن هذا السؤال.\nلم يرد فيها ذكر «ترامب» ولا «2031».\n"
            "في الأرشيف 5 مقالات، وأقربها إلى سؤالك:\n• الوزير في أنقرة\n• خبر آخر",
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


@pytest.mark.parametrize(
    ("answer", "leading"),
    [
        (nearest("en"), "The articles do not say this; closest to it:"),
        (nearest("ar"), "لا تقول المقالات ذلك؛ أقرب ما فيها:"),
        (nearest("en", ("Paris",)), "They do not mention “Paris”.\nThe articles do not say this; closest to it:"),
    ],
)
def test_nearest_quotes_stand_under_a_line_that_says_what_they_are(answer: Answer, leading: str) -> None:
    assert answer.outcome == "nearest"
    assert answer_lines.plain_text(answer) == f"{leading}\n«{ARRIVED}» [1][2]\n«{SAID}» [3]"


def test_a_reply_names_articles_to_ask_about() -> None:
    held = CoverageSummary(5, ("الوزير في أنقرة",))
    assert answer_lines.plain_text(replied("en", "thanks")) == "You are welcome. Ask on whenever you like."
    first, leading, example = answer_lines.plain_text(replied("en", "greeting", held)).split("\n")
    assert "Sanad" in first
    assert (leading, example) == ("The collection holds 5 articles; ask, for example, about:", "• الوزير في أنقرة")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_writes_a_third_language_is_told_so_in_both(language: Language) -> None:
    arabic, english = answer_lines.plain_text(replied(language, "foreign")).split("\n")
    assert (language_of(arabic), language_of(english)) == ("ar", "en")


@pytest.mark.parametrize("reply", get_args(SmallTalk))
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_reply_has_its_lines_and_quotes_nothing(language: Language, reply: SmallTalk) -> None:
    given = replied(language, reply)
    assert given.outcome == "reply"
    lines = answer_lines.reply_lines(given)
    assert lines
    assert all(line.strip() and "[1]" not in line for line in lines)


def test_several_answers_stand_under_their_questions() -> None:
    both = combined_answer("?", [found("en"), renumbered(nearest("en"), 3)], ["Why?", "Where?"])
    question = "When did the minister arrive?"
    assert answer_lines.plain_text(both) == (
        f"{question}\nFrom the articles, in their own words:\n«{ARRIVED}» [1][2]\n«{SAID}» [3]\n\n"
        f"{question}\nThe articles do not say this; closest to it:\n«{ARRIVED}» [4][5]\n«{SAID}» [6]\n\n"
        "I answer 2 questions at a time. Please ask again: Why? · Where?"
    )


def test_what_a_follow_up_asked_in_vain_is_all_that_is_said() -> None:
    assert answer_lines.plain_text(replace(declined("en"), unsaid="when")) == "The articles do not say when."
    assert answer_lines.plain_text(replace(declined("ar"), unsaid="more")) == "لا تقول المقالات أكثر من ذلك."


@pytest.mark.parametrize(
    ("score", "covered", "line"),
    [
        (2.0, True, "The passages answer it: likelihood 0.88, where 0.27 is needed."),
        (-3.0, False, "That the passages answer it is not sure: likelihood 0.05, where 0.27 is needed."),
        (
            2.0,
            False,
            "What is asked about is not said there, or not together; the likelihood alone is 0.88, where",
        ),
        (-1e9, False, "That the passages answer it is not sure: likelihood 0.00, where 0.27 is needed."),
    ],
)
def test_decision_is_told_by_a_likelihood_or_by_what_is_not_said(score: float, covered: bool, line: str) -> None:
    explanation = Explanation("?", (), (), (), score, -1.0, covered)
    assert answer_lines.gate_line(explanation, "en").startswith(line)
