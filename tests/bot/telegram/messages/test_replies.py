from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter
from typing import get_args

import pytest
from support.servers.telegram.text import parse_html, tidy

from bot.rendering.answer_lines import gate_line
from bot.rendering.texts import read_texts
from bot.telegram.messages.bidi import begins_well
from bot.telegram.messages.keyboards import language_buttons
from bot.telegram.messages.layout import passage_messages
from bot.telegram.messages.replies import (
    inline_results,
    source_list_messages,
    toast,
    told,
    why_messages,
)
from bot.telegram.messages.texts import MESSAGES, text
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.types import Answer, Article, Language, Span

HOSTILE = "<b>&amp;</b> اسم file-1.pdf \u202e\u2067\u200f\u200f[1]\x00"


def read(html: str) -> str:
    notes: list[str] = []
    shown, _ = tidy(*parse_html(html, notes), notes)
    assert not notes
    assert len(shown) <= 4096
    return shown


@pytest.fixture
def answer(index: Index) -> Answer:
    return Sanad(index).ask("من افتتح جسر النيل في أسوان؟")


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("key", read_texts(MESSAGES, "en")["texts"])
def test_whatever_is_put_into_a_text_is_only_text(language: Language, key: str) -> None:
    names = [name for _, name, _, _ in Formatter().parse(text(language, key)) if name]
    for value in (HOSTILE, "x" * 9000, 7):
        message = told(language, key, **dict.fromkeys(names, value))
        shown = read(message.html)
        assert message.plain == shown
        assert all(begins_well(line, language) for line in shown.split("\n") if line)
        assert shown.count("\u2067") + shown.count("\u2066") == shown.count("\u2069")
        assert len(toast(language, key, **dict.fromkeys(names, value))) <= 200


def test_a_question_of_the_other_language_is_isolated_as_a_whole() -> None:
    plain = told("ar", "asked", question="What did Lavrov say, and when?").plain
    assert plain == "السؤال: \u2066What did Lavrov say, and when?\u2069"


def test_sources_are_listed_by_their_numbers(index: Index, answer: Answer) -> None:
    (message,) = source_list_messages(answer, lambda found: index.article_by_id(found).label)
    assert "[1]" in read(message.html)
    (none,) = source_list_messages(replace(answer, citations=()), str)
    assert none.plain == text("ar", "no_sources")


@pytest.mark.parametrize("question", ["من افتتح جسر النيل؟", "Who opened the bridge?", "من فاز بكأس العالم 2050؟"])
def test_why_accounts_for_an_answer(index: Index, question: str) -> None:
    given = Sanad(index).ask(question)
    (message,) = why_messages(given, given.language, lambda found: index.article_by_id(found).label)
    shown = read(message.html)
    assert all(begins_well(line, given.language) for line in shown.split("\n") if line)
    assert given.explanation
    figures = re.findall(r"\d\.\d\d", gate_line(given.explanation, given.language))
    assert len(figures) == 2
    assert all(figure in shown.split("\n")[-1] for figure in figures)
    (none,) = why_messages(replace(given, explanation=None), "en", str)
    assert none.plain == text("en", "no_why")


def test_what_is_only_nearest_says_so_wherever_it_is_shared(index: Index, answer: Answer) -> None:
    closest = "لا تقول المقالات ذلك؛ أقرب ما فيها:"
    assert not any(closest in read(result.html) for result in inline_results(answer, str))
    near = inline_results(replace(answer, found=False), str)
    assert near
    assert all(closest in read(result.html) for result in near)


def test_inline_results_carry_their_source_and_keep_to_the_limits(index: Index, answer: Answer) -> None:
    long = replace(answer.citations[0], quote="قال الوزير إن الجسر مفتوح. " * 400)
    given = replace(answer, citations=(answer.citations[0], long))
    results = inline_results(given, lambda found: index.article_by_id(found).label)
    assert len(results) == 2
    for result in results:
        assert 1 <= len(result.result_id.encode()) <= 64
        assert len(result.title) <= 100
        assert len(result.description) <= 250
        assert "وكالة الضفة" in read(result.html).split("\n")[-1]


def test_a_passage_of_an_article_is_shown_under_its_title() -> None:
    article = Article("a", "a.txt", "أول. ثان <i>.", (Span(0, 13),))
    (message,) = passage_messages(article, Span(5, 13), "ar", earlier=True)
    assert message.html.endswith("\n\nثان &lt;i&gt;.")
    assert [button.text for button in message.buttons[0]] == ["المقطع السابق"]


def test_languages_are_offered_in_themselves() -> None:
    assert [button.text for button in language_buttons()[0]] == ["English", "العربية"]
