"""Several answers as one, and what of an answer a conversation remembers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts import Said
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.types import Answer, Sentence, Turn

LONGEST_TURN = 400  # code points of a question or an answer that a model is reminded of


def turns_in(answer: Answer) -> tuple[Turn, ...]:
    """Return what a follow-up may lean on, a turn a question; a refused subject is the subject now, a reply none."""
    if answer.parts:
        return tuple(turn for part in answer.parts for turn in turns_in(part))
    if not (answer.found or (answer.explanation and answer.explanation.words)):
        return ()
    return (Turn(asked_in_full(answer), "\n".join(said.text for said in answer.sentences)),)


def asked_in_full(answer: Answer) -> str:
    """Return a question with what it left to the turns before it; several a line each."""
    return "\n".join(map(_in_full, answer.each))


def _in_full(answer: Answer) -> str:
    if answer.archive and answer.archive.asked:
        return answer.archive.asked
    return answer.explanation.asked if answer.explanation else answer.question


def told_before(turns: Sequence[Turn]) -> tuple[Said, ...]:
    """Return the turns of a conversation as what a model is told was said before."""
    told: list[Said] = []
    for turn in turns:
        told.append(Said("user", neutralise_delimiters(turn.question)[:LONGEST_TURN]))
        told.append(Said("assistant", neutralise_delimiters(turn.answer)[:LONGEST_TURN] or "—"))
    return tuple(told)


def renumbered(answer: Answer, after: int) -> Answer:
    """Return an answer whose citations are numbered from after a number."""
    return replace(
        answer,
        sentences=tuple(_moved(said, after) for said in answer.sentences),
        citations=tuple(replace(citation, number=citation.number + after) for citation in answer.citations),
        sides=tuple(replace(side, citations=tuple(own + after for own in side.citations)) for side in answer.sides),
    )


def _moved(said: Sentence, by: int) -> Sentence:
    return replace(said, citations=tuple(number + by for number in said.citations))


def combined_answer(message: str, parts: Sequence[Answer], unanswered: Sequence[str] = ()) -> Answer:
    """Return the answers to the questions of a message as one; it is found where any is."""
    first, found = parts[0], any(part.found for part in parts)
    return Answer(
        question=message,
        language=first.language,
        found=found,
        mode="llm" if any(part.mode == "llm" for part in parts) else "extractive",
        sentences=tuple(said for part in parts for said in part.sentences),
        citations=tuple(citation for part in parts for citation in part.citations),
        covered=None if found else first.covered,
        missing=(),
        seconds=sum(part.seconds for part in parts),
        notice=next((part.notice for part in parts if part.notice), None),
        server_words=next((part.server_words for part in parts if part.server_words), None),
        lexical_only=any(part.lexical_only for part in parts),
        written=sum(part.written for part in parts),
        parts=tuple(parts),
        unanswered=tuple(unanswered),
    )
