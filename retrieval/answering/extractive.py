"""The extractive answerer: the sentences of the articles that answer best, as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.answering.retrieve import Retrieved
from retrieval.answering.weights import ANSWER_WEIGHTS
from retrieval.citing.citations import Evidence, GroundedSentence
from retrieval.search.passage_scoring import same_statement
from retrieval.search.sentence_ranking import RankedSentence
from retrieval.types import Hit


@dataclass(frozen=True, slots=True)
class ExtractedStatement:
    """A sentence chosen for the answer, and the same statement where other articles make it."""

    sentence: RankedSentence
    others: tuple[RankedSentence, ...] = ()


def extract_answer(retrieved: Retrieved, limit: int) -> list[GroundedSentence]:
    """Return at most `limit` sentences that answer, of the passages that count, best first."""
    counting = frozenset(retrieved.answerability.passages)
    ranked = [one for one in retrieved.ranking.sentences if one.place in counting]
    return [
        GroundedSentence(
            statement.sentence.sentence.text,
            tuple(_evidence(one, retrieved.hits) for one in (statement.sentence, *statement.others)),
        )
        for statement in best_statements(ranked, retrieved.hits, limit)
    ]


def _evidence(one: RankedSentence, hits: Sequence[Hit]) -> Evidence:
    return Evidence(
        hits[one.place].passage.article_id, one.sentence.start, one.sentence.end, min(one.sentence.after, 1.0)
    )


def best_statements(ranked: Iterable[RankedSentence], hits: Sequence[Hit], limit: int) -> list[ExtractedStatement]:
    """Return at most `limit` statements of sentences that come best first; a headline alone is never the first.

    Sentences that make the same statement are gathered under the first of them, one of each article.
    """
    chosen: list[ExtractedStatement] = []
    for one in ranked:
        twin = next((at for at, said in enumerate(chosen) if _is_same(said.sentence, one)), None)
        if twin is not None:
            said = chosen[twin]
            if _article(one, hits) not in {_article(other, hits) for other in (said.sentence, *said.others)}:
                chosen[twin] = ExtractedStatement(said.sentence, (*said.others, one))
        elif len(chosen) < limit and (
            not chosen or one.score >= chosen[0].sentence.score - ANSWER_WEIGHTS.worth_saying
        ):
            chosen.append(ExtractedStatement(one))
    whole = next((at for at, said in enumerate(chosen) if not said.sentence.is_fragment), 0)
    return [chosen[whole], *chosen[:whole], *chosen[whole + 1 :]] if chosen else []


def _is_same(first: RankedSentence, second: RankedSentence) -> bool:
    return same_statement(first.sentence.text, second.sentence.text)


def _article(one: RankedSentence, hits: Sequence[Hit]) -> str:
    return hits[one.place].passage.article_id
