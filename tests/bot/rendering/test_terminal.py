from __future__ import annotations

import re

import pytest
from support.builders.answers import (
    ARRIVED,
    ARTICLE,
    LABELS,
    SAID,
    TWIN,
    citation,
    found,
    generated,
    nearest,
    replied,
    with_expression,
)

from bot.rendering import terminal
from bot.rendering.texts import reply_text, say
from retrieval.answering.conversation import combined_answer, renumbered
from retrieval.types import (
    Article,
    Failure,
    RefreshReport,
)


def test_screen_text_never_holds_a_command_or_an_open_override() -> None:
    shown = terminal.article_text(
        Article("a", "x.txt", "red \x1b[31m \u202eabc\x9b1m [bold]b[/bold]", (), title="\x1b]0;title\x07")
    ).plain
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "[bold]b[/bold]" in shown


def test_terminal_answer_lists_its_sources() -> None:
    shown = re.sub("[\u2066-\u2069]", "", terminal.answer_text(found(), LABELS.__getitem__).plain)
    assert shown == (
        f"«{ARRIVED}» [1][2]\n«{SAID}» [3]\n\n{say('ar', 'sources')}\n"
        "[1] الوزير في أنقرة · رويترز · one.txt\n"
        f"[2] {TWIN.label} · 2019-05-15 · sub/two.txt\n"
        "[3] الوزير في أنقرة · رويترز · one.txt"
    )


def test_terminal_shows_what_answers_in_bold_and_the_rest_of_its_quote_plain() -> None:
    shown = terminal.answer_text(with_expression(found(), 3, "2019-05-15"), LABELS.__getitem__)
    bold = [shown.plain[span.start : span.end] for span in shown.spans if span.style == terminal.QUOTE]
    assert bold == [ARRIVED, "2019-05-15"]


def test_terminal_shows_each_sentence_of_a_model_over_its_quotes() -> None:
    shown = terminal.answer_text(with_expression(generated("en", 2), 1, "أنقرة"), LABELS.__getitem__)
    lines = re.sub("[\u2066-\u2069]", "", shown.plain).split("\n")
    assert lines[:4] == [
        "The minister reached Ankara. [1] (numbers and names compared)",
        f"  «{ARRIVED}» [1]",
        "1 of 2 sentences passed the check; the others were left out.",
        "",
    ]
    assert [shown.plain[span.start : span.end] for span in shown.spans if span.style == terminal.QUOTE] == ["أنقرة"]


def test_terminal_says_in_english_what_the_first_quote_answers() -> None:
    answer = with_expression(found("en"), 1, "أنقرة", english="Ankara", kind="place")
    first, second, *_ = terminal.answer_text(answer, LABELS.__getitem__).plain.split("\n")
    assert (first, second) == ("The first quote says: Ankara", say("en", "frame"))


def test_excerpt_highlights_the_quote_in_its_place() -> None:
    shown = terminal.excerpt_text(ARTICLE, citation(3, ARTICLE, SAID))
    highlighted = [shown.plain[span.start : span.end] for span in shown.spans if span.style == terminal.FOUND]
    assert [re.sub("[\u2066-\u2069]", "", text) for text in highlighted] == [f"«{SAID}»"]
    assert ARRIVED in shown.plain


def test_report_names_what_failed_and_why() -> None:
    report = RefreshReport(
        new=("a.txt",),
        unchanged=2,
        duplicates=("b.txt",),
        failed=(Failure("c.txt", "it is empty"),),
        passages=9,
        rebuilt="the analysis has changed",
        seconds=0.26,
    )
    assert terminal.report_text(report, "seeds").plain.split("\n") == [
        "Rebuilt: the analysis has changed",
        "seeds: 1 new, 0 changed, 0 moved, 0 deleted, 2 unchanged, 1 duplicates, 1 failed.",
        "  duplicate  b.txt",
        "  failed     c.txt: it is empty",
        "The index holds 9 passages (0.3 s).",
    ]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (RefreshReport(unchanged=5), None),
        (RefreshReport(failed=(Failure("x", "y"),)), None),
        (
            RefreshReport(new=("a", "b"), deleted=("c",), passages=7, seconds=1),
            "Articles: 2 new, 1 deleted; 7 passages, 1.0 s.",
        ),
        (RefreshReport(rebuilt="it was made by embedded-0"), "The index was rebuilt: it was made by embedded-0"),
    ],
)
def test_unasked_refresh_speaks_only_of_changes(report: RefreshReport, line: str | None) -> None:
    assert terminal.changes_line(report) == line


def test_nearest_quotes_and_their_sources_stand_under_the_line_that_says_so() -> None:
    lines = terminal.answer_text(nearest("en"), LABELS.__getitem__).plain.split("\n")
    assert lines[0] == "The articles do not say this; closest to it:"
    assert ARRIVED in lines[1]
    assert "Sources:" in lines


def test_a_reply_is_only_what_sanad_says() -> None:
    assert terminal.answer_text(replied("en", "thanks"), LABELS.__getitem__).plain == reply_text("en", "thanks")


def test_several_answers_have_each_its_question_and_its_sources() -> None:
    both = combined_answer("؟", [found(), renumbered(found(), 3)])
    lines = re.sub("[\u2066-\u2069]", "", terminal.answer_text(both, LABELS.__getitem__).plain).split("\n")
    assert lines.count(found().question) == 2
    assert lines.count(say("ar", "sources")) == 2
    assert f"«{ARRIVED}» [4][5]" in lines
    assert any(line.startswith("[6] ") for line in lines)
