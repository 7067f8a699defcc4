"""An answer as it is kept for what is asked about it later, and back; the form is that of `sanad ask --json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.render import answer_json, explanation_json
from retrieval.types import (
    Answer,
    Checked,
    Citation,
    Covered,
    Explanation,
    Hit,
    Passage,
    SearchedWord,
    Sentence,
    Span,
)


def body_of(answer: Answer) -> dict[str, object]:
    """Return an answer with the account of how it came about, to be kept as JSON."""
    return answer_json(answer) | explanation_json(answer)


def answer_of(body: Mapping[str, Any]) -> Answer:
    """Return a kept answer; the texts of the passages that were searched are not kept with it."""
    covered, explanation = body["covered"], body.get("explanation")
    return Answer(
        question=body["question"],
        language=body["language"],
        found=body["found"],
        mode=body["mode"],
        sentences=tuple(
            Sentence(said["text"], tuple(said["citations"]), said["verified"]) for said in body["sentences"]
        ),
        citations=tuple(map(_citation, body["citations"])),
        covered=Covered(covered["articles"], tuple(covered["nearest"])) if covered else None,
        missing=(),
        seconds=body["seconds"],
        explanation=_explanation(explanation) if explanation else None,
    )


def _citation(body: Mapping[str, Any]) -> Citation:
    spans = tuple(Span(*span) for span in body["matched"])
    return Citation(**{**body, "also_in": tuple(body["also_in"]), "matched": spans})


def _explanation(body: Mapping[str, Any]) -> Explanation:
    gate = body["gate"]
    return Explanation(
        asked=body["asked"],
        words=tuple(SearchedWord(word["surface"], word["kind"], tuple(word["stems"])) for word in body["words"]),
        model_words=tuple(body["model_words"]),
        hits=tuple(map(_hit, body["passages"])),
        figure=gate["figure"],
        threshold=gate["threshold"],
        covered=gate["covered"],
        checks=tuple(Checked(**{**checked, "problems": tuple(checked["problems"])}) for checked in body["checks"]),
    )


def _hit(body: Mapping[str, Any]) -> Hit:
    passage = Passage(body["article_id"], body["start"], body["end"], "")
    return Hit(passage, body["score"], body["words_rank"], body["vectors_rank"])
