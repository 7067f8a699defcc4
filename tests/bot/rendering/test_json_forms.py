from __future__ import annotations

import json

import pytest
from support.builders.answers import (
    ARRIVED,
    ARTICLE,
    SAID,
    TEXT,
    TWIN,
    declined,
    found,
    generated,
    nearest,
    replied,
    with_expression,
)

from bot.rendering import json_forms
from retrieval.answering.conversation import combined_answer, renumbered
from retrieval.types import (
    Answer,
    Hit,
    Passage,
)


def test_json_has_each_sentence_and_the_notice() -> None:
    value = json_forms.answer_json(generated("en", notice="cut"))
    assert value["sentences"] == [{"text": "The minister reached Ankara.", "citations": [1], "readings": ["compared"]}]
    assert value["notice"] == "The language model broke off before its end; these sentences of it passed the check."


def test_json_of_an_answer_is_stable() -> None:
    value = json_forms.answer_json(found())
    assert list(value) == [
        "question",
        "language",
        "found",
        "mode",
        "outcome",
        "reply",
        "unsaid",
        "text",
        "answer",
        "sentences",
        "sides",
        "citations",
        "covered",
        "notice",
        "server_words",
        "lexical_only",
        "vectors_pending",
        "filters",
        "seconds",
        "parts",
        "unanswered",
        "archive",
    ]
    assert value["citations"] == [
        {
            "number": number,
            "article_id": article.article_id,
            "path": article.path,
            "title": article.title,
            "source": article.source,
            "published": article.published,
            "quote": quote,
            "start": TEXT.index(quote),
            "end": TEXT.index(quote) + len(quote),
            "score": 0.9,
            "also_in": [],
            "outlets": [],
            "matched": [],
            "dated": None,
            "expression": None,
            "url": None,
            "fetched": None,
            "sha256": None,
            "text_sha256": None,
            "link": None,
        }
        for number, article, quote in [(1, ARTICLE, ARRIVED), (2, TWIN, ARRIVED), (3, ARTICLE, SAID)]
    ]
    assert (value["covered"], value["seconds"]) == (None, 0.0123)


def test_json_keeps_the_keys_of_a_citation_in_order() -> None:
    (first, *_) = json.loads(json.dumps(json_forms.answer_json(found())))["citations"]
    assert list(first) == [
        "number", "article_id", "path", "title", "source", "published", "quote", "start", "end", "score", "also_in",
        "outlets", "matched", "dated", "expression", "url", "fetched", "sha256", "text_sha256", "link",
    ]  # fmt: skip


def test_json_has_what_answers_in_the_first_quote() -> None:
    answer = with_expression(found("en"), 3, "2019-05-15", english="15 May 2019")
    assert json_forms.answer_json(answer)["answer"] is None
    answer = with_expression(answer, 1, "أنقرة", english="Ankara", kind="place")
    value = json.loads(json.dumps(json_forms.answer_json(answer)))
    assert value["answer"] == {"text": "أنقرة", "start": 15, "end": 20, "kind": "place", "english": "Ankara"}
    assert [cited["expression"] and cited["expression"]["text"] for cited in value["citations"]] == [
        "أنقرة", None, "2019-05-15",
    ]  # fmt: skip


def test_json_of_a_refusal_says_what_is_covered() -> None:
    assert json_forms.answer_json(declined())["covered"] == {"articles": 5, "nearest": ["الوزير في أنقرة", "خبر آخر"]}


def test_json_of_a_search_is_stable() -> None:
    hit = Hit(Passage(ARTICLE.article_id, 0, len(ARRIVED), ARRIVED), 0.5, 1, also_in=("f0",), outlets=(None,))
    assert json_forms.search_json("أنقرة", [hit], {ARTICLE.article_id: ARTICLE}, 0.00012) == {
        "query": "أنقرة",
        "language": "ar",
        "filters": None,
        "passages": [
            {
                "article_id": ARTICLE.article_id,
                "path": "one.txt",
                "start": 0,
                "end": len(ARRIVED),
                "text": ARRIVED,
                "score": 0.5,
                "also_in": ["f0"],
                "outlets": [None],
            }
        ],
        "seconds": 0.0001,
    }


@pytest.mark.parametrize(
    ("answer", "outcome", "reply", "quotes"),
    [
        (found(), "answered", None, 3),
        (nearest(), "nearest", None, 3),
        (declined(), "not_covered", None, 0),
        (replied("en", "maths"), "reply", "maths", 0),
    ],
)
def test_json_says_how_far_a_question_is_answered(answer: Answer, outcome: str, reply: str | None, quotes: int) -> None:
    value = json_forms.answer_json(answer)
    assert (value["outcome"], value["reply"], value["found"]) == (outcome, reply, outcome == "answered")
    assert len(answer.citations) == quotes


def test_json_of_several_answers_holds_each_and_all_their_citations() -> None:
    value = json_forms.answer_json(combined_answer("?", [found(), renumbered(nearest(), 3)], ["لماذا؟"]))
    assert [part["outcome"] for part in value["parts"]] == ["answered", "nearest"]  # type: ignore[attr-defined]
    assert [cited["number"] for cited in value["citations"]] == [1, 2, 3, 4, 5, 6]  # type: ignore[attr-defined]
    assert (value["found"], value["unanswered"]) == (True, ["لماذا؟"])
