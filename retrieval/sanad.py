"""The whole way from a question to a cited answer."""

from __future__ import annotations

import time
from collections.abc import Sequence

from retrieval import gate
from retrieval.answerers import MOST_PASSAGES, Statement, best_statements
from retrieval.citations import check, cite
from retrieval.index import Index
from retrieval.lexicon import Lexicon, load
from retrieval.matching import Matcher
from retrieval.reading import read
from retrieval.types import Answer, Citation, Covered, Hit, Sentence

MOST_NEAREST = 3  # articles named where no answer is found


class Sanad:
    """Answers questions from an index; every sentence of an answer is a checked quotation."""

    def __init__(self, index: Index, lexicon: Lexicon | None = None) -> None:
        """Take a finished index; the lexicon is the project's own unless another is given."""
        self._index = index
        self._lexicon = lexicon or load()

    def ask(self, question: str, limit: int = 3) -> Answer:
        """Return the answer to a question, in at most `limit` sentences, or what the articles cover instead."""
        started = time.perf_counter()
        analysed = self._index.analyse(question)
        hits = self._index.find(analysed, MOST_PASSAGES)
        matcher = Matcher(analysed)
        readings = [read(matcher, hit.passage) for hit in hits]
        verdict = gate.judge(matcher, hits, readings)
        sentences: tuple[Sentence, ...] = ()
        citations: tuple[Citation, ...] = ()
        if verdict.covered:
            kept = [hits[place] for place in verdict.passages]
            kept_readings = [readings[place] for place in verdict.passages]
            statements = best_statements(matcher, kept, kept_readings, self._lexicon, limit)
            sentences, citations = self._cite(statements)
        return Answer(
            question=question,
            language=analysed.language,
            found=verdict.covered,
            mode="extractive",
            sentences=sentences,
            citations=citations,
            covered=None if verdict.covered else self._covered(hits),
            missing=verdict.missing,
            seconds=time.perf_counter() - started,
        )

    def _cite(self, statements: Sequence[Statement]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """Return the sentences with their citations, numbered in reading order."""
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        for statement in statements:
            places = [(statement.hit, statement.sentence), *statement.others]
            articles = [hit.passage.article_id for hit, _ in places]
            numbers = []
            for hit, place in places:
                article = self._index.article_by_id(hit.passage.article_id)
                citation = cite(
                    article,
                    place.start,
                    place.end,
                    number=len(citations) + 1,
                    score=round(place.after, 4),
                    also_in=tuple(other for other in articles if other != article.article_id),
                )
                citations.append(check(citation, article))
                numbers.append(citation.number)
            sentences.append(Sentence(citations[numbers[0] - 1].quote, tuple(numbers)))
        return tuple(sentences), tuple(citations)

    def _covered(self, hits: Sequence[Hit]) -> Covered:
        """Return how many articles there are, and which come nearest to the question."""
        articles = self._index.articles()
        nearest = [self._index.article_by_id(hit.passage.article_id) for hit in hits] or articles
        labels = dict.fromkeys(article.label for article in nearest)
        return Covered(len(articles), tuple(labels)[:MOST_NEAREST])
