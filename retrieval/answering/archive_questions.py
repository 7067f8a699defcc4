"""Questions about the archive, answered: said in full, by the archive itself, or by what sources say of one value."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from retrieval.answering.answer_request import NO_FILTERS, AnswerRequest
from retrieval.archive.archive_answer import ArchiveFindings, archive_findings
from retrieval.archive.archive_followups import AskedInFull, archive_followup
from retrieval.archive.intents import ArchiveQuestion, archive_question
from retrieval.archive.month_years import with_years
from retrieval.archive.value_questions import value_questions
from retrieval.archive_types import ArchiveAnswer, ArchiveRow
from retrieval.citing.passage_source import PassageSource
from retrieval.nlp.analysis import language_of
from retrieval.search.filters import merge_filters
from retrieval.types import Answer, CoverageSummary

Searched = Callable[[AnswerRequest], Answer]  # the answer of search to a question that stands by itself


def about_archive(source: PassageSource, request: AnswerRequest, searched: Searched, started: float) -> Answer | None:
    """Return the answer to a question about the archive as a whole; None where it is none."""

    def days() -> list[str]:
        return [one.published for one in source.archive.held if one.published] if source.archive else []

    followed = archive_followup(request.text, request.history, lambda: source.sources, days, source.analyse)
    in_full = followed or AskedInFull(request.text)
    asked = archive_question(with_years(in_full.text, days), lambda: source.sources)
    if asked is None:
        return None
    asked = asked._replace(filters=merge_filters(request.filters, asked.filters))
    values = list(_values(request, asked, searched)) if asked.intent == "compare" else []
    answer = _compared(asked, values[-1]) if values and values[-1].sides else None
    if answer is None:
        found = archive_findings(source, asked, in_full.shown, request.rows)
        answer = _answer(source, request, found, started) if found else next(iter(values), None)
    if answer is None or answer.archive is None:
        return answer and replace(answer, question=request.text)
    said = replace(answer.archive, asked=in_full.text if in_full.text != request.text else "")
    return replace(answer, question=request.text, archive=said)


def _values(request: AnswerRequest, asked: ArchiveQuestion, searched: Searched) -> Iterator[Answer]:
    """Yield what is answered to the questions for a value that sources may differ on, to the first where they do."""
    language = request.language or language_of(request.text)
    asking = replace(request, filters=asked.filters or NO_FILTERS, language=language)
    for text in value_questions(asked.subject):
        answer = searched(replace(asking, text=text))
        yield answer
        if answer.sides:
            return


def _compared(asked: ArchiveQuestion, answer: Answer) -> Answer:
    """Return the sides that sources take on a value as the answer to whether they agree."""
    rows = tuple(ArchiveRow(side.text, side.citations) for side in answer.sides)
    articles = len({citation.article_id for citation in answer.citations})
    return replace(answer, archive=ArchiveAnswer("compare", asked.subject, articles, rows, len(rows)))


def _answer(source: PassageSource, request: AnswerRequest, found: ArchiveFindings, started: float) -> Answer:
    return Answer(
        question=request.text,
        language=request.language or language_of(request.text),
        found=found.said.articles > 0,
        mode="extractive",
        sentences=found.sentences,
        citations=found.citations,
        covered=None if found.said.articles else CoverageSummary(source.article_count, ()),
        missing=(),
        seconds=time.perf_counter() - started,
        filters=found.narrowing,
        archive=found.said,
    )
