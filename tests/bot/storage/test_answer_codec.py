from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.storage.answer_codec import answer_of, body_of
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.types import Answer, Hit, Mode, SentenceCheck, SentenceReading


def without_texts(answer: Answer) -> Answer:
    """Return an answer as it is kept: without the texts of the passages that were searched."""
    if answer.parts:
        return replace(answer, parts=tuple(map(without_texts, answer.parts)), seconds=round(answer.seconds, 4))
    assert answer.explanation
    hits = [
        Hit(replace(hit.passage, text=""), hit.score, hit.lexical_rank, hit.vector_rank)
        for hit in answer.explanation.hits
    ]
    explanation = replace(answer.explanation, hits=tuple(hits), score=round(answer.explanation.score, 4))
    return replace(answer, explanation=explanation, missing=(), seconds=round(answer.seconds, 4))


@pytest.mark.parametrize(
    "question",
    [
        *("كم بلغت كلفة جسر النيل؟", "Who met Lavrov in Sochi?", "ما اسم زوجة ماكرون؟"),
        "كم بلغت كلفة الجسر؟ من فاز؟ أين التقى لافروف؟ متى؟",
    ],
)
def test_a_kept_answer_is_the_same(index: Index, question: str) -> None:
    answer = Sanad(index).ask(question)
    assert answer_of(json.loads(json.dumps(body_of(answer)))) == without_texts(answer)


@pytest.mark.parametrize(("mode", "readings"), [("llm", ("compared",)), ("extractive", ("quoted",))])
def test_an_answer_that_was_kept_as_verified_says_no_more_than_it_passed(
    index: Index, mode: Mode, readings: tuple[SentenceReading, ...]
) -> None:
    answer = replace(Sanad(index).ask("كم بلغت كلفة جسر النيل؟"), mode=mode)
    assert answer.explanation
    checked = SentenceCheck("نعم.", passed=True, figure=1.0, problems=())
    body: Any = body_of(replace(answer, explanation=replace(answer.explanation, checks=(checked,))))
    for said in body["sentences"]:
        del said["readings"]
        said["verified"] = True
    (check,) = body["explanation"]["checks"]
    check["verified"] = check.pop("passed")
    kept = answer_of(json.loads(json.dumps(body)))
    assert {said.readings for said in kept.sentences} == {readings}
    assert kept.explanation
    assert kept.explanation.checks == (checked,)
