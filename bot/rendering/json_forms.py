"""Pure: what Sanad found, and what a refresh did, in their stable JSON forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from bot.rendering.answer_lines import plain_text, troubles
from retrieval.answer_sides import Side
from retrieval.archive_types import ArchiveAnswer
from retrieval.name_sheets import NameSheet
from retrieval.nlp.analysis import language_of
from retrieval.provenance import Provenance, TextChange
from retrieval.types import Answer, Article, Citation, Failure, Hit, Narrowing, RefreshReport, StoryMember

_PROVENANCE = tuple(field.name for field in fields(Provenance))


def answer_json(answer: Answer) -> dict[str, object]:
    """Return the stable JSON form of an answer."""
    covered = answer.covered
    return {
        "question": answer.question,
        "language": answer.language,
        "found": answer.found,
        "mode": answer.mode,
        "outcome": answer.outcome,
        "reply": answer.reply,
        "unsaid": answer.unsaid,
        "text": plain_text(answer),
        "answer": _expression_json(answer),
        "sentences": [
            {"text": said.text, "citations": list(said.citations), "readings": list(said.readings)}
            for said in answer.sentences
        ],
        "sides": [_side_json(side) for side in answer.sides],
        "citations": [citation_json(citation) for citation in answer.citations],
        "covered": None if covered is None else {"articles": covered.articles, "nearest": list(covered.nearest)},
        "notice": " ".join(troubles(answer)) or None,
        "server_words": answer.server_words,
        "lexical_only": answer.lexical_only,
        "vectors_pending": round(answer.vectors_pending, 4),
        "filters": narrowed_json(answer.filters),
        "seconds": round(answer.seconds, 4),
        "parts": [answer_json(part) for part in answer.parts],
        "unanswered": list(answer.unanswered),
        "archive": archive_json(answer.archive),
    }


def archive_json(said: ArchiveAnswer | None) -> dict[str, object] | None:
    """Return the stable JSON form of what the archive as a whole says."""
    if said is None:
        return None
    rows = [{"label": row.label, "citations": list(row.citations), "articles": row.articles} for row in said.rows]
    return {**asdict(said), "rows": rows, "near": list(said.near)}


def _expression_json(answer: Answer) -> dict[str, object] | None:
    """Return what in the first quote answers; offsets count in that quote."""
    return asdict(answer.expression) if answer.expression else None


def explained_json(answer: Answer) -> dict[str, object]:
    """Return the stable JSON form of an answer and of how it, and each of its parts, came about."""
    explained = answer_json(answer) | explanation_json(answer)
    return explained | {"parts": [explained_json(part) for part in answer.parts]}


def _side_json(side: Side) -> dict[str, object]:
    return asdict(side) | {"outlets": list(side.outlets), "citations": list(side.citations)}


def citation_json(citation: Citation) -> dict[str, object]:
    """Return the stable JSON form of a citation."""
    lists = {
        "also_in": list(citation.also_in),
        "outlets": list(citation.outlets),
        "matched": [list(span) for span in citation.matched],
    }
    own = {name: value for name, value in asdict(citation).items() if name not in _PROVENANCE}
    return {**own, **lists, **_came_from(citation), "link": citation.link_to(citation.quote)}


def _came_from(known: Provenance) -> dict[str, object]:
    return {name: getattr(known, name) for name in _PROVENANCE}


def sheet_json(sheet: NameSheet) -> dict[str, object]:
    """Return the stable JSON form of a name's sheet; `citation`, `first`, `last` and `said` name citations."""
    return asdict(sheet) | {"citations": [citation_json(citation) for citation in sheet.citations]}


