"""An answer as it is kept for what is asked about it later, and back; the form is that of `sanad ask --json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.rendering.json_forms import explained_json
from retrieval.answer_sides import Side
from retrieval.archive_types import ArchiveAnswer, ArchiveRow
from retrieval.types import (
    Answer,
    AnswerExpression,
    Citation,
    CoverageSummary,
    Explanation,
    Hit,
    Mode,
    Passage,
    SearchedWord,
    Sentence,
    SentenceCheck,
    SentenceReading,
    Span,
)


def body_of(answer: Answer) -> dict[str, object]:
    """Return an answer with the account of how it came about, to be kept as JSON."""
    return explained_json(answer)


def answer_of(body: Mapping[str, Any]) -> Answer:
    """Return a kept answer; the texts of the passages that were searched are not kept with it."""
    covered, explanation = body["covered"], body.get("explanation")
    return Answer(
        question=body["question"],
        language=body["language"],
        found=body["found"],
        mode=body["mode"],
        sentences=tuple(
            Sentence(said["text"], tuple(said["citations"]), _readings(said, body["mode"]))
            for said in body["sentences"]
        ),
        citations=tuple(map(citation_of, body["citations"])),
        covered=CoverageSummary(covered["articles"], tuple(covered["nearest"])) if covered else None,
        missing=(),
        seconds=body["seconds"],
        lexical_only=body["lexical_only"],
        vectors_pending=body.get("vectors_pending", 0.0),  # an older answer does not say
        explanation=_explanation(explanation) if explanation else None,
        reply=body.get("reply"),
        unsaid=body.get("unsaid"),
        parts=tuple(map(answer_of, body.get("parts", ()))),
        unanswered=tuple(body.get("unanswered", ())),
        archive=_archive(body["archive"]) if body.get("archive") else None,
        sides=tuple(Side(**_frozen(side)) for side in body.get("sides", ())),
    )


def _archive(body: Mapping[str, Any]) -> ArchiveAnswer:
    rows = tuple(ArchiveRow(**_frozen(row)) for row in body["rows"])
    return ArchiveAnswer(**{**_frozen(body), "rows": rows})


def _readings(said: Mapping[str, Any], mode: Mode) -> tuple[SentenceReading, ...]:
    """Return which readings a kept sentence passed; an older answer says it by its mode alone."""
    older: tuple[SentenceReading, ...] = ("compared",) if mode == "llm" else ("quoted",)
    return tuple(said["readings"]) if "readings" in said else older


def _check(body: Mapping[str, Any]) -> SentenceCheck:
    """Return what was found of a model's sentence; an older answer calls what passed verified."""
    return SentenceCheck(**{("passed" if name == "verified" else name): value for name, value in _frozen(body).items()})


def citation_of(body: Mapping[str, Any]) -> Citation:
    """Return a kept citation."""
    found = body.get("expression")  # answers that were kept before there were any lack it
    own = {
        "matched": tuple(Span(*span) for span in body["matched"]),
        "expression": AnswerExpression(**found) if found else None,
    }
    known = {field.name for field in fields(Citation)}  # what else is there is worked out again
    return Citation(**{**{name: value for name, value in _frozen(body).items() if name in known}, **own})


def _frozen(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a value with tuples, which JSON has as lists."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}


def _explanation(body: Mapping[str, Any]) -> Explanation:
    gate = body["gate"]
    return Explanation(
        asked=body["asked"],
        words=tuple(SearchedWord(**_frozen(word)) for word in body["words"]),
        model_words=tuple(body["model_words"]),
        hits=tuple(map(_hit, body["passages"])),
        score=gate["figure"],
        threshold=gate["threshold"],
        covered=gate["covered"],
        checks=tuple(map(_check, body["checks"])),
    )


def _hit(body: Mapping[str, Any]) -> Hit:
    passage = Passage(body["article_id"], body["start"], body["end"], "")
    return Hit(passage, body["score"], body["lexical_rank"], body["vector_rank"])
