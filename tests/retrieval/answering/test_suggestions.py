"""What is offered to ask next: only what the articles answer, and with something that was not said yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.answering.sanad import Sanad
from retrieval.answering.suggestions import Suggestions
from retrieval.index.index import Index

VISIT = "زيارة لافروف إلى القاهرة\n\nوصل لافروف إلى القاهرة يوم الأحد في زيارة رسمية تستمر ثلاثة أيام.\n\n{said}\n"
QUESTIONS = ("متى وصل لافروف إلى القاهرة؟", "When did Lavrov arrive in Cairo?")


@pytest.mark.parametrize(
    ("said", "arabic", "english"),
    [
        ("وقال بومبيو إن واشنطن تدعم محادثات السلام في ليبيا.", ["ماذا قال بومبيو؟"], ["What did Pompeo say?"]),
        ("وأكدت ميركل أن برلين تدعم محادثات السلام في ليبيا.", ["ماذا قالت ميركل؟"], ["What did Merkel say?"]),
        (
            "وأوضح الرئيس بوتين أن موسكو تدعم محادثات السلام في ليبيا.",
            ["ماذا قال الرئيس بوتين؟"],
            ["What did Putin say?"],
        ),
        ("وقال لبوتين إن واشنطن تدعم محادثات السلام في ليبيا.", [], []),
        ("وقال الوزير إن واشنطن تدعم محادثات السلام في ليبيا.", [], []),
        ("وقال في بيان إن واشنطن تدعم محادثات السلام في ليبيا.", [], []),
        ("وتدعم واشنطن محادثات السلام في ليبيا.", [], []),
        (
            "وقالت وزارة الدفاع التركية إن أنقرة تدعم محادثات السلام في ليبيا.",
            ["ماذا قالت وزارة الدفاع التركية؟"],
            [],
        ),
    ],
)
def test_what_named_people_say_is_offered(
    articles: Path, index: Index, said: str, arabic: list[str], english: list[str]
) -> None:
    (articles / "visit.txt").write_text(VISIT.format(said=said), encoding="utf-8")
    index.refresh(articles)
    assert [Suggestions(index).after(Sanad(index).ask(question)) for question in QUESTIONS] == [arabic, english]


def test_every_suggestion_is_answered_with_something_new(articles: Path, index: Index) -> None:
    text = VISIT.format(said="وقال بومبيو إن واشنطن تدعم محادثات السلام في ليبيا.\n\nوقال بوتين إن السد جاهز.")
    (articles / "visit.txt").write_text(text, encoding="utf-8")
    index.refresh(articles)
    for question in QUESTIONS:
        answer = Sanad(index).ask(question)
        said = {citation.quote for citation in answer.citations}
        offered = Suggestions(index).after(answer)
        assert offered
        for one in offered:
            found = Sanad(index).ask(one)
            assert found.found
            assert found.citations[0].quote not in said


def test_nothing_is_offered_where_nothing_was_found(index: Index) -> None:
    assert Suggestions(index).after(Sanad(index).ask("من فاز بكأس العالم 2050؟")) == []


def test_opening_question_is_answered_by_the_newest_article_that_quotes_somebody(articles: Path, index: Index) -> None:
    said = "وقال بومبيو إن واشنطن تدعم محادثات السلام في ليبيا."
    (articles / "visit.txt").write_text(VISIT.format(said=said), encoding="utf-8")
    index.refresh(articles)
    suggestions = Suggestions(index)
    assert suggestions.opening("ar") == "ماذا قال بومبيو؟"
    assert suggestions.opening("en") == "What did Pompeo say?"


def test_no_opening_question_is_made_up(index: Index) -> None:
    assert Suggestions(index).opening("ar") is None