def explanation_json(answer: Answer) -> dict[str, object]:
    """Return the stable JSON form of how an answer came about."""
    explanation = answer.explanation
    if explanation is None:
        return {"explanation": None}
    return {
        "explanation": {
            "asked": explanation.asked,
            "words": [asdict(word) for word in explanation.words],
            "model_words": list(explanation.model_words),
            "passages": [
                {
                    "article_id": hit.passage.article_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "score": hit.score,
                    "lexical_rank": hit.lexical_rank,
                    "vector_rank": hit.vector_rank,
                }
                for hit in explanation.hits
            ],
            "gate": {
                "covered": explanation.covered,
                "figure": round(explanation.score, 4),
                "threshold": explanation.threshold,
            },
            "checks": [asdict(checked) for checked in explanation.checks],
        }
    }


def search_json(
    query: str,
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    seconds: float,
    narrowing: Narrowing | None = None,
) -> dict[str, object]:
    """Return the stable JSON form of what a search found; `articles` maps ids to articles."""
    return {
        "query": query,
        "language": language_of(query),
        "filters": narrowed_json(narrowing),
        "passages": [
            {
                "article_id": hit.passage.article_id,
                "path": articles[hit.passage.article_id].path,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": hit.score,
                "also_in": list(hit.also_in),
                "outlets": list(hit.outlets),
            }
            for hit in hits
        ],
        "seconds": round(seconds, 4),
    }


def _stated(article: Article) -> dict[str, object]:
    """Return what an article is and says about itself, as every form of it has it."""
    return {
        "article_id": article.article_id,
        "path": article.path,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "dated": article.dated,
        **_came_from(article),
    }


def article_json(article: Article, copies: Sequence[StoryMember] = ()) -> dict[str, object]:
    """Return the stable JSON form of an article and its text; `copies` tell the same story."""
    return {
        **_stated(article),
        "story": copies[0].story if copies else None,
        "copies": [
            {"article_id": copy.article_id, "path": copy.path, "source": copy.source, "published": copy.published}
            for copy in copies
        ],
        "format": article.format,
        "encoding": article.encoding,
        "text": article.text,
    }


def report_json(report: RefreshReport) -> dict[str, object]:
    """Return the stable JSON form of what a refresh did."""
    return {
        "new": list(report.new),
        "changed": list(report.changed),
        "moved": [{"old": old, "new": new} for old, new in report.moved],
        "deleted": list(report.deleted),
        "unchanged": report.unchanged,
        "duplicates": list(report.duplicates),
        "failed": failures_json(report.failed),
        "unsettled": list(report.unsettled),
        "passages": report.passages,
        "vectors_pending": report.pending,
        "failure": report.failure,
        "rebuilt": report.rebuilt,
        "seconds": round(report.seconds, 3),
    }


def failures_json(failures: Sequence[Failure]) -> list[dict[str, object]]:
    """Return the stable JSON form of the files that were set aside."""
    return [{"path": failure.path, "reason": failure.reason} for failure in failures]


def listing_json(
    articles: Sequence[Article], passages: Mapping[str, int], members: Mapping[str, StoryMember]
) -> list[dict[str, object]]:
    """Return the stable JSON form of the list of articles; `passages` maps the ids of those listed to counts."""
    return [
        {
            "number": number,
            **_stated(article),
            "passages": passages[article.article_id],
            "story": members[article.article_id].story if article.article_id in members else None,
        }
        for number, article in enumerate(articles, start=1)
        if article.article_id in passages
    ]


def changes_json(changes: Sequence[TextChange]) -> list[dict[str, object]]:
    """Return the stable JSON form of what changed in texts that were fetched again."""
    return [
        {
            "path": change.path,
            "replaced": change.replaced,
            "before": _came_from(change.before),
            "after": _came_from(change.after),
            "lines": [{"change": kind, "text": line} for kind, line in change.lines],
        }
        for change in changes
    ]


def narrowed_json(narrowing: Narrowing | None) -> dict[str, object] | None:
    """Return the stable JSON form of the filters in force."""
    if narrowing is None:
        return None
    filters = narrowing.filters
    return {
        "since": filters.since,
        "until": filters.until,
        "source": filters.source,
        "articles": narrowing.articles,
        "undated": narrowing.undated,
    }
