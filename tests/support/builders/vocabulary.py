"""A vocabulary with the counts that a test gives it, for questions analysed without an index."""

from __future__ import annotations

from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.query import Query, analyse
from retrieval.search.sentence_features import ReadHits, read_hits
from retrieval.search.term_matcher import Matcher
from retrieval.types import Article, Hit, Passage, Span


class Counts:
    """A vocabulary of a hundred passages in which some terms are frequent and the others are not there."""

    passages = 100

    def __init__(self, **stems: int) -> None:
        self._counts = stems

    def document_frequency(self, field: str, term: str) -> int:
        """Return the count that was given."""
        return self._counts.get(term, 0) if field == "stem" else 0

    def fuzzy_keys(self, _: str) -> frozenset[str]:
        """Return nothing: no name is near."""
        return frozenset()


def analysed(text: str, **stems: int) -> Query:
    return analyse(text, Counts(**stems), load_lexicon())


def found_in(question: str, *texts: str, **stems: int) -> ReadHits:
    """Return texts as the passages that were found for a question, by words; a first line apart is the headline.

    `stems` are counts for the vocabulary.
    """
    articles = [
        Article(
            f"a{number}",
            f"{number}.txt",
            text,
            (Span(0, len(text)),),
            text.split("\n\n")[0] if "\n\n" in text else None,
        )
        for number, text in enumerate(texts)
    ]
    hits = [Hit(Passage(one.article_id, 0, len(one.text), one.text), 1.0, lexical_score=10.0) for one in articles]
    return read_hits(Matcher(analysed(question, **stems)), hits, {one.article_id: one for one in articles}, {})
