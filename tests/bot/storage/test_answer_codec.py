from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.storage.answer_codec import answer_of, body_of
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.types import Answer, Hit


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
